#include "server_core.hpp"

#include <chrono>
#include <cstdio>

#include "server_connection.hpp"
#include "vajrapulse/runtime/errors.hpp"

namespace vajrapulse::http::detail {

// IMF-fixdate, RFC 9110 section 5.6.7. Written by hand: strftime would follow the locale.
std::string_view DateLine::text(const runtime::Reactor& reactor) {
  using namespace std::chrono;
  if (size_ != 0 && reactor.event_time() < next_change_) return {text_.data(), size_};
  constexpr std::array kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const WallTime now = reactor.wall_now();
  const auto second = floor<seconds>(now);
  const auto day = floor<days>(second);
  const year_month_day date{day};
  const hh_mm_ss time{second - day};
  const int written = std::snprintf(text_.data(), text_.size(), "date: %s, %02u %s %04d %02d:%02d:%02d GMT\r\n",
                                    kDays[weekday{day}.c_encoding()], static_cast<unsigned>(date.day()),
                                    kMonths[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()),
                                    static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                                    static_cast<int>(time.seconds().count()));
  size_ = static_cast<std::size_t>(written);
  next_change_ = reactor.now() + (seconds(1) - (now - second));
  return {text_.data(), size_};
}

void ServerCore::enter(ServerConnection& connection) noexcept {
  ++counts.connections_open;
  connection.next = first;
  if (first) first->previous = &connection;
  first = &connection;
}

void ServerCore::leave(ServerConnection& connection) noexcept {
  --counts.connections_open;
  (connection.previous ? connection.previous->next : first) = connection.next;
  if (connection.next) connection.next->previous = connection.previous;
  tell_ended();
}

void ServerCore::accept_ended() noexcept {
  accepting = false;
  tell_ended();
}

void ServerCore::begin_stop() {
  if (stopping) return;
  stopping = true;
  if (listener) listener->abort(kCancelled);
  for (ServerConnection* each = first; each; each = each->next) {
    if (each->idle()) each->close_idle();
  }
}

void ServerCore::abort_all() {
  for (ServerConnection* each = first; each; each = each->next)
    each->abort(kCancelled);
}

void ServerCore::tell_ended() noexcept {
  if (ended() && waits_for_end) reactor.defer(*std::exchange(waits_for_end, nullptr));
}

}  // namespace vajrapulse::http::detail
