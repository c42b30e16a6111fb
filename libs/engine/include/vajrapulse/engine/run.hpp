#pragma once

#include <cstdint>
#include <memory>
#include <string>
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
};

/// One run from prepare to teardown, over shards that are reactors: threads for real, one thread when simulated.
///
/// Create and await on the control reactor's thread. Nothing here knows threads: shard work is posted to the
/// shards' reactors and answers are posted back.
class Run {
 public:
  Run(RunSettings settings, Scenario scenario, runtime::Reactor& control, std::vector<runtime::Reactor*> shards);
  ~Run();

  /// Runs it all; an Error is something that kept the run from starting (a task's init failed).
  runtime::Co<Expected<RunSummary>> execute();

  /// Control thread, while the load runs. When the change takes effect, on the run's clock; an Error says what makes
  /// no sense (a rate for users, a resumption of what is not paused, a scenario that is not there, a value out of
  /// range, a control before the load or too near its end), and changes nothing.
  Expected<TimePoint> control(const Control& control);
  /// Control thread. What it has been told so far.
  [[nodiscard]] const ControlState& control_state() const;
  /// Control thread. How many users there are to be now; 0 in an open model.
  [[nodiscard]] std::uint64_t users() const;

  /// Control thread. First call: no new arrivals, drain, report. Second: cut the drain short, interrupt.
  void stop();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace vajrapulse::engine
