#include "replayed.hpp"

#include <algorithm>
#include <utility>

namespace vajrapulse::commands {

std::string replayed_url(const std::string& base, const recording::Request& recorded) {
  if (recorded.target.empty()) return base;
  std::string url = base.substr(0, base.find('#'));
  const std::size_t path = url.find('/', url.find("://") + 3);
  if (path != url.npos && url.ends_with('/')) url.pop_back();
  return url + recorded.target;
}

Status check_replay_input(const app::ReplayOptions& replay, SaidBesides said) {
  if (replay.file != "-" || !said.body_is_stdin) return {};
  return fail(kUsage, "--replay - and -d @- both read standard input", "give one of them a file");
}

Expected<std::vector<http::Request>> replayed_requests(std::vector<http::Request> given,
                                                       const app::RecordedRequests& recorded, SaidBesides said) {
  if (recorded.requests.empty()) return given;
  const recording::Request& first = recorded.requests.front();
  if (given.size() > 1)
    return fail(kUsage, "the recording tells what to request, and several URLs are given",
                "give one, behind which the recorded paths go");
  if (!first.method.empty() && (said.method || said.body))
    return fail(kUsage, std::string(said.method ? "-X" : "-d") + " and the recorded methods exclude each other",
                "leave it out; what is replayed has no body");
  const std::string base = given.front().url;
  if (!first.target.empty() && base.find('?') != base.npos)
    return fail(kUsage, "the URL has a query, and the recorded paths go behind it", "leave the query out");
  std::vector<http::Request> requests;
  requests.reserve(recorded.requests.size());
  for (const recording::Request& each : recorded.requests) {
    http::Request request = given.front();
    if (!each.method.empty()) request.method = each.method;
    request.url = replayed_url(base, each);
    requests.push_back(std::move(request));
  }
  return requests;
}

}  // namespace vajrapulse::commands
