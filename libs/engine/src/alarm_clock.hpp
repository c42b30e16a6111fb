#pragma once

#include <coroutine>
#include <utility>

#include "vajrapulse/runtime/reactor.hpp"

namespace vajrapulse::engine {

/// A sleep of one coroutine that others may cut short.
class AlarmClock : private runtime::Timer {
 public:
  explicit AlarmClock(runtime::Reactor& reactor) : Timer(&ring), reactor_(reactor) {}

  /// The sleeper wakes soon; when nobody sleeps, the next sleep ends at once.
  void nudge() {
    nudged_ = true;
    if (waiter_) reactor_.timers().arm(*this, reactor_.now());
  }

  struct Sleep {
    AlarmClock& clock;
    TimePoint due;
    static constexpr bool await_ready() noexcept { return false; }
    void await_suspend(std::coroutine_handle<> waiter) const {
      clock.waiter_ = waiter;
      clock.reactor_.timers().arm(clock, clock.nudged_ ? clock.reactor_.now() : due);
    }
    void await_resume() const noexcept { clock.nudged_ = false; }
  };
  Sleep until(TimePoint due) { return {*this, due}; }

 private:
  static void ring(Timer& timer) { std::exchange(static_cast<AlarmClock&>(timer).waiter_, {}).resume(); }

  runtime::Reactor& reactor_;
  std::coroutine_handle<> waiter_;
  bool nudged_ = false;
};

}  // namespace vajrapulse::engine
