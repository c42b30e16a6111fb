#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "vajrapulse/base/clock.hpp"
#include "vajrapulse/criteria/run_names.hpp"
#include "vajrapulse/document/diagnostics.hpp"
#include "vajrapulse/engine/run.hpp"
#include "vajrapulse/engine/summary.hpp"
#include "vajrapulse/plan/assertion.hpp"

namespace vajrapulse::plan {

/// What assertions have to know of a scenario.
struct AssertedScenario {
  std::string name;
  bool open_model = true;
  bool measured = true;
  std::optional<std::uint64_t> planned;  ///< iterations in all; absent where nobody knows (users, Poisson arrivals)
  std::optional<Duration> duration;
};
AssertedScenario asserted(const engine::PlannedScenario& planned);
/// The scenarios as names of the expression language; those that are not measured are refused with a sentence.
std::vector<criteria::RunNames::Scenario> names_of(const std::vector<AssertedScenario>& scenarios);

/// The assertions of a plan: follows the run, ends it where one asks for that, and judges.
///
/// Only what is measured counts: no warm-up, no cool-down. Windows (`for`) lie within the measured time, a second
/// apart, each with the true percentiles of all its values; one that lacks more than half a second (before the first
/// full one, in a gap between scenarios) is not judged, nor is one in which there was no value. A run shorter than a
/// window is judged as one. `after` counts from the start of measuring, of the scenario if the assertion is about one.
///
/// `abort` ends the run in the second in which the assertion is lost: with `for`, when a window failed; without, when
/// the condition cannot hold any more whatever the rest does. Counts and maxima never fall. Shares and percentiles are
/// lost when all that is still to come could not make up for it; that needs the planned total of arrivals. Where nobody
/// knows it (users without a number of iterations, Poisson arrivals, a load that was steered, requests of which an
/// iteration makes several) they are judged at the end, and `for` is what ends a run early.
///
/// Memory: of each figure under a window, one tally (a histogram, a count) for each second of that window.
///
/// Example:
///   auto assertions = Assertions::compile(specs, scenarios, diagnostics);
///   assertions->on_abort([&](const std::string& why) { run.control(stop…); });
///   settings.observers.push_back(assertions.get());
///   …
///   summary.assertions = assertions->judge(summary);
class Assertions final : public engine::RunObserver {
 public:
  /// Null when something is wrong; all of it is reported, at its place.
  static std::unique_ptr<Assertions> compile(const std::vector<AssertionSpec>& specs,
                                             std::vector<AssertedScenario> scenarios,
                                             document::Diagnostics& diagnostics);
  ~Assertions() override;

  /// Called at most once, from within on_interval, on the control thread: "assertion 'p99 < 500ms' cannot pass any
  /// more: 812 ms".
  void on_abort(std::function<void(const std::string& reason)> abort);
  /// Whether one of them has asked for the end of the run.
  [[nodiscard]] bool aborted() const noexcept;

  void on_progress(const engine::Progress& progress) override;
  void on_interval(double t, engine::Phase phase, const metrics::Snapshot& interval) override;

  /// One result for each entry, in order. Once, when the run is over.
  std::vector<engine::AssertionResult> judge(const engine::RunSummary& summary);

 private:
  struct Impl;
  explicit Assertions(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace vajrapulse::plan
