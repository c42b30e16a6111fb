#include "vajrapulse/search/level.hpp"

#include <algorithm>
#include <cmath>

#include "trend.hpp"
#include "vajrapulse/base/units.hpp"

namespace vajrapulse::search {
namespace {

constexpr double kRises = 3;         // Mann and Kendall's z: by chance once in a thousand
constexpr double kDecided = 2.33;    // standard errors: 99 %
constexpr double kMostErrors = 6;    // beyond, a normal distribution says nothing
constexpr double kLongEnough = 0.5;  // of the usual length: a shorter batch is the rest of a run

/// The batches that are as long as the others.
std::vector<const Batch*> whole_batches(const Observation& observation) {
  double longest = 0;
  for (const Batch& batch : observation.batches)
    longest = std::max(longest, batch.seconds);
  std::vector<const Batch*> whole;
  for (const Batch& batch : observation.batches)
    if (batch.seconds > kLongEnough * longest) whole.push_back(&batch);
  return whole;
}

}  // namespace

Level::Level(double rate, const Objectives& objectives)
    : rate_(rate), objectives_(&objectives), margins_(objectives.size()) {}

void Level::add(const Observation& observation) {
  whole_.merge(observation.whole);
  seconds_ += observation.seconds;
  ++runs_;
  if (runs_ == 1 || observation.verdict != "VALID") verdict_ = observation.verdict;
  std::vector<double> backlogs;
  for (const Batch* batch : whole_batches(observation)) {
    backlogs.push_back(batch->backlog);
    const auto margins = objectives_->margins({&batch->snapshot, batch->seconds, observation.verdict});
    for (std::size_t i = 0; i < margins.size(); ++i)
      if (margins[i]) margins_[i].push_back(*margins[i]);
  }
  const Trend trend = trend_of(backlogs);
  rising_runs_ += trend.z > kRises ? 1 : 0;
  growth_ += trend.growth;
  chance_ += 1 + (backlogs.empty() ? 0 : *std::ranges::min_element(backlogs));
}

double Level::undone() const noexcept { return seconds_ > 0 ? growth_ / (rate_ * seconds_) : 0; }

double Level::overload() const noexcept {
  if (2 * rising_runs_ <= runs_) return -kMostErrors;
  return (growth_ - kUndone * rate_ * seconds_) / std::sqrt(chance_);
}

std::string Level::observed() const {
  std::string text;
  for (std::size_t i = 0; i < objectives_->size(); ++i) {
    const auto outcome = objectives_->judge(i, view());
    std::string name = outcome.text.substr(0, outcome.text.find_first_of(" <>=!"));
    if (outcome.observed.find(name) != std::string::npos) name.clear();  // several names: each stands there
    text += (text.empty() ? "" : ", ") + name + (name.empty() ? "" : " ") + outcome.observed;
    if (!outcome.reason.empty()) text += " (" + outcome.reason + ")";
  }
  return text;
}

Finding Level::finding() const {
  Finding finding{.why = observed()};
  const auto pooled = objectives_->margins(view());
  const double behind = overload();
  finding.overloaded = behind > 0;
  double least = std::clamp(-behind, -kMostErrors, kMostErrors);
  bool holds = !finding.overloaded;
  for (std::size_t i = 0; i < pooled.size(); ++i) {
    const double margin = pooled[i].value_or(-1);  // what never got a value does not hold
    const bool passed = pooled[i] && objectives_->judge(i, view()).passed;
    const double error = standard_error(margins_[i]);
    double z = !pooled[i] ? kMostErrors : error > 0 ? std::abs(margin) / error : margin == 0 ? 0 : kMostErrors;
    z = std::min(z, kMostErrors);
    holds = holds && passed;
    least = std::min(least, passed ? z : -z);
  }
  if (finding.overloaded) finding.why = "falls behind by " + format_percent(undone()) + "; " + finding.why;
  finding.holds = holds;
  finding.confidence = normal_share(std::abs(least));
  finding.decided = std::abs(least) >= kDecided;
  return finding;
}

}  // namespace vajrapulse::search
