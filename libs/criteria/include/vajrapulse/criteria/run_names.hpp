#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "vajrapulse/criteria/expression.hpp"
#include "vajrapulse/metrics/recorder.hpp"
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
    verdict,
    count,
    rate,
    share,
    last  // of any metric
  };
  Kind kind = Kind::percentile;
  double percentile = 0;
  std::string metric;      ///< the histogram; of `metric.…` whatever was asked for
  std::string_view phase;  ///< of a request; empty: no such tag
  std::string scenario;    ///< empty: the whole run
  std::string request;     ///< empty: all of them
  metrics::Tags tags;      ///< it carries these too

  bool any_metric = false;            ///< asked for by name: `metric.p99("vajrapulse.execution.duration")`
  std::optional<metrics::Type> form;  ///< of such a one; absent: a task's own, known when it is there
  Type unit = Type::any;
};

/// What form a metric of ours has; nothing of a task's own.
std::optional<metrics::Type> known_form(std::string_view metric);

/// The names of a run's figures: `[scenario.][service.]p99[("GET /cart")]`, `errors`, `dropped`, `tps` …, and
/// `metric.count("vajrapulse.execution.total", "status=failure")`; docs/expressions.md lists them. A bare percentile
/// is of the response time.
class RunNames : public Names {
 public:
  /// `closed`: the load has no intended starts, so that what counts from them is refused with a sentence.
  enum class Model { open, closed };
  /// A scenario that may be asked about.
  struct Scenario {
    std::string name;
    Model model = Model::open;
    std::string refusal{};  ///< why it may not be: "'warmup' is not measured"
  };
  /// What a name without a scenario is about.
  enum class Bare { whole_run, refused };

  explicit RunNames(Model model, const std::vector<std::string>& scenarios = {});
  /// The whole run is open when one of them is.
  explicit RunNames(std::vector<Scenario> scenarios, Bare bare = Bare::whole_run);

  /// From now on names are about this scenario (empty: what they say) and what carries these tags.
  void about(std::string scenario, metrics::Tags tags);

  Expected<Binding> bind(const Reference& reference) override;
  [[nodiscard]] const std::vector<Measure>& measures() const noexcept { return measures_; }

 private:
  Expected<std::string_view> take_scenario(std::string_view name, Measure& measure) const;
  Expected<Binding> bind_metric(const Reference& reference, std::string_view figure, Measure measure);
  [[nodiscard]] const Scenario* scenario(std::string_view name) const;
  [[nodiscard]] Model model_of(const Measure& measure) const;
  Binding keep(Measure measure, Type type);

  Model model_;
  std::vector<Scenario> scenarios_;
  Bare bare_ = Bare::whole_run;
  std::string about_;
  metrics::Tags tags_;
  std::vector<Measure> measures_;
};

/// The figures of some stretch of a run: the whole of it, one scenario, a window.
struct RunView {
  const metrics::Snapshot* snapshot = nullptr;
  double seconds = 0;  ///< how long it was measured
  std::string_view verdict;
  /// The snapshot holds other scenarios as well: this one is read by its tag.
  enum class Holds { one, several } holds = Holds::one;
  std::string_view absence{};  ///< why there is no snapshot, in a clause: "was skipped: …"
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
    std::string_view scenario;  ///< the tag; empty: all that is in it
  };
  [[nodiscard]] Source source(const Measure& measure) const;

  const RunNames& names_;
  RunView whole_;
  std::vector<std::pair<std::string, RunView>> scenarios_;
};

}  // namespace vajrapulse::criteria
