#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vajrapulse/engine/control.hpp"
#include "vajrapulse/engine/scenario.hpp"
#include "vajrapulse/engine/summary.hpp"
#include "vajrapulse/runtime/co.hpp"
#include "vajrapulse/runtime/reactor.hpp"

namespace vajrapulse::engine {

/// What the host says about itself; real (from /proc) or made up by a test.
class HostProbe {
 public:
  struct Reading {
    double process_cpu_s = 0;
    std::vector<double> shard_cpu_s;  ///< by shard
    double run_queue_wait_s = 0;      ///< sum over the shards' threads
    double steal_s = 0;
    std::uint64_t max_rss_bytes = 0;
  };
  virtual ~HostProbe() = default;
  /// On a shard's thread, once, before the run: so that the probe knows whose schedstat to read.
  virtual void register_shard(std::size_t shard) = 0;
  /// On the control thread.
  virtual Reading read() = 0;
};

struct RunSettings {
  std::string name;
  std::string version;
  std::uint64_t seed = 0;
  bool strict = false;  ///< DEGRADED exits 98 as INVALID does
  /// Ends a run early, within its first seconds, in which every iteration so far failed because the target
  /// cannot be reached: refused, unreachable, not found by name, or no TLS.
  bool fail_fast = true;
  Duration interval = std::chrono::seconds(1);  ///< of progress, and of what observers get
  VerdictThresholds thresholds;
  std::vector<RunObserver*> observers;
  HostProbe* host = nullptr;
  std::vector<std::string> warnings;
  std::size_t most_points = 2'000;  ///< of the series
  /// Whether the gauges of what the process uses are published. Of several scenarios none does: each would count all.
  bool publish_host = true;
};

/// How a scenario has gone so far, for a condition on it. Valid during the call that gets it.
struct ScenarioResult {
  std::string_view name;
  bool skipped = false;
  const LoadCounts& load;
  const metrics::Snapshot& metrics;
  double measured_s = 0;
  bool open_model = true;
  VerdictStatus verdict = VerdictStatus::valid;
};

/// A scenario of a run, and when its turn comes.
struct PlannedScenario {
  /// Of those it follows, what it waits for.
  enum class After { scheduled_end, last_iteration };

  Scenario scenario;
  bool measured = true;              ///< false: sent and shown, but in no total and no verdict of the run
  std::vector<std::size_t> follows;  ///< numbers of other scenarios; none: it begins with the run
  After after = After::scheduled_end;
  Duration delay{};       ///< after that
  bool ends_run = false;  ///< when it has had all its iterations, nothing else begins any more
  /// Asked when its turn has come: nothing when it begins; else why it is skipped. All that it follows have then ended
  /// if it waits for their last iteration.
  std::function<std::optional<std::string>(const std::vector<ScenarioResult>& all)> skip_when;
};

/// One run from prepare to teardown, over shards that are reactors: threads for real, one thread when simulated.
///
/// All scenarios are prepared before the first one begins. One that follows another begins exactly at that one's
/// scheduled end, while the last iterations of that are still in flight; they have until the drain time-out after the
/// end of the whole run, unless somebody waits for them.
///
/// Create and await on the control reactor's thread. Nothing here knows threads: shard work is posted to the
/// shards' reactors and answers are posted back.
class Run {
 public:
  Run(RunSettings settings, Scenario scenario, runtime::Reactor& control, std::vector<runtime::Reactor*> shards);
  Run(RunSettings settings, std::vector<PlannedScenario> scenarios, runtime::Reactor& control,
      std::vector<runtime::Reactor*> shards);
  ~Run();

  /// Runs it all; an Error is something that kept the run from starting (a task's init failed).
  runtime::Co<Expected<RunSummary>> execute();

  /// Control thread, while the load runs. When the change takes effect, on the run's clock; an Error says what makes
  /// no sense (a rate for users, a resumption of what is not paused, a scenario that is not there, a value out of
  /// range, a control before the load or too near its end), and changes nothing.
  Expected<TimePoint> control(const Control& control);
  /// Control thread. What the scenario that is running has been told so far; of several at once the first.
  [[nodiscard]] const ControlState& control_state() const;
  /// Control thread. How many users there are to be now in all; 0 in an open model.
  [[nodiscard]] std::uint64_t users() const;

  /// Control thread. A line for all observers.
  void say(const std::string& line);
  /// The control thread's reactor: what is posted there may call all of this.
  [[nodiscard]] runtime::Reactor& reactor() const noexcept;

  /// Control thread. First call: no new arrivals, drain, report. Second: cut the drain short, interrupt.
  void stop();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace vajrapulse::engine
