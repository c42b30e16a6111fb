#include "vajrapulse/criteria/assertion.hpp"

#include <cmath>

#include "vajrapulse/base/units.hpp"

namespace vajrapulse::criteria {
namespace {

using Demand = Comparison::Demand;

std::string_view word_of(Demand demand) noexcept {
  switch (demand) {
    case Demand::under: return "under ";
    case Demand::at_most: return "at most ";
    case Demand::over: return "over ";
    case Demand::at_least: return "at least ";
    case Demand::equal: return "";
    case Demand::other: return "anything but ";
  }
  return "";
}

/// The limit in the unit of what is measured: of a share that is written as 0.01, "1 %".
Value limit_of(const Comparison& comparison) {
  Value limit = comparison.limit;
  if (limit.is_number() && comparison.measured.is_number() && limit.type == Type::number)
    limit.type = comparison.measured.type;
  return limit;
}

/// "24 % over", of a limit of zero "7 over".
std::string distance_text(const Comparison& comparison) {
  const Value limit = limit_of(comparison);
  if (!comparison.measured.is_number() || !limit.is_number()) return "";
  const double difference = comparison.measured.number - limit.number;
  if (difference == 0) return comparison.demand == Demand::equal ? "" : "just at it";
  const std::string side = difference > 0 ? " over" : " under";
  if (limit.number == 0) return format(Value::of(std::abs(difference), limit.type)) + side;
  return format_percent(std::abs(difference / limit.number)) + side;
}

std::string observed_text(const Expression& expression, const Values& values) {
  std::string text;
  const auto& uses = expression.uses();
  for (const Expression::Use& use : uses) {
    if (!text.empty()) text += ", ";
    text += (uses.size() > 1 ? use.text + " " : "") + format(values.at(use.slot));
  }
  return text;
}

std::string reason_text(const Expression& expression, const Values& values,
                        const std::function<std::string(std::uint32_t slot)>& why_null) {
  for (const Expression::Use& use : expression.uses())
    if (values.at(use.slot).is_null()) return why_null(use.slot);
  return "it has no value";
}

}  // namespace

AssertionOutcome judge(const Expression& expression, const Values& values,
                       const std::function<std::string(std::uint32_t slot)>& why_null) {
  AssertionOutcome outcome{.text = expression.text()};
  const auto holds = expression.holds_for_sure(values);
  outcome.passed = holds.value_or(false);
  outcome.observed = observed_text(expression, values);
  outcome.expected = expression.text();
  if (!holds) outcome.reason = reason_text(expression, values, why_null);
  if (const auto comparison = expression.comparison(values)) {
    outcome.expected = std::string(word_of(comparison->demand)) + format(limit_of(*comparison));
    if (holds) outcome.by = distance_text(*comparison);
  }
  return outcome;
}

AssertionOutcome judge(const Expression& expression, const RunValues& values) {
  return judge(expression, values, [&](std::uint32_t slot) { return values.why_null(slot); });
}

}  // namespace vajrapulse::criteria
