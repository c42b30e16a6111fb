#include "vajrapulse/plan/conditions.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include "assertion_place.hpp"
#include "vajrapulse/criteria/assertion.hpp"

namespace vajrapulse::plan {
namespace {

/// A condition and what its names mean; shared by the copies of the function.
struct Condition {
  criteria::RunNames names;
  std::optional<criteria::Expression> expression;
};

std::optional<std::string> why_not(const Condition& condition, const std::vector<engine::ScenarioResult>& all) {
  criteria::RunValues values(condition.names, {});
  for (const engine::ScenarioResult& each : all) {
    const bool there = !each.skipped && (each.measured_s > 0 || each.load.started > 0);
    const criteria::RunView view{.snapshot = there ? &each.metrics : nullptr,
                                 .seconds = each.measured_s,
                                 .verdict = there ? engine::name(each.verdict) : std::string_view(),
                                 .absence = each.skipped ? "was skipped" : "has not run"};
    values.add_scenario(std::string(each.name), view);
  }
  const criteria::AssertionOutcome outcome = criteria::judge(*condition.expression, values);
  if (outcome.passed) return std::nullopt;
  if (!outcome.reason.empty()) return outcome.text + " has no value: " + outcome.reason;
  return outcome.text + " does not hold: " + outcome.observed;
}

}  // namespace

std::optional<When> compile_when(const schema::Placed<std::string>& text, std::size_t own,
                                 const std::vector<AssertedScenario>& scenarios, document::Diagnostics& diagnostics) {
  std::vector<criteria::RunNames::Scenario> known = names_of(scenarios);
  for (std::size_t i = 0; i < known.size(); ++i)
    known[i].refusal = i == own ? "'" + known[i].name + "' cannot wait for what it has not done yet" : "";
  auto condition = std::make_shared<Condition>(
      Condition{criteria::RunNames(std::move(known), criteria::RunNames::Bare::refused), {}});
  auto expression = criteria::Expression::compile(text.value, condition->names, criteria::Wanted::condition);
  if (!expression) {
    report(text, expression.error(), diagnostics);
    return std::nullopt;
  }
  condition->expression = std::move(*expression);
  When when;
  for (std::size_t i = 0; i < scenarios.size(); ++i)
    if (std::ranges::any_of(condition->names.measures(),
                            [&](const auto& measure) { return measure.scenario == scenarios[i].name; }))
      when.scenarios.push_back(i);
  when.skip_when = [condition](const std::vector<engine::ScenarioResult>& all) { return why_not(*condition, all); };
  return when;
}

}  // namespace vajrapulse::plan
