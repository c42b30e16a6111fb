#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "vajrapulse/api/task.hpp"
#include "vajrapulse/base/clock.hpp"
#include "vajrapulse/base/error.hpp"
#include "vajrapulse/engine/summary.hpp"
#include "vajrapulse/metrics/histogram.hpp"

/// Runs for programs of your own, a test suite above all: <vajrapulse/testing.hpp> has the matchers.
///
/// Example:
///   const auto result = vajrapulse::run(vajrapulse::PlanFile{.file = "plans/first.yml", .url = address});
///   EXPECT_THAT(result, AllOf(IsValid(), PassesAssertions(), Holds("p99 < 50ms and errors < 1%")));
namespace vajrapulse {

/// A plan, and what the command line would say about it.
struct PlanFile {
  std::string file{};
  std::vector<std::pair<std::string, std::string>> variables{};  ///< {"base-url", "http://127.0.0.1:8080"}
  std::vector<std::string> set{};                                ///< "scenarios.steady-state.tps=500"
  std::vector<std::string> profiles{};
  std::string url{};               ///< what scenarios without a task request
  std::vector<NamedTask> tasks{};  ///< written in C++, for steps of the plan: `task: nap`
  std::vector<std::string> allow_paths{};
  bool allow_command = false;
  std::optional<std::size_t> shards{};  ///< absent: as the plan says, or as many as the load needs
  std::optional<std::uint64_t> seed{};
};

/// How much of a task, as the command line says it, and refused as there: one of `tps`, `load` and `users`.
struct TaskLoad {
  std::string tps{};       ///< "1000"
  std::string load{};      ///< "static 1000/s 10s"
  std::string users{};     ///< "64"
  std::string think{};     ///< of users: "1s"
  std::string duration{};  ///< "10s"
  std::optional<std::uint64_t> iterations{};
  std::string warmup{};
  std::string drain_timeout{};
  std::optional<std::uint64_t> max_in_flight{};
  std::string name{};  ///< of the run; empty: the task's
  std::optional<std::size_t> shards{};
  std::optional<std::uint64_t> seed{};
};

/// What was measured of the whole run, of a scenario or of a request.
struct Figures {
  std::uint64_t completed = 0;
  std::uint64_t failed = 0;  ///< of the completed ones
  double seconds = 0;        ///< how long it was measured
  /// Response times; service times in a closed model, and of a request.
  metrics::Histogram times{};

  /// 0 to 100; zero when nothing was measured.
  [[nodiscard]] Duration percentile(double percentile) const;
  [[nodiscard]] double errors() const noexcept;  ///< share of the completed ones, 0 to 1
  [[nodiscard]] double rate() const noexcept;    ///< completed a second
};

/// A run that is over.
class RunResult {
 public:
  explicit RunResult(engine::RunSummary summary) : summary_(std::move(summary)) {}

  /// All that is known.
  [[nodiscard]] const engine::RunSummary& summary() const noexcept { return summary_; }
  /// Did the generator distort the answer?
  [[nodiscard]] const engine::Verdict& verdict() const noexcept { return summary_.verdict; }
  /// As the program would give it: 0, 98 (INVALID), 99 (an assertion failed).
  [[nodiscard]] int exit_code() const noexcept { return summary_.exit_code; }
  [[nodiscard]] const engine::LoadCounts& load() const noexcept { return summary_.load; }
  /// How the plan's assertions came out, in its order.
  [[nodiscard]] const std::vector<engine::AssertionResult>& assertions() const noexcept { return summary_.assertions; }

  [[nodiscard]] Figures whole() const;
  [[nodiscard]] Duration percentile(double percentile) const { return whole().percentile(percentile); }
  [[nodiscard]] double errors() const { return whole().errors(); }
  [[nodiscard]] double tps() const { return whole().rate(); }
  /// An Error when there is none of that name, or when it was skipped or not measured.
  [[nodiscard]] Expected<Figures> scenario(std::string_view name) const;
  /// "GET /cart"; an Error when none was called so.
  [[nodiscard]] Expected<Figures> request(std::string_view name) const;

  /// How a condition came out, with what was observed.
  struct Outcome {
    bool holds = false;
    std::string said;  ///< "p99 < 50ms: 81.0 ms, expected under 50 ms (62 % over)"
    explicit operator bool() const noexcept { return holds; }
  };
  /// Any condition that a plan may assert: "p99 < 500ms", "steady-state.errors < 1% and dropped == 0". What is no
  /// condition, or had no value, does not hold, and `said` says why.
  [[nodiscard]] Outcome holds(std::string_view condition) const;

  /// In a line: "'checkout', static 1000/s 10s: VALID, 10,000 iterations, p50 2.1 ms, p99 8.0 ms, errors 0 %".
  [[nodiscard]] std::string text() const;

 private:
  engine::RunSummary summary_;
};

/// Runs a plan from its first scenario to its last on threads of its own, and returns when it is over. Nothing is
/// printed, no output of the plan is written, signals stay the program's own. What is wrong with the plan is the
/// Error's message, as `vajrapulse validate` words it.
///
/// Iterations that heed no cancellation keep their threads until the program ends.
Expected<RunResult> run(const PlanFile& plan);

/// The same of one task written in C++: run(task("ping", ping), {.load = "static 1000/s 10s"}).
Expected<RunResult> run(NamedTask task, const TaskLoad& load);

}  // namespace vajrapulse
