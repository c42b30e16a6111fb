#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "alarm_clock.hpp"
#include "run_record.hpp"
#include "shard_group.hpp"
#include "steering.hpp"
#include "vajrapulse/engine/run.hpp"
#include "vajrapulse/runtime/co.hpp"

namespace vajrapulse::engine {

class ScenarioRun;

/// Hears what a scenario does; on the control thread.
class ScenarioListener {
 public:
  virtual ~ScenarioListener() = default;
  virtual void on_progress(ScenarioRun& of, Progress progress) = 0;
  /// `begin` on the run's clock.
  virtual void on_interval(ScenarioRun& of, TimePoint begin, Phase phase, const metrics::Snapshot& interval) = 0;
  virtual void on_message(ScenarioRun& of, const std::string& line) = 0;
  /// Its end has moved, or its last iteration has ended.
  virtual void on_change(ScenarioRun& of) = 0;
};

/// One scenario of a run, from prepare to teardown, over the run's shards. On the control thread.
class ScenarioRun {
 public:
  /// When load begins; what is in flight when it ends has the drain time-out from then, or from `drain_from`.
  enum class Drain {
    at_its_end,
    when_told,  ///< `drain_from` says when the time-out begins
  };

  ScenarioRun(const RunSettings& settings, std::uint64_t seed, Scenario scenario, runtime::Reactor& control,
              std::vector<runtime::Reactor*> reactors, ScenarioListener& listener);

  /// An Error says why it makes no sense at all.
  [[nodiscard]] Status check() const;
  runtime::Co<Status> prepare();
  /// Sends the load, from `begin` (which is in the future) or as soon as all shards can know of it, and returns when
  /// its last iteration has ended.
  runtime::Co<void> play(std::optional<TimePoint> begin, Drain drain);
  runtime::Co<void> teardown();
  /// After `teardown`; once.
  [[nodiscard]] RunSummary summarize();

  Expected<TimePoint> control(const Control& wanted);
  /// No new arrivals, drain; while it prepares, init is asked to give up.
  void stop_arrivals();
  /// What is in flight is cancelled now.
  void cut();
  void drain_from(TimePoint moment) { shards_->drain_from(moment); }

  [[nodiscard]] const Scenario& scenario() const noexcept { return *shared_scenario_; }
  [[nodiscard]] const Schedule& schedule() const noexcept { return schedule_; }
  [[nodiscard]] const ControlState& control_state() const noexcept { return steering_.state(); }
  [[nodiscard]] std::uint64_t users() const { return steering_.users_at(control_.now()); }
  [[nodiscard]] Progress progress(Phase phase) const { return record_.progress(phase); }
  [[nodiscard]] Phase phase_at(TimePoint time) const;
  [[nodiscard]] bool begun() const noexcept { return begun_; }
  /// Every iteration has ended, and all intervals are in.
  [[nodiscard]] bool over() const noexcept { return over_; }
  [[nodiscard]] TimePoint finished_at() const noexcept { return finished_at_; }
  [[nodiscard]] std::optional<TimePoint> stopped_at() const noexcept { return stopped_at_; }
  /// It ended because the target cannot be reached.
  [[nodiscard]] bool gave_up() const noexcept { return !cannot_reach_.empty(); }
  [[nodiscard]] std::size_t shards() const noexcept { return shards_->size(); }
  /// What was measured so far.
  [[nodiscard]] const RunRecord& record() const noexcept { return record_; }

 private:
  enum class Figures { fresh, repeated };
  runtime::Co<void> look_at_opening();
  runtime::Co<void> take_interval();
  void begin(std::optional<TimePoint> at, Drain drain);
  void on_all_finished();
  void show(Phase phase, Figures figures = Figures::fresh);
  /// An interval ends where measuring begins, however late it is taken.
  [[nodiscard]] bool crosses_origin() const {
    return taken_until_ < schedule_.origin && control_.now() > schedule_.origin;
  }
  [[nodiscard]] TimePoint interval_due() const;

  RunSettings settings_;
  std::shared_ptr<const Scenario> shared_scenario_;
  runtime::Reactor& control_;
  ScenarioListener& listener_;
  AlarmClock alarm_;
  Steering steering_;
  RunRecord record_;
  std::optional<ShardGroup> shards_;
  Schedule schedule_;
  TimePoint taken_until_;               ///< intervals up to here are in the record
  std::optional<TimePoint> next_look_;  ///< when the opening is looked at again
  std::optional<TimePoint> stopped_at_;
  TimePoint finished_at_;
  bool steered_ = false;         ///< a control has been given, and not been shown
  bool interval_asked_ = false;  ///< the interval ends here, before its second is over
  bool begun_ = false;
  bool over_ = false;
  bool cut_ = false;
  std::string cannot_reach_;  ///< the kind of failure, when it was ended for it
};

}  // namespace vajrapulse::engine
