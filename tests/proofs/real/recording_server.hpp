#pragma once

#include <memory>
#include <string>
#include <vector>

#include "../../integration/harness.hpp"

namespace vajrapulse::proofs {

/// A request as the server saw it come.
struct Arrival {
  TimePoint at;
  std::uint16_t port = 0;  ///< of the client's end: its connection
  std::uint32_t user = 0;  ///< the number in its path
};

/// A server on a thread of its own that notes when each request came, and answers it `after` so long.
class RecordingServer {
 public:
  explicit RecordingServer(runtime::IoKind io, Duration after = {});
  ~RecordingServer();
  RecordingServer(const RecordingServer&) = delete;
  RecordingServer& operator=(const RecordingServer&) = delete;

  [[nodiscard]] const std::string& origin() const noexcept { return origin_; }
  [[nodiscard]] std::vector<Arrival> arrivals();

 private:
  integration::ReactorThread thread_;
  std::unique_ptr<http::Server> server_;
  std::string origin_;
  std::vector<Arrival> arrivals_;
};

}  // namespace vajrapulse::proofs
