#include "vajrapulse/criteria/assertion.hpp"

namespace vajrapulse::criteria {

AssertionOutcome judge(const Expression& expression, const RunValues& values) {
  AssertionOutcome outcome{.text = expression.text(), .passed = false, .observed = {}, .reason = {}};
  const auto holds = expression.holds(values);
  outcome.passed = holds.value_or(false);
  const auto& uses = expression.uses();
  for (const Expression::Use& use : uses) {
    const Value value = values.at(use.slot);
    if (!outcome.observed.empty()) outcome.observed += ", ";
    outcome.observed += (uses.size() > 1 ? use.text + " " : "") + format(value);
    if (!holds && value.is_null() && outcome.reason.empty()) outcome.reason = values.why_null(use.slot);
  }
  if (!holds && outcome.reason.empty()) outcome.reason = "it has no value";
  return outcome;
}

}  // namespace vajrapulse::criteria
