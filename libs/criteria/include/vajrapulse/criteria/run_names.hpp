#pragma once

#include <string>
#include <utility>
#include <vector>

#include "vajrapulse/criteria/expression.hpp"
#include "vajrapulse/metrics/snapshot.hpp"

namespace vajrapulse::criteria {

/// One figure of a run, as a name asks for it.
struct Measure {
  enum class Kind {
    percentile,
    min,
    mean,
    max,
    stddev,  // of a histogram
    started,
    completed,
    succeeded,
    failed,
    interrupted,
    dropped,
    missed,
    target,
    timeouts,
    requests,  // counts
    errors,
    success_rate,  // shares
    tps,
    rps,  // rates
    in_flight,
    users,
    duration,
    verdict
  };
  Kind kind = Kind::percentile;
  double percentile = 0;
  std::string_view metric;  ///< the histogram
  std::string_view phase;   ///< of a request; empty: no such tag
  std::string scenario;     ///< empty: the whole run
  std::string request;      ///< empty: all of them
};

/// The names of a run's figures: `[scenario.][service.]p99[("GET /cart")]`, `errors`, `dropped`, `tps` …;
/// docs/expressions.md lists them. A bare percentile is of the response time.
class RunNames : public Names {
 public:
  /// `closed`: the load has no intended starts, so that what counts from them is refused with a sentence.
  enum class Model { open, closed };
  explicit RunNames(Model model, std::vector<std::string> scenarios = {})
      : model_(model), scenarios_(std::move(scenarios)) {}

  Expected<Binding> bind(const Reference& reference) override;
  [[nodiscard]] const std::vector<Measure>& measures() const noexcept { return measures_; }

 private:
  Model model_;
  std::vector<std::string> scenarios_;
  std::vector<Measure> measures_;
};

/// The figures of some stretch of a run: the whole of it, one scenario, a window.
struct RunView {
  const metrics::Snapshot* snapshot = nullptr;
  double seconds = 0;  ///< how long it was measured
  std::string_view verdict;
};

/// What `names` stand for in a run. A scenario that has a view of its own is read from that, any other by its tag.
/// Must not outlive the names or the snapshots. One thread at a time.
class RunValues : public Values {
 public:
  RunValues(const RunNames& names, RunView whole) : names_(names), whole_(whole) {}
  void add_scenario(std::string name, RunView view) { scenarios_.emplace_back(std::move(name), view); }

  [[nodiscard]] Value at(std::uint32_t slot) const override;
  /// Why a slot has no value, in a clause: "no request was called 'GET /crat'; did you mean 'GET /cart'?"
  [[nodiscard]] std::string why_null(std::uint32_t slot) const;

 private:
  struct Source {
    RunView view;
    metrics::Tags tags;
  };
  [[nodiscard]] Source source(const Measure& measure) const;

  const RunNames& names_;
  RunView whole_;
  std::vector<std::pair<std::string, RunView>> scenarios_;
};

}  // namespace vajrapulse::criteria
