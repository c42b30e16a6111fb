#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "vajrapulse/base/clock.hpp"
#include "vajrapulse/engine/control.hpp"
#include "vajrapulse/metrics/histogram.hpp"
#include "vajrapulse/metrics/snapshot.hpp"

namespace vajrapulse::engine {

enum class Phase { prepare, warmup, measure, cooldown, drain, teardown, done };
std::string_view name(Phase phase);

/// The accounting of DESIGN, true at every instant:
/// target so far = started + queued + dropped + missed; started = succeeded + failed + interrupted + in flight.
struct LoadCounts {
  std::optional<std::uint64_t> target;  ///< absent in a closed model without pacing
  std::uint64_t started = 0;
  std::uint64_t succeeded = 0;
  std::uint64_t failed = 0;
  std::uint64_t interrupted = 0;
  std::uint64_t in_flight = 0;
  std::uint64_t queued = 0;
  std::uint64_t dropped_limit = 0;
  std::uint64_t dropped_deadline = 0;
  std::uint64_t missed = 0;
  std::uint64_t late = 0;  ///< start delay over 1 ms
  std::uint64_t max_in_flight = 0;
  /// What happened before the measured window ended: over its length, this is a rate. The drain's is not.
  struct Windowed {
    std::uint64_t started = 0, completed = 0, failed = 0;
  } window{};

