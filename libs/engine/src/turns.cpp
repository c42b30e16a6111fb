#include "turns.hpp"

#include <algorithm>

namespace vajrapulse::engine {

bool Turns::leads_to(std::size_t from, std::size_t to, std::size_t depth) const {
  if (depth > plan_.size()) return true;
  return std::ranges::any_of(plan_[from].follows,
                             [&](std::size_t before) { return before == to || leads_to(before, to, depth + 1); });
}

Status Turns::check() const {
  if (plan_.empty()) return fail(kUsage, "there is no scenario to run", "give at least one");
  for (std::size_t i = 0; i < plan_.size(); ++i) {
    for (const std::size_t before : plan_[i].follows)
      if (before >= plan_.size())
        return fail(kUsage, "scenario '" + plan_[i].scenario.name + "' follows one that is not there", "name another");
    if (leads_to(i, i, 0))
      return fail(kUsage, "scenario '" + plan_[i].scenario.name + "' would begin only after itself",
                  "let it begin after another one, or with the run");
  }
  return {};
}

bool Turns::awaited(std::size_t number) const {
  return std::ranges::any_of(plan_, [&](const PlannedScenario& planned) {
    return planned.after == PlannedScenario::After::last_iteration &&
           std::ranges::find(planned.follows, number) != planned.follows.end();
  });
}

std::optional<TimePoint> Turns::due(std::size_t number) const {
  const PlannedScenario& planned = plan_[number];
  TimePoint latest = begun_;
  for (const std::size_t before : planned.follows) {
    const State& state = states_[before];
    std::optional<TimePoint> end = state.ended;
    // Iterations may have ended it before its time.
    if (planned.after == PlannedScenario::After::scheduled_end && state.scheduled_end)
      end = std::min(end.value_or(TimePoint::max()), *state.scheduled_end);
    if (!end) return std::nullopt;
    latest = std::max(latest, *end);
  }
  return latest + planned.delay;
}

void Turns::skipped(std::size_t number, TimePoint at) { states_[number] = {at, at}; }

}  // namespace vajrapulse::engine
