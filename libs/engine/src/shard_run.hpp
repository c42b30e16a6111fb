#pragma once

#include <coroutine>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "course.hpp"
#include "ledger.hpp"
#include "load.hpp"
#include "open_load.hpp"
#include "part.hpp"
#include "vajrapulse/api/task.hpp"
#include "vajrapulse/engine/run.hpp"
#include "vajrapulse/engine/scenario.hpp"
#include "vajrapulse/metrics/recorder.hpp"
#include "vajrapulse/runtime/cancellation.hpp"
#include "vajrapulse/runtime/frame_pool.hpp"
#include "vajrapulse/runtime/reactor.hpp"

namespace vajrapulse::engine {

class ClosedLoad;

/// When what happens, in the run's own clock; the same on all shards.
struct Schedule {
  TimePoint warmup_begin;
  TimePoint origin;  ///< measuring begins: t = 0
  TimePoint end;     ///< measuring ends; the highest there is when iterations end it
  Duration cooldown{};
  bool drain_waits = false;  ///< the drain's time-out begins when `ShardRun::drain_from` says so

  /// No load is sent from here on.
  [[nodiscard]] TimePoint load_end() const noexcept { return end == TimePoint::max() ? end : end + cooldown; }
};

/// What a shard hands over, about one instant of its own.
struct ShardReport {
  PerPart<LoadCounts> load;
  PerPart<std::unique_ptr<metrics::Interval>> intervals;
  Opening opening;
  bool overflowed = false;  ///< more names came than are kept apart
};

/// One shard's part of a run. Everything but the constructor and destructor runs on the shard's thread.
class ShardRun final : private Launcher, private runtime::TurnObserver {
 public:
  /// `on_finished` is called once, when nothing more can start and nothing is in flight.
  ShardRun(std::shared_ptr<const Scenario> scenario, std::uint64_t seed, runtime::Reactor& reactor, ShardShare share,
           std::move_only_function<void()> on_finished);
  ~ShardRun();

  /// Makes the task and initialises it.
  runtime::Co<Status> prepare(HostProbe* host);
  /// Asks a task's init to give up.
  void cancel_prepare() { cancellation_.request(); }
  void begin(const Schedule& schedule);
  /// The measured phase takes another course.
  void steer(const Course& course);
  ShardReport collect();
  [[nodiscard]] Opening opening() const;
  /// No further arrivals; what is in flight or waits may end.
  void stop();
  /// The drain's time-out counts from `moment`, or from the end of the load where that is later. The last word counts.
  void drain_from(TimePoint moment);
  /// Nothing waits any longer; what is in flight is cancelled.
  void cut(Duration force_timeout);
  runtime::Co<void> teardown();

  /// Gives back the memory of intervals.
  void reuse(PerPart<std::unique_ptr<metrics::Interval>> intervals) { reuse_ = std::move(intervals); }
  /// Iterations that did not heed their cancellation still refer to this: it must not be destroyed.
  [[nodiscard]] bool abandoned() const noexcept { return abandoned_; }

 private:
  class Flight;
  struct Flying;
  struct Alarm : runtime::Timer {
    using Ring = void (ShardRun::*)();
    Alarm(ShardRun& of, Ring what) : Timer(&wake), owner(of), ring(what) {}
    static void wake(Timer& timer) { (static_cast<Alarm&>(timer).owner.*static_cast<Alarm&>(timer).ring)(); }
    ShardRun& owner;
    Ring ring;
  };

  /// A slot that pauses for a turn.
  struct Rested {
    Start landed;
    TimePoint free;
  };

  void launch(const Start& start) override;
  runtime::Reactor& reactor() noexcept override { return reactor_; }
  void on_turn(Duration busy) noexcept override;

  static Flying fly(ShardRun& shard, Start start);
  std::optional<Start> landed(Flight& flight, const Result& result);
  [[nodiscard]] bool was_unseen(TimePoint seen) const noexcept;
  Duration lateness(TimePoint began, TimePoint seen) noexcept;
  void rest(const Rested& slot);
  void resume_rested();
  void change_phase();
  void arm_phase();
  void enter(Part part);
  void plan_open(OpenLoad& load, Part part);
  void plan_closed(ClosedLoad& load, Part part);
  void enter_drain(Load::Ending ending);
  void abandon();
  void check_finished();
  void note_rates();

  std::shared_ptr<const Scenario> shared_scenario_;  // outlives the run when iterations never end
  const Scenario& scenario_;
  std::uint64_t seed_;
  runtime::Reactor& reactor_;
  ShardShare share_;
  std::move_only_function<void()> on_finished_;

  metrics::Registry registry_;
  ExecutionIds ids_;
  PerPart<Ledger> ledgers_;
  metrics::Recorder scratch_;  ///< what init and teardown record: kept out of the results
  PerPart<std::unique_ptr<metrics::Interval>> reuse_;
  Random random_;
  Random picks_;
  runtime::Cancellation cancellation_;
  std::shared_ptr<const LoadPattern> pattern_;  ///< of the part that is sent; open models
  std::unique_ptr<Load> load_;
  std::unique_ptr<Task> task_;

  Phase phase_ = Phase::prepare;
  Schedule schedule_;
  std::optional<Course> course_;  ///< once there was a control
  TimePoint phase_end_;
  TimePoint drain_begin_, drain_told_;
  Alarm phase_alarm_{*this, &ShardRun::change_phase};
  std::uint64_t in_flight_ = 0;
  Flight* flights_ = nullptr;
  bool finished_ = false;
  bool abandoned_ = false;

  /// The last stretch in which the shard did not look though it had to.
  struct Blind {
    TimePoint from;
    TimePoint seen_until;     ///< until then it sees what ended meanwhile
    TimePoint first_began;    ///< the first iteration that was seen to have ended
    Duration apart{};         ///< how far iterations lie apart
    std::uint64_t ended = 0;  ///< iterations seen to have ended
  };
  Blind blind_;
  // How many iterations in a row began straight from the end of another, within one event.
  int streak_ = 0;
  TimePoint streak_event_;
  std::vector<Rested> rested_, resuming_;
  Alarm rest_alarm_{*this, &ShardRun::resume_rested};

  PerPart<std::uint64_t> noted_started_;
  TimePoint noted_at_;
};

}  // namespace vajrapulse::engine
