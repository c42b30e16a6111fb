#include "merged_run.hpp"

#include <algorithm>
#include <string_view>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "verdict.hpp"

namespace vajrapulse::engine {
namespace {

double seconds(Duration duration) { return std::chrono::duration<double>(duration).count(); }

struct Window {
  double begin = 0;
  double end = 0;
};

/// How long it was that at least one of them lasted.
double length_of_union(std::vector<Window> windows) {
  std::ranges::sort(windows, {}, &Window::begin);
  double length = 0;
  double reached = -1e300;
  for (const Window& window : windows) {
    const double begin = std::max(window.begin, reached);
    if (window.end <= begin) continue;
    length += window.end - begin;
    reached = window.end;
  }
  return length;
}

void add_phase(std::optional<PhaseCounts>& sum, const PhaseCounts& part) {
  if (!sum) sum.emplace();
  sum->started += part.started;
  sum->failed += part.failed;
  sum->duration_s += part.duration_s;
}

ScenarioSummary summary_of(const FinishedScenario& finished, TimePoint origin) {
  const RunSummary& summary = finished.summary;
  const bool too_late = !finished.begun && finished.skipped.empty();
  return {.name = finished.scenario.name,
          .load_text = summary.run.load_text,
          .measured = finished.measured,
          .skipped = too_late ? "the run ended before its turn" : finished.skipped,
          .t = finished.begun ? seconds(finished.schedule.origin - origin) : 0,
          .duration_s = finished.begun ? summary.run.duration_s : 0,
          .open_model = summary.run.open_model,
          .verdict = finished.begun ? summary.verdict : Verdict{},
          .load = summary.load,
          .warmup = summary.warmup,
          .cooldown = summary.cooldown,
          .paused_s = summary.paused_s};
}

/// The most that can have been in flight at one moment: of those whose windows overlap, the sum.
std::uint64_t most_in_flight(const std::vector<ScenarioSummary>& scenarios) {
  std::uint64_t most = 0;
  for (const ScenarioSummary& at : scenarios) {
    std::uint64_t together = 0;
    for (const ScenarioSummary& other : scenarios)
      if (other.measured && other.t <= at.t && at.t < other.t + other.duration_s) together += other.load.max_in_flight;
    most = std::max(most, together);
  }
  return most;
}

/// Adds up what several scenarios did.
class Merging {
 public:
  Merging(const RunSettings& settings, std::vector<FinishedScenario>& finished)
      : settings_(settings), finished_(finished) {
    for (const FinishedScenario& each : finished_)
      if (each.begun && (!first_ || each.schedule.origin < first_->schedule.origin)) first_ = &each;
    if (!first_) first_ = &finished_.front();
  }

  RunSummary all(const GeneratorFacts& facts) {
    describe();
    for (FinishedScenario& each : finished_)
      add(each);
    std::ranges::sort(sum_.series, {}, [](const SeriesPoint& point) {
      return std::tuple(point.t, std::string_view(point.scenario), point.phase);
    });
    sum_.run.duration_s = length_of_union(windows_);
    sum_.load.max_in_flight = most_in_flight(sum_.scenarios);
    sum_.generator = facts;
    judge_all();
    // Of users that wait for nothing but their answers nobody knows how many there should have been: no half of a
    // total.
    if (!all_have_targets_) sum_.load.target.reset();
    return std::move(sum_);
  }

 private:
  void describe() {
    sum_.run = first_->summary.run;
    sum_.run.name = settings_.name;
    sum_.run.seed = settings_.seed;
    sum_.run.load_text = fmt::format("{} scenarios", finished_.size());
    sum_.run.open_model = std::ranges::any_of(finished_, [](const FinishedScenario& each) {
      return each.measured &&
             (each.begun ? each.summary.run.open_model : std::holds_alternative<OpenModel>(each.scenario.load));
    });
    sum_.run.shards = 1;
    sum_.warnings = settings_.warnings;
  }

