#include <fmt/format.h>

#include <algorithm>
#include <list>

#include "vajrapulse/base/text.hpp"
#include "vajrapulse/base/units.hpp"
#include "vajrapulse/criteria/assertion.hpp"
#include "vajrapulse/criteria/run_names.hpp"
#include "vajrapulse/metrics/names.hpp"
#include "vajrapulse/run.hpp"

namespace vajrapulse {
namespace {

namespace names = metrics::names;
using engine::RunSummary;
using engine::ScenarioSummary;

metrics::Tags with(metrics::Tags tags, const char* name, const char* value) {
  tags.emplace_back(name, value);
  std::ranges::sort(tags);
  return tags;
}

Figures counted(const metrics::Snapshot& metrics, std::string_view total, const metrics::Tags& tags, double seconds) {
  const std::uint64_t failed = metrics.counter(total, with(tags, "status", "failure"));
  Figures figures;
  figures.completed = failed + metrics.counter(total, with(tags, "status", "success"));
  figures.failed = failed;
  figures.seconds = seconds;
  return figures;
}

Figures of_iterations(const RunSummary& summary, const metrics::Tags& tags, double seconds, bool open_model) {
  Figures figures = counted(summary.metrics, names::kExecutionTotal, tags, seconds);
  figures.times = summary.metrics.histogram(open_model ? names::kResponseTime : names::kExecutionDuration, tags);
  return figures;
}

/// Why a scenario has no figures; empty: it has.
std::string absence_of(const ScenarioSummary& scenario) {
  if (!scenario.skipped.empty()) return "was skipped: " + scenario.skipped;
  if (scenario.load.started == 0 && scenario.duration_s == 0) return "never began";
  return "";
}

std::vector<criteria::RunNames::Scenario> scenarios_of(const RunSummary& summary) {
  using Model = criteria::RunNames::Model;
  std::vector<criteria::RunNames::Scenario> scenarios;
  for (const ScenarioSummary& each : summary.scenarios)
    scenarios.push_back({.name = each.name,
                         .model = each.open_model ? Model::open : Model::closed,
                         .refusal = each.measured ? "" : "'" + each.name + "' is not measured"});
  return scenarios;
}

/// The names of a finished run, and what they stand for.
class FinishedRun {
 public:
  explicit FinishedRun(const RunSummary& summary)
      : names_(scenarios_of(summary)),
        values_(names_, {.snapshot = &summary.metrics,
                         .seconds = summary.run.duration_s,
                         .verdict = engine::name(summary.verdict.status)}) {
    if (summary.scenarios.empty())
      names_ = criteria::RunNames(summary.run.open_model ? criteria::RunNames::Model::open
                                                         : criteria::RunNames::Model::closed);
    for (const ScenarioSummary& each : summary.scenarios)
      add(summary, each);
  }

  criteria::RunNames& names() { return names_; }
  [[nodiscard]] const criteria::RunValues& values() const { return values_; }

 private:
  void add(const RunSummary& summary, const ScenarioSummary& each) {
    const std::string& absence = absences_.emplace_back(absence_of(each));
    if (!absence.empty()) {
      values_.add_scenario(each.name, {.snapshot = nullptr, .seconds = 0, .verdict = {}, .absence = absence});
      return;
    }
    values_.add_scenario(each.name, {.snapshot = &summary.metrics,
                                     .seconds = each.duration_s,
                                     .verdict = engine::name(each.verdict.status),
                                     .holds = criteria::RunView::Holds::several});
  }

  criteria::RunNames names_;
  criteria::RunValues values_;
  std::list<std::string> absences_;  ///< the views point at them
};

std::string said_of(const criteria::AssertionOutcome& outcome) {
  if (!outcome.reason.empty()) return outcome.text + ": no value, " + outcome.reason;
  std::string said = outcome.text + ": " + outcome.observed;
  if (outcome.expected != outcome.text) said += ", expected " + outcome.expected;
  return outcome.by.empty() ? said : said + " (" + outcome.by + ")";
}

std::unexpected<Error> unknown(const char* what, std::string_view name, const std::vector<std::string>& there) {
  const auto near = nearest(name, there);
  return fail(kUsage, fmt::format("no {} was called '{}'", what, name), near ? "did you mean '" + *near + "'?" : "");
}

}  // namespace

Duration Figures::percentile(double percentile) const {
  return times.empty() ? Duration::zero() : Duration(times.percentile(percentile));
}
double Figures::errors() const noexcept { return completed == 0 ? 0 : double(failed) / double(completed); }
double Figures::rate() const noexcept { return seconds > 0 ? double(completed) / seconds : 0; }

Figures RunResult::whole() const {
  return of_iterations(summary_, {}, summary_.run.duration_s, summary_.run.open_model);
}

Expected<Figures> RunResult::scenario(std::string_view name) const {
  const auto found = std::ranges::find(summary_.scenarios, name, &ScenarioSummary::name);
  if (found == summary_.scenarios.end()) {
    std::vector<std::string> there;
    for (const ScenarioSummary& each : summary_.scenarios)
      there.push_back(each.name);
    return unknown("scenario", name, there);
  }
  if (!found->measured) return fail(kUsage, "scenario '" + found->name + "' is not measured");
  if (const std::string absence = absence_of(*found); !absence.empty())
    return fail(kUsage, "scenario '" + found->name + "' " + absence);
  return of_iterations(summary_, {{"scenario", found->name}}, found->duration_s, found->open_model);
}

Expected<Figures> RunResult::request(std::string_view name) const {
  const metrics::Tags tags{{"name", std::string(name)}};
  Figures figures = counted(summary_.metrics, names::kRequestTotal, tags, summary_.run.duration_s);
  figures.times = summary_.metrics.histogram(names::kRequestDuration, with(tags, "phase", "total"));
  if (figures.completed > 0) return figures;
  std::vector<std::string> there;
  for (const auto& [seen, count] : summary_.metrics.counters_by(names::kRequestTotal, "name"))
    there.push_back(seen);
  return unknown("request", name, there);
}

RunResult::Outcome RunResult::holds(std::string_view condition) const {
  FinishedRun run(summary_);
  const auto expression = criteria::Expression::compile(condition, run.names(), criteria::Wanted::condition);
  if (!expression)
    return {false, fmt::format("'{}' is no condition: {}", condition, expression.error().error().text())};
  const criteria::AssertionOutcome outcome = criteria::judge(*expression, run.values());
  return {outcome.passed, said_of(outcome)};
}

std::string RunResult::text() const {
  const Figures figures = whole();
  return fmt::format("'{}', {}: {}, {} {}, p50 {}, p99 {}, errors {}", summary_.run.name, summary_.run.load_text,
                     engine::name(summary_.verdict.status), format_count(figures.completed),
                     figures.completed == 1 ? "iteration" : "iterations", format_duration(figures.percentile(50)),
                     format_duration(figures.percentile(99)), format_percent(figures.errors()));
}

}  // namespace vajrapulse
