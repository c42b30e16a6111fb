#pragma once

#include <string>
#include <vector>

#include "vajrapulse/app/run_options.hpp"
#include "vajrapulse/http/request.hpp"

namespace vajrapulse::commands {

/// Where a recorded request goes: its path and query behind the path of `base`, a URL that can be parsed; `base` itself
/// when no path was recorded.
std::string replayed_url(const std::string& base, const recording::Request& recorded);

/// Which of the command line's words the recording leaves no room for.
struct SaidBesides {
  bool method = false;  ///< -X
  bool body = false;    ///< -d
  bool body_is_stdin = false;
};

/// What can be said before the recording is read.
Status check_replay_input(const app::ReplayOptions& replay, SaidBesides said);

/// Makes of the command line's requests those that the recording asks for, in the order of `recorded.requests`; leaves
/// them as they are when it tells only times. They have the headers of the one given, and no body: where a method wants
/// one (POST, PUT, PATCH), content-length 0 is sent.
Expected<std::vector<http::Request>> replayed_requests(std::vector<http::Request> given,
                                                       const app::RecordedRequests& recorded, SaidBesides said);

}  // namespace vajrapulse::commands