  void add(FinishedScenario& each) {
    RunSummary& one = each.summary;
    sum_.scenarios.push_back(summary_of(each, first_->schedule.origin));
    sum_.abandoned = sum_.abandoned || one.abandoned;
    sum_.run.shards = std::max(sum_.run.shards, one.run.shards);
    if (!each.begun) return;
    const ScenarioSummary& added = sum_.scenarios.back();
    for (const std::string& warning : one.warnings)
      sum_.warnings.push_back(added.name + ": " + warning);
    for (SeriesPoint& point : one.series) {
      point.t += added.t;
      point.scenario = added.name;
      if (!each.measured && point.phase < Phase::drain) point.phase = Phase::warmup;
      sum_.series.push_back(std::move(point));
    }
    for (ControlEvent& event : one.controls) {
      event.t += added.t;
      sum_.controls.push_back(std::move(event));
    }
    if (one.warmup) add_phase(sum_.warmup, *one.warmup);
    if (one.cooldown) add_phase(sum_.cooldown, *one.cooldown);
    sum_.paused_s += one.paused_s;
    if (each.measured) {
      add_measured(one, added);
    } else {
      add_phase(sum_.warmup, {one.load.started, one.load.failed, one.run.duration_s});
    }
  }

  void add_measured(const RunSummary& one, const ScenarioSummary& added) {
    add_counts(sum_.load, one.load);
    all_have_targets_ = all_have_targets_ && one.load.target.has_value();
    sum_.metrics.merge(one.metrics);
    windows_.push_back({added.t, added.t + added.duration_s});
  }

  void judge_all() {
    Duration slack{};
    for (const FinishedScenario& each : finished_)
      if (const auto* open = std::get_if<OpenModel>(&each.scenario.load)) slack = std::max(slack, open->slack);
    sum_.verdict = judge({sum_.load, sum_.metrics, sum_.generator, sum_.run.duration_s, {}, sum_.run.shards, slack},
                         settings_.thresholds);
    for (const ScenarioSummary& each : sum_.scenarios) {
      if (!each.measured || each.verdict.status == VerdictStatus::valid) continue;
      sum_.verdict.status = std::max(sum_.verdict.status, each.verdict.status);
      for (const std::string& reason : each.verdict.reasons)
        sum_.verdict.reasons.push_back(each.name + ": " + reason);
    }
  }

  const RunSettings& settings_;
  std::vector<FinishedScenario>& finished_;
  const FinishedScenario* first_ = nullptr;
  std::vector<Window> windows_;
  bool all_have_targets_ = true;
  RunSummary sum_;
};

}  // namespace

RunSummary merge(const RunSettings& settings, std::vector<FinishedScenario> scenarios, const GeneratorFacts& facts) {
  if (scenarios.size() > 1) return Merging(settings, scenarios).all(facts);
  FinishedScenario& only = scenarios.front();
  ScenarioSummary described = summary_of(only, only.schedule.origin);
  RunSummary summary = std::move(only.summary);
  summary.warnings.insert(summary.warnings.begin(), settings.warnings.begin(), settings.warnings.end());
  summary.scenarios.push_back(std::move(described));
  return summary;
}

void ProgressSum::add(const Progress& progress, std::string_view scenario) {
  if (added_++ == 0) {
    sum_ = progress;
    sum_.scenario = scenario;
    return;
  }
  sum_.scenario += " + " + std::string(scenario);
  sum_.phase = std::min(sum_.phase, progress.phase);
  sum_.target_tps += progress.target_tps;
  sum_.actual_tps += progress.actual_tps;
  sum_.completed_tps += progress.completed_tps;
  if (progress.users) sum_.users = sum_.users.value_or(0) + *progress.users;
  add_counts(sum_.load, progress.load);
  sum_.response_time.merge(progress.response_time);
  sum_.service_time.merge(progress.service_time);
  sum_.errors_interval += progress.errors_interval;
  sum_.errors.insert(sum_.errors.end(), progress.errors.begin(), progress.errors.end());
  if (progress.verdict_so_far)
    sum_.verdict_so_far = std::max(sum_.verdict_so_far.value_or(VerdictStatus::valid), *progress.verdict_so_far);
}

}  // namespace vajrapulse::engine
