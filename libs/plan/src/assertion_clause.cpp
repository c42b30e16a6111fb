#include "assertion_clause.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "assertion_metric.hpp"
#include "assertion_place.hpp"
#include "vajrapulse/base/text.hpp"
#include "vajrapulse/base/units.hpp"
#include "vajrapulse/metrics/names.hpp"

namespace vajrapulse::plan {
namespace {

namespace names = metrics::names;
using criteria::AssertionOutcome;
using criteria::Measure;
using criteria::Tally;
using engine::AssertionResult;

constexpr double kSlack = 0.05;  ///< as seconds are told apart
/// A window may lack so much of what it should be.
constexpr double kMayLack = 0.5;

double seconds_of(Duration duration) { return std::chrono::duration<double>(duration).count(); }
Duration whole_seconds(double seconds) { return Duration(std::llround(seconds * 1e9)); }
/// To the millisecond: what more there is are the host's delays.
double rounded(double seconds) { return std::round(seconds * 1e3) / 1e3; }

std::string near_text(const std::string& wanted, const std::vector<std::string>& there) {
  const auto near = nearest(wanted, there);
  return near ? "did you mean '" + *near + "'?" : "";
}

bool check_window(const schema::Placed<Duration>& window, document::Diagnostics& diagnostics) {
  const Duration length = window.value;
  if (length >= std::chrono::seconds(1) && length <= std::chrono::hours(1) &&
      length % std::chrono::seconds(1) == Duration{})
    return true;
  diagnostics.error(window.place, "a window is of whole seconds, from 1s to 1h", "write for example for: 10s");
  return false;
}

bool check_scenario(const schema::Placed<std::string>& name, const std::vector<AssertedScenario>& scenarios,
                    document::Diagnostics& diagnostics) {
  const auto found = std::ranges::find(scenarios, name.value, &AssertedScenario::name);
  std::vector<std::string> there;
  for (const AssertedScenario& each : scenarios)
    there.push_back(each.name);
  if (found == scenarios.end()) {
    const std::string near = near_text(name.value, there);
    diagnostics.error(name.place, fmt::format("no scenario is called '{}'", name.value),
                      near.empty() ? fmt::format("there is: {}", fmt::join(there, ", ")) : near);
    return false;
  }
  if (found->measured) return true;
  diagnostics.error(name.place, fmt::format("'{}' is not measured, so that nothing is known of it", name.value),
                    "leave its measure: false out, or ask about another scenario");
  return false;
}

void take(AssertionResult& result, AssertionOutcome outcome) {
  result.passed = outcome.passed;
  result.observed = std::move(outcome.observed);
  result.expected = std::move(outcome.expected);
  result.by = std::move(outcome.by);
  result.reason = std::move(outcome.reason);
}

}  // namespace

void Outlook::ended(const std::string& scenario, const metrics::Snapshot& interval) {
  ended_[scenario] +=
      interval.counter(names::kExecutionTotal) + interval.counter(names::kDropped) + interval.counter(names::kMissed);
}

const AssertedScenario* Outlook::find(std::string_view name) const {
  const auto found = std::ranges::find(scenarios_, name, &AssertedScenario::name);
  return found == scenarios_.end() ? nullptr : &*found;
}

std::optional<double> Outlook::outstanding(const AssertedScenario& scenario) const {
  if (!scenario.planned || steered_) return std::nullopt;
  const auto ended = ended_.find(scenario.name);
  const std::uint64_t so_far = ended == ended_.end() ? 0 : ended->second;
  return double(*scenario.planned - std::min(so_far, *scenario.planned));
}

criteria::Outstanding Outlook::of(std::string_view scenario) const {
  criteria::Outstanding all{.arrivals = 0, .seconds = std::nullopt};
  std::size_t counted = 0;
  for (const AssertedScenario& each : scenarios_) {
    if (!each.measured || (!scenario.empty() && each.name != scenario)) continue;
    const auto arrivals = outstanding(each);
    all.arrivals = all.arrivals && arrivals ? std::optional(*all.arrivals + *arrivals) : std::nullopt;
    all.seconds =
        ++counted == 1 && each.duration && !steered_ ? std::optional(seconds_of(*each.duration)) : std::nullopt;
  }
  return all;
}

/// What the names stand for over stretches that were tallied.
class Clause::Tallied final : public criteria::Values, public criteria::Bounds {
 public:
  Tallied(const criteria::RunNames& run_names, const std::vector<Tally>& tallies, double seconds,
          const Outlook* outlook = nullptr)
      : names_(run_names), tallies_(tallies), seconds_(seconds), outlook_(outlook) {}
  [[nodiscard]] criteria::Value at(std::uint32_t slot) const override {
    return slot < tallies_.size() ? value_of(names_.measures()[slot], tallies_[slot], seconds_)
                                  : criteria::Value::null();
  }
  [[nodiscard]] criteria::Range range(std::uint32_t slot) const override {
    const Measure& measure = names_.measures()[slot];
    static const Tally kNothing;
    return range_of(measure, slot < tallies_.size() ? tallies_[slot] : kNothing, outlook_->of(measure.scenario));
  }

