#pragma once

#include <algorithm>
#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "saturation.hpp"
#include "vajrapulse/runtime/reactor.hpp"

namespace vajrapulse::runtime {

/// The part of a real reactor that does not care how the kernel is asked: clock, messages, deferred
/// completions, timers, and the order of a turn.
class Loop : public Reactor {
 public:
  ~Loop() override;

  [[nodiscard]] TimePoint now() const noexcept override;
  [[nodiscard]] WallTime wall_now() const noexcept override;
  [[nodiscard]] Resolver& resolver() override;
  void defer(Operation& op) override { deferred_.push_back(&op); }
  void post(std::move_only_function<void()> message) override;
  void run() override;
  void stop() override;
  [[nodiscard]] std::optional<TimePoint> saturated_since() const noexcept override { return saturation_.since(); }

 protected:
  /// After this many events the timers get their turn, so that a flood of events does not delay starts.
  static constexpr unsigned kEventsBetweenTimers = 64;

  /// A timer this near is waited for without sleeping: falling asleep and waking up takes longer, and costs as much
  /// (a bare clock_nanosleep takes 18 to 27 us of CPU on a virtual machine).
  static constexpr Duration kShortestSleep = std::chrono::microseconds(20);

  Loop();

  /// Once per `run`, on its thread, before the first turn.
  virtual void enter() {}
  /// Sleeps until an event, or `until` (nothing: for ever; a time past: not at all), and handles the events
  /// there are, up to a bound. Calls `begin_turn` when the kernel has returned.
  virtual void wait_and_handle(std::optional<TimePoint> until) = 0;
  /// Handles what streams have queued for later in the turn.
  virtual void handle_ready() = 0;
  [[nodiscard]] virtual bool has_ready() const noexcept = 0;

  void begin_turn() noexcept { turn_start_ = event_time_ = now(); }
  void stamp_event() noexcept { event_time_ = now(); }
  void note_work() noexcept { worked_ = true; }
  /// This turn's completions may have waited so long before the kernel returned: it counts as part of the turn.
  void note_gathering(Duration at_most) noexcept { gathered_ = std::min(at_most, turn_start_ - turn_end_); }
  /// When the last turn that was observed ended: a recent time while the shard is busy.
  [[nodiscard]] TimePoint turn_end() const noexcept { return turn_end_; }
  void fire_timers() {
    if (timers_.fire_due(event_time_) != 0) worked_ = true;
  }
  /// The kernel object that `post` and `stop` signal. Watched edge-triggered, so nobody needs to read it.
  [[nodiscard]] int wake_descriptor() const noexcept { return wake_descriptor_; }
  /// Destroys what leans on the derived reactor; its destructor calls this first.
  void let_go();

 private:
  void turn();
  [[nodiscard]] std::optional<TimePoint> sleep_until() const noexcept;
  void complete_deferred();
  void deliver_messages();
  void wake() const noexcept;

  TimePoint turn_start_;
  TimePoint turn_end_;
  Saturation saturation_;
  Duration gathered_{};
  bool worked_ = false;
  std::vector<Operation*> deferred_;
  std::vector<Operation*> completing_;
  std::unique_ptr<Resolver> resolver_;
  int wake_descriptor_;
  std::atomic<bool> has_messages_ = false;
  std::atomic<bool> stopping_ = false;
  std::mutex messages_mutex_;
  std::vector<std::move_only_function<void()>> messages_;
};

}  // namespace vajrapulse::runtime
