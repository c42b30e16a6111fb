#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <utility>
#include <vector>

#include "vajrapulse/runtime/errors.hpp"
#include "vajrapulse/runtime/reactor.hpp"

namespace vajrapulse::runtime::fakes {

/// A reactor whose time the test moves and whose connects end as the test says. For tests of what stands
/// directly on the Reactor interface; whole-system tests use the simulated World.
class ScriptedReactor final : public Reactor {
 public:
  ScriptedReactor() : Reactor(TimePoint{std::chrono::seconds(1)}), now_(event_time_) {}

  /// How a connect to an address ends, how long after its start.
  struct Outcome {
    IoResult result;
    Duration after{0};
    std::function<std::unique_ptr<Stream>()> stream;
    bool at_once = false;  ///< inside start_connect
  };
  void script(const Address& address, Outcome outcome) { outcomes_[address.text()] = std::move(outcome); }

  struct Started {
    Address address;
    Duration at;  ///< since the reactor began
  };
  std::vector<Started> started;
  std::vector<std::pair<std::string, ErrorKind>> aborted;

  /// Moves time on, firing what falls due in order, until `done` or nothing is left before `until`.
  bool run_until(const std::function<bool()>& done, Duration until = std::chrono::hours(1)) {
    const TimePoint end = timers_start() + until;
    while (!done()) {
      if (turn()) continue;
      const auto wake = timers_.next_wake();
      if (!wake || *wake > end) return false;
      now_ = event_time_ = std::max(now_, *wake) + Duration(1024);
      timers_.fire_due(now_);
    }
    return true;
  }
  /// What is due now; false when there was nothing.
  bool turn() {
    auto operations = std::exchange(deferred_, {});
    for (Operation* op : operations)
      op->complete();
    std::vector<std::move_only_function<void()>> messages;
    {
      const std::lock_guard lock(mutex_);
      messages.swap(messages_);
    }
    for (auto& message : messages)
      message();
    return !operations.empty() || !messages.empty();
  }
  [[nodiscard]] Duration elapsed() const { return now_ - timers_start(); }
  void advance(Duration by) { now_ += by; }

  [[nodiscard]] TimePoint now() const noexcept override { return now_; }
  [[nodiscard]] WallTime wall_now() const noexcept override { return WallTime{now_.time_since_epoch()}; }
  [[nodiscard]] std::string_view name() const noexcept override { return "scripted"; }

  bool start_connect(ConnectOp& op) override {
    started.push_back({op.address, elapsed()});
    const Outcome& outcome = outcomes_.at(op.address.text());
    auto pending = std::make_unique<Pending>(*this, op, outcome);
    if (outcome.at_once) {
      pending->settle();
      return true;
    }
    timers_.arm(*pending, now_ + outcome.after);
    pending_[&op] = std::move(pending);
    return false;
  }
  void abort_connect(ConnectOp& op, ErrorKind why) override {
    aborted.emplace_back(op.address.text(), why);
    pending_.erase(&op);
    op.result = {why};
    deferred_.push_back(&op);
  }
  Expected<std::unique_ptr<Listener>> listen(const Address&) override { return fail(kIo, "scripted"); }
  bool start_poll(PollOp&) override { std::abort(); }
  void cancel_poll(PollOp&) override { std::abort(); }
  [[nodiscard]] Resolver& resolver() override { std::abort(); }
  void defer(Operation& op) override { deferred_.push_back(&op); }
  void post(std::move_only_function<void()> message) override {
    const std::lock_guard lock(mutex_);
    messages_.push_back(std::move(message));
  }
  void run() override { std::abort(); }
  void stop() override { std::abort(); }

 private:
  struct Pending : Timer {
    Pending(ScriptedReactor& r, ConnectOp& o, const Outcome& how) : Timer(&end), reactor(r), op(o), outcome(how) {}
    void settle() {
      op.result = outcome.result;
      if (op.result.ok() && outcome.stream) op.stream = outcome.stream();
    }
    static void end(Timer& timer) {
      auto& self = static_cast<Pending&>(timer);
      self.settle();
      ConnectOp& op = self.op;
      self.reactor.pending_.erase(&op);
      op.complete();
    }
    ScriptedReactor& reactor;
    ConnectOp& op;
    Outcome outcome;
  };
  static TimePoint timers_start() { return TimePoint{std::chrono::seconds(1)}; }

  TimePoint now_;
  std::map<std::string, Outcome> outcomes_;
  std::map<ConnectOp*, std::unique_ptr<Pending>> pending_;
  std::vector<Operation*> deferred_;
  std::mutex mutex_;
  std::vector<std::move_only_function<void()>> messages_;
};

}  // namespace vajrapulse::runtime::fakes