 private:
  const criteria::RunNames& names_;
  const std::vector<Tally>& tallies_;
  double seconds_;
  const Outlook* outlook_;
};

bool Clause::check(const AssertionSpec& spec, const AssertionTerms& terms, document::Diagnostics& diagnostics) {
  if (terms.window && !check_window(*terms.window, diagnostics)) return false;
  if (!terms.window && !terms.after) return true;
  for (const Measure& measure : names_.measures()) {
    const bool of_all = measure.kind == Measure::Kind::verdict || measure.kind == Measure::Kind::duration;
    if (!of_all) continue;
    diagnostics.error(spec.expression ? spec.expression->place : spec.place,
                      "the verdict and the duration are of the whole run, not of a part of it",
                      "leave for and after out");
    return false;
  }
  return true;
}

std::unique_ptr<Clause> Clause::compile(const AssertionSpec& spec, const AssertionTerms& terms,
                                        const std::vector<AssertedScenario>& scenarios,
                                        document::Diagnostics& diagnostics) {
  if (terms.scenario && !check_scenario(*terms.scenario, scenarios, diagnostics)) return nullptr;
  std::unique_ptr<Clause> clause(new Clause(names_of(scenarios)));
  const std::string scenario = terms.scenario ? terms.scenario->value : "";
  const metrics::Tags tags = terms.task ? metrics::Tags{{"task", terms.task->value}} : metrics::Tags{};
  clause->names_.about(scenario, tags);
  clause->task_ = terms.task ? terms.task->value : "";
  std::string written_text;
  if (spec.metric) {
    criteria::RunNames trial(names_of(scenarios));
    trial.about(scenario, tags);
    auto metric = written(*spec.metric, trial, diagnostics);
    if (!metric) return nullptr;
    written_text = std::move(metric->expression);
    clause->text_ = std::move(metric->text);
  } else {
    written_text = spec.expression->value;
    clause->text_ = written_text;
  }
  auto expression = criteria::Expression::compile(written_text, clause->names_, criteria::Wanted::condition);
  if (!expression) {
    report(spec.expression ? *spec.expression : spec.metric->metric, expression.error(), diagnostics);
    return nullptr;
  }
  clause->expression_ = std::move(*expression);
  if (!clause->check(spec, terms, diagnostics)) return nullptr;
  const auto& measures = clause->names_.measures();
  if (!measures.empty()) clause->scenario_ = measures.front().scenario;
  for (const Measure& measure : measures)
    if (measure.scenario != clause->scenario_) clause->scenario_.clear();
  if (terms.window) {
    clause->window_ = std::chrono::duration_cast<std::chrono::seconds>(terms.window->value).count();
    clause->text_ += ", for " + format_exact(terms.window->value);
  }
  if (terms.after) {
    clause->after_ = seconds_of(terms.after->value);
    clause->text_ += ", after " + format_exact(terms.after->value);
  }
  if (!spec.terms.title.empty()) clause->text_ = spec.terms.title;
  clause->followed_ = terms.after.has_value() && !terms.window;
  return clause;
}

std::vector<Span> Clause::own(const std::vector<Span>& spans) const {
  std::vector<Span> found;
  std::ranges::copy_if(spans, std::back_inserter(found),
                       [this](const Span& span) { return scenario_.empty() || span.scenario == scenario_; });
  return found;
}

bool Clause::too_early(double begin) {
  if (!origin_) origin_ = begin;
  return begin < *origin_ + after_ - kSlack;
}

std::vector<Tally> Clause::tallies_of(const metrics::Snapshot& snapshot) const {
  std::vector<Tally> tallies;
  for (const Measure& measure : names_.measures())
    tallies.push_back(tally(measure, snapshot, measure.scenario));
  return tallies;
}

void Clause::add(const Span& span, const metrics::Snapshot& interval) {
  if (has_window() || !followed_ || own({span}).empty() || too_early(span.begin)) return;
  whole_s_ += span.end - span.begin;
  std::vector<Tally> tallies = tallies_of(interval);
  if (whole_.empty()) {
    whole_ = std::move(tallies);
    return;
  }
  for (std::size_t slot = 0; slot < whole_.size(); ++slot)
    whole_[slot].follow(tallies[slot]);
}

void Clause::add(const Second& second) {
  if (!has_window()) return;
  std::vector<Span> spans = own(second.spans);
  if (spans.empty() || too_early(std::ranges::min(spans, {}, &Span::begin).begin)) return;
  parts_.push_back({.number = second.number, .spans = std::move(spans), .tallies = tallies_of(second.snapshot)});
  while (parts_.front().number <= second.number - window_)
    parts_.pop_front();
  look_at_window();
}

void Clause::look_at_window() {
  std::vector<Span> spans;
  for (const Part& part : parts_)
    spans.insert(spans.end(), part.spans.begin(), part.spans.end());
  const double seconds = covered(spans);
  if (seconds < double(window_) - kMayLack) return;
  std::vector<Tally> tallies = parts_.front().tallies;
  for (std::size_t i = 1; i < parts_.size(); ++i)
    for (std::size_t slot = 0; slot < tallies.size(); ++slot)
      tallies[slot].follow(parts_[i].tallies[slot]);
  ++windows_;
  const Tallied values(names_, tallies, seconds);
  const auto holds = expression_->holds_for_sure(values);
  if (!holds) return;
  if (!*holds && !broke_at_) broke_at_ = rounded(std::ranges::max(spans, {}, &Span::end).end);
  const double margin = expression_->margin(values).value_or(*holds ? 1 : -1);
  if (worst_ && (*holds == worst_->passed ? margin >= worst_margin_ : *holds)) return;
  worst_margin_ = margin;
  worst_ = criteria::judge(*expression_, values, [](std::uint32_t) { return std::string(); });
}

bool Clause::lost(const Outlook& outlook) const {
  if (has_window()) return broke_at_.has_value();
  if (!followed_ || whole_.empty()) return false;
  return !expression_->may_hold(Tallied(names_, whole_, whole_s_, &outlook));
}

std::string Clause::now() const {
  if (worst_) return worst_->observed;
  return criteria::judge(*expression_, Tallied(names_, whole_, whole_s_), [](std::uint32_t) { return std::string(); })
      .observed;
}

double Clause::measured_s(const engine::RunSummary& summary) const {
  for (const engine::ScenarioSummary& each : summary.scenarios)
    if (each.name == scenario_) return each.duration_s;
  return summary.run.duration_s;
}

void Clause::judge_whole(const engine::RunSummary& summary, AssertionResult& result) const {
  const FinishedRun finished(summary, names_);
  take(result, criteria::judge(*expression_, finished.values()));
}

/// What came after `after`, to the last iteration.
void Clause::judge_rest(const engine::RunSummary& summary, AssertionResult& result) const {
  const FinishedRun finished(summary, names_);
  const double seconds = std::max(measured_s(summary) - after_, 0.0);
  const std::string when = " after " + format_duration(whole_seconds(after_));
  take(result, criteria::judge(*expression_, Tallied(names_, whole_, seconds), [&](std::uint32_t slot) {
         return finished.values().at(slot).is_null() ? finished.values().why_null(slot) : "nothing was recorded" + when;
       }));
  result.expected += when;
}

void Clause::judge_windows(const engine::RunSummary& summary, AssertionResult& result) {
  const std::string every = " in every " + format_duration(std::chrono::seconds(window_));
  if (windows_ == 0 && !parts_.empty()) {  // shorter than a window: as one
    window_ = 0;
    for (const Part& part : parts_) {
      const double length = covered(part.spans);
      whole_s_ += length;
      if (whole_.empty()) {
        whole_ = part.tallies;
        continue;
      }
      for (std::size_t slot = 0; slot < whole_.size(); ++slot)
        whole_[slot].follow(part.tallies[slot]);
    }
    const FinishedRun finished(summary, names_);
    take(result, criteria::judge(*expression_, Tallied(names_, whole_, whole_s_),
                                 [&](std::uint32_t slot) { return finished.values().why_null(slot); }));
    result.expected += every + " (there was less: judged as one)";
    return;
  }
  if (worst_) {
    take(result, *worst_);
    result.passed = !broke_at_;
    result.broke_at = broke_at_;
  } else {
    judge_whole(summary, result);
    result.passed = false;
    if (result.reason.empty())
      result.reason = "it had no value" + std::string(windows_ > 0 ? every : " while it was looked at");
    result.observed = "no value";
    result.by.clear();
  }
  result.expected += every;
}

/// Why nothing can be said of a task: nobody met it.
std::string Clause::stranger(const engine::RunSummary& summary) const {
  if (task_.empty()) return "";
  std::vector<std::string> there;
  for (const std::string_view counter : {names::kExecutionTotal, names::kRequestTotal})
    for (const auto& [task, count] : summary.metrics.counters_by(counter, "task")) {
      if (task == task_) return "";
      there.push_back(task);
    }
  const std::string near = near_text(task_, there);
  return "no task called '" + task_ + "' was run" + (near.empty() ? "" : "; " + near);
}

AssertionResult Clause::judge(const engine::RunSummary& summary) {
  AssertionResult result;
  result.text = text_;
  result.scenario = scenario_;
  if (has_window())
    judge_windows(summary, result);
  else if (after_ > 0)
    judge_rest(summary, result);
  else
    judge_whole(summary, result);
  if (std::string why = stranger(summary); !why.empty()) {
    result.passed = false;
    result.observed = "no value";
    result.by.clear();
    result.reason = std::move(why);
  }
  return result;
}

FinishedRun::FinishedRun(const engine::RunSummary& summary, const criteria::RunNames& run_names)
    : values_(run_names, {.snapshot = &summary.metrics,
                          .seconds = summary.run.duration_s,
                          .verdict = engine::name(summary.verdict.status)}) {
  for (const engine::ScenarioSummary& each : summary.scenarios) {
    const bool begun = each.skipped.empty() && (each.load.started > 0 || each.duration_s > 0);
    if (begun) {
      values_.add_scenario(each.name, {.snapshot = &summary.metrics,
                                       .seconds = each.duration_s,
                                       .verdict = engine::name(each.verdict.status),
                                       .holds = criteria::RunView::Holds::several});
    } else {
      absences_.push_back(each.skipped.empty() ? "never began" : "was skipped: " + each.skipped);
      values_.add_scenario(each.name, {.snapshot = nullptr, .seconds = 0, .verdict = {}, .absence = absences_.back()});
    }
  }
}

}  // namespace vajrapulse::plan