  [[nodiscard]] std::uint64_t completed() const noexcept { return succeeded + failed; }
  [[nodiscard]] std::uint64_t dropped() const noexcept { return dropped_limit + dropped_deadline; }
};

enum class VerdictStatus { valid, degraded, invalid };
std::string_view name(VerdictStatus status);  ///< "VALID", "DEGRADED", "INVALID"

/// From where on a run counts as distorted. Shares are of the response time, or of the target, 0 to 1; a
/// generator's share counts only when it is also longer than the time beside it.
struct VerdictThresholds {
  struct Limit {
    double missed;
    double generator_share;
    Duration generator_time;
  };
  Limit degraded{0.001, 0.10, std::chrono::microseconds(500)};
  Limit invalid{0.01, 0.25, std::chrono::milliseconds(2)};
};

/// Did the generator distort the answer?
struct Verdict {
  VerdictStatus status = VerdictStatus::valid;
  std::vector<std::string> reasons;  ///< sentences for people, causes named
  /// What part of the response time at p50, p90, p99 was the generator's own doing, 0 to 1.
  std::array<double, 3> generator_share{};
  std::vector<std::string> notes;  ///< do not change the verdict: drops by limit, tail footnotes
};

/// What the generator and its host did to the run.
struct GeneratorFacts {
  double cpu_s = 0;          ///< user + system of the whole process over the measured window
  double cores = 0;          ///< cpu_s over duration
  double busiest_shard = 0;  ///< share of one core, 0 to 1
  std::uint64_t max_rss_bytes = 0;
  double host_wait_s = 0;  ///< runnable but not running (run-queue wait) plus steal, over the measured window
  double run_queue_wait_s = 0;
  double steal_s = 0;
};

/// One point of the series: `t` seconds from the start of measuring (negative in warm-up), by completion time. What
/// was measured and ends while a cool-down is sent has points of its own, of the phase `drain`; what that sent and ends
/// in the drain, of the phase `cooldown`.
struct SeriesPoint {
  double t = 0;
  double span_s = 1;
  Phase phase = Phase::measure;
  std::uint64_t started = 0, completed = 0, failed = 0, in_flight = 0;
  std::int64_t p50_ns = 0, p99_ns = 0;
  std::optional<std::uint64_t> users;  ///< at its end; closed models, while load is sent
  std::string scenario;                ///< whose it is, where the run has several; t counts from the run's start
};

/// What was sent before or after the measured window, and is kept out of the results.
struct PhaseCounts {
  std::uint64_t started = 0, failed = 0;
  double duration_s = 0;
};

/// How one of a run's scenarios went; its figures are those tagged with its name.
struct ScenarioSummary {
  std::string name;
  std::string load_text;
  bool measured = true;   ///< false: in no total and no verdict of the run
  std::string skipped;    ///< why it never began; empty: it did
  double t = 0;           ///< when its measuring began, in seconds from the run's start of measuring
  double duration_s = 0;  ///< how long it was measured
  bool open_model = true;
  Verdict verdict;
  LoadCounts load;
  std::optional<PhaseCounts> warmup, cooldown;
  double paused_s = 0;
};

/// How an assertion about the run came out.
struct AssertionResult {
  std::string text;                ///< as written: "p99 < 500ms"
  std::string scenario;            ///< which one it is about; empty: the whole run
  bool passed = false;             ///< false also when it never had a value
  std::string observed;            ///< "12.1 ms"
  std::string expected;            ///< "under 500 ms"
  std::string by;                  ///< by how much it missed or held: "24 % over", "97 % under"
  std::string reason;              ///< why there was no value; else empty
  std::optional<double> broke_at;  ///< of windows and of those that abort: seconds from the start of measuring
  bool aborted = false;            ///< it ended the run
};

/// Everything a finished run knows: what reports, the console and exporters read.
struct RunSummary {
  struct Run {
    std::string id;    ///< UUID
    std::string name;  ///< what the user called it, or the target
    WallTime started_at;
    double duration_s = 0;  ///< measured window without drain
    std::string version;
    std::string io;
    std::size_t shards = 1;
    std::uint64_t seed = 0;
    bool open_model = true;  ///< false: closed, no response time
    std::string load_text;   ///< "static 1000/s for 30 s", "64 users for 30 s"
    bool interrupted = false;
  } run;
  Verdict verdict;
  LoadCounts load;
  std::optional<PhaseCounts> warmup, cooldown;
  metrics::Snapshot metrics;        ///< measured phase only
  std::vector<SeriesPoint> series;  ///< at most 2,000
  GeneratorFacts generator;
  std::vector<ControlEvent> controls;       ///< what was asked of it while it ran, in order
  double paused_s = 0;                      ///< of the measured window
  std::vector<AssertionResult> assertions;  ///< in the order of the plan
  std::vector<ScenarioSummary> scenarios;   ///< all of them, in the order of the plan
  std::vector<std::string> warnings;        ///< "io_uring is not available here (…): epoll is used"
  /// Iterations that heeded no cancellation still go on, on threads and reactors that must then outlive this.
  bool abandoned = false;
  int exit_code = 0;
};

/// What a live view shows, once a second (and at phase changes).
struct Progress {
  Phase phase = Phase::prepare;
  Duration elapsed{};                ///< within the run, from the start of measuring; negative in warm-up
  std::optional<Duration> duration;  ///< planned; absent when the run ends by iterations
  double target_tps = 0;             ///< of the last interval; 0 in a closed model
  double actual_tps = 0;             ///< iterations started a second in the last interval
  double completed_tps = 0;
  std::optional<std::uint64_t> users;  ///< how many there are; closed models
  LoadCounts load;                     ///< so far, of the current phase
  metrics::Histogram response_time;    ///< of the last interval; service time in a closed model
  metrics::Histogram service_time;
  std::uint64_t errors_interval = 0;
  std::vector<metrics::ErrorGroup> errors;  ///< so far
  GeneratorFacts generator;
  std::optional<VerdictStatus> verdict_so_far;
  ControlState control;  ///< what it has been told
  std::string scenario;  ///< which one it is about: "steady-state"; of several at once "browse + buy"
  std::size_t scenarios_begun = 1, scenarios = 1;
  bool repeated = false;  ///< shown again for a control between two intervals: the figures are the last ones'
};

class Run;

/// Follows a run; called on the control thread.
class RunObserver {
 public:
  virtual ~RunObserver() = default;
  /// Before anything else. `run` may be kept up to `on_summary`, to steer it (Run::control).
  virtual void on_begin(Run& /*run*/) {}
  virtual void on_progress(const Progress& progress) = 0;
  /// One second (or the rest of one) of all shards, merged; `t` as in SeriesPoint.
  virtual void on_interval(double /*t*/, Phase /*phase*/, const metrics::Snapshot& /*interval*/) {}
  virtual void on_message(const std::string& /*line*/) {}  ///< warnings while running
  virtual void on_summary(const RunSummary& /*summary*/) {}
};

}  // namespace vajrapulse::engine
