#include <utility>

#include "server_connection.hpp"
#include "vajrapulse/runtime/errors.hpp"

namespace vajrapulse::http::detail {

using runtime::Co;

namespace {

/// Ends a sleep early: the timer that would end it is brought forward.
struct Wake : runtime::OnCancel {
  Wake(runtime::Cancellation& cancellation, runtime::Reactor::SleepAwaiter& n) : OnCancel(cancellation, &now), nap(n) {}
  static void now(OnCancel& self, ErrorKind /*why*/) {
    runtime::Reactor::SleepAwaiter& nap = static_cast<Wake&>(self).nap;
    nap.reactor.timers().arm(nap, nap.reactor.now());
  }
  runtime::Reactor::SleepAwaiter& nap;
};

constexpr std::string_view kTooSlow =
    "HTTP/1.1 408 Request Timeout\r\ncontent-type: text/plain\r\ncontent-length: 26\r\nconnection: close\r\n\r\n"
    "the request came too late\n";

}  // namespace

// A deadline is a store, not an arming: the timer, once armed, looks when it fires whether it still means
// anything. In steady state it fires once per idle time-out, whatever the number of requests.
void ServerConnection::wait_at_most(Duration time) noexcept {
  deadline_ = core_.reactor.event_time() + time;
  if (!timer_.armed() || deadline_ < timer_.due()) core_.reactor.timers().arm(timer_, deadline_);
}

void ServerConnection::on_timer() {
  if (deadline_ == TimePoint::max()) return;
  if (deadline_ > timer_.due()) {
    core_.reactor.timers().arm(timer_, deadline_);
    return;
  }
  wait_forever();
  if (phase_ == Phase::lingering) return stream_->abort(kTimeout);
  ++core_.counts.timeouts;
  const bool unanswered = phase_ == Phase::head || (phase_ == Phase::body && answer_ == Answer::none);
  if (unanswered && !farewell_pending_) return send_farewell();
  if (phase_ == Phase::idle) stream_->shutdown_send();
  stream_->abort(kTimeout);
}

Co<void> ServerConnection::sleep_until(TimePoint due) {
  if (dropped_.requested()) co_return;
  runtime::Reactor::SleepAwaiter nap(core_.reactor, due);
  Wake wake(dropped_, nap);
  co_await nap;
}

void ServerConnection::send_farewell() {
  farewell_pending_ = true;
  wait_at_most(core_.settings.send_timeout);
  farewell_.data = {std::as_bytes(std::span(kTooSlow)), runtime::Bytes{}};
  if (stream_->start_send(farewell_)) on_farewell_sent();
}

void ServerConnection::on_farewell_sent() {
  farewell_pending_ = false;
  stream_->shutdown_send();
  stream_->abort(kTimeout);
  if (waits_for_farewell_) core_.reactor.defer(*std::exchange(waits_for_farewell_, nullptr));
}

}  // namespace vajrapulse::http::detail
