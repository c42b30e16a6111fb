#pragma once

#include <array>
#include <memory>
#include <string_view>

#include "vajrapulse/http/server.hpp"

namespace vajrapulse::http::detail {

/// The Date header, written once a second instead of once an answer.
class DateLine {
 public:
  /// "date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
  std::string_view text(const runtime::Reactor& reactor);

 private:
  std::array<char, 40> text_{};
  std::size_t size_ = 0;
  TimePoint next_change_;
};

/// What the server's parts share; the last connection to end lets go of it.
struct ServerCore : std::enable_shared_from_this<ServerCore> {
  ServerCore(runtime::Reactor& r, ServerSettings s, Server::Handler h)
      : reactor(r), settings(std::move(s)), handler(std::move(h)) {}

  [[nodiscard]] bool ended() const noexcept { return !accepting && first == nullptr; }
  void enter(ServerConnection& connection) noexcept;
  void leave(ServerConnection& connection) noexcept;
  void accept_ended() noexcept;
  /// Takes no more connections and closes the idle ones.
  void begin_stop();
  void abort_all();
  /// Lets whoever waits in `stop` go on, once nothing is left.
  void tell_ended() noexcept;

  runtime::Reactor& reactor;
  const ServerSettings settings;
  Server::Handler handler;
  std::unique_ptr<runtime::Listener> listener;
  runtime::Address address;
  ServerCounts counts;
  DateLine date;
  ServerConnection* first = nullptr;
  bool accepting = false;
  bool stopping = false;
  runtime::Operation* waits_for_end = nullptr;
};

}  // namespace vajrapulse::http::detail
