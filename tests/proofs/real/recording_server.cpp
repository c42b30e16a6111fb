#include "recording_server.hpp"

#include <charconv>

namespace vajrapulse::proofs {
namespace {

constexpr std::size_t kMostArrivals = 100'000;

std::uint32_t number_in(std::string_view path) {
  std::uint32_t number = 0;
  std::from_chars(path.data() + 1, path.data() + path.size(), number);
  return number;
}

}  // namespace

RecordingServer::RecordingServer(runtime::IoKind io, Duration after) : thread_(io) {
  arrivals_.reserve(kMostArrivals);
  const auto answer = [this, after](http::ServerRequest& request, http::ServerResponse& response) -> runtime::Co<void> {
    const TimePoint at = request.received();
    if (arrivals_.size() < kMostArrivals) {
      const Arrival arrival{.at = at, .port = request.peer().port(), .user = number_in(request.path())};
      arrivals_.push_back(arrival);
    }
    if (after > Duration::zero()) co_await request.sleep_until(at + after);
    response.send("text/plain", "noted\n");
  };
  thread_.call([&](runtime::Reactor& reactor) {
    server_ = std::make_unique<http::Server>(reactor, http::ServerSettings{}, answer);
    if (!server_->listen(*runtime::Address::ip("127.0.0.1", 0))) integration::give_up("listening");
    origin_ = "http://" + server_->address().text();
  });
}

RecordingServer::~RecordingServer() {
  thread_.await([this](runtime::Reactor&) { return server_->stop(std::chrono::milliseconds(200)); });
  thread_.call([this](runtime::Reactor&) { server_.reset(); });
}

std::vector<Arrival> RecordingServer::arrivals() {
  return thread_.call([this](runtime::Reactor&) { return arrivals_; });
}

}  // namespace vajrapulse::proofs
