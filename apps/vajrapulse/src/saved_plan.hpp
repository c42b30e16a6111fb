#pragma once

#include <string>
#include <vector>

#include "vajrapulse/app/run_options.hpp"
#include "vajrapulse/http/client_settings.hpp"
#include "vajrapulse/http/request.hpp"

namespace vajrapulse::commands {

/// What `vajrapulse http` has understood of its command line.
struct SavedRun {
  std::string name;
  const http::ClientSettings& settings;
  const std::vector<http::Request>& requests;
  std::string fail_on;               ///< as written; empty: the default
  std::vector<std::string> resolve;  ///< as written
  std::string body_file;             ///< the body comes from there; empty: it is in the requests
  const app::RunOptions& options;
  const app::Load& load;
};

/// The same run as a plan that `vajrapulse run` reads: the same requests in the same turns, the same load. An Error for
/// what plans cannot say: a recording, an adaptive load, a body from standard input.
Expected<std::string> plan_of(const SavedRun& run);

}  // namespace vajrapulse::commands
