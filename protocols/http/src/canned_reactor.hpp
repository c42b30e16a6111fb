#pragma once

#include <algorithm>
#include <cassert>
#include <functional>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "vajrapulse/runtime/reactor.hpp"

namespace vajrapulse::http {

/// A reactor whose every connection answers every request at once with the same bytes: what is left to measure, or
/// to count allocations of, is the client alone. For tests and benchmarks.
class CannedReactor final : public runtime::Reactor {
 public:
  explicit CannedReactor(std::string_view answer) : Reactor(TimePoint(std::chrono::seconds(1))), answer_(answer) {}

  /// One event: completes the receive that has waited longest, if any.
  bool turn() {
    event_time_ += std::chrono::microseconds(10);
    timers_.fire_due(event_time_);
    if (waiting_.empty()) return false;
    runtime::ReceiveOp* const op = waiting_.front();
    waiting_.erase(waiting_.begin());
    op->result = {};
    op->data = std::as_bytes(std::span(answer_));
    op->complete();
    return true;
  }

  /// One turn of a whole run: messages, then an event, or straight on to the next timer. False: nothing is left.
  bool step() {
    if (!messages_.empty()) {
      delivering_.swap(messages_);
      for (auto& message : delivering_)
        message();
      delivering_.clear();
      return true;
    }
    if (turn()) return true;
    const auto wake = timers_.next_wake();
    if (wake) event_time_ = std::max(event_time_, *wake - std::chrono::microseconds(10));
    return wake.has_value() || !messages_.empty();
  }

  std::optional<TimePoint> busy_since;
  [[nodiscard]] std::optional<TimePoint> saturated_since() const noexcept override { return busy_since; }

  [[nodiscard]] std::string_view name() const noexcept override { return "canned"; }
  [[nodiscard]] TimePoint now() const noexcept override { return event_time_; }
  [[nodiscard]] WallTime wall_now() const noexcept override { return {}; }
  bool start_connect(runtime::ConnectOp& op) override {
    op.result = {};
    op.stream = std::make_unique<CannedStream>(*this, op.address);
    return true;
  }
  void abort_connect(runtime::ConnectOp&, ErrorKind) override {}
  Expected<std::unique_ptr<runtime::Listener>> listen(const runtime::Address&) override {
    return fail(kUsage, "nothing listens here");
  }
  bool start_poll(runtime::PollOp&) override { return true; }
  void cancel_poll(runtime::PollOp&) override {}
  [[nodiscard]] runtime::Resolver& resolver() override { std::abort(); }
  void defer(runtime::Operation& op) override { op.complete(); }
  void post(std::move_only_function<void()> message) override { messages_.push_back(std::move(message)); }
  void run() override {}
  void stop() override {}

 private:
  class CannedStream final : public runtime::Stream {
   public:
    CannedStream(CannedReactor& reactor, const runtime::Address& peer) : reactor_(reactor), peer_(peer) {}
    bool start_receive(runtime::ReceiveOp& op) override {
      reactor_.waiting_.push_back(&op);
      return false;
    }
    bool start_send(runtime::SendOp& op) override {
      op.result = {};
      return true;
    }
    void shutdown_send() override {}
    void abort(ErrorKind) override {}
    [[nodiscard]] bool idle_ok() const override { return true; }
    [[nodiscard]] const runtime::Address& peer() const override { return peer_; }

   private:
    CannedReactor& reactor_;
    runtime::Address peer_;
  };

  std::string_view answer_;
  std::vector<runtime::ReceiveOp*> waiting_;
  std::vector<std::move_only_function<void()>> messages_, delivering_;
};

}  // namespace vajrapulse::http
