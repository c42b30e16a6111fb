#include "vajrapulse/testing.hpp"

namespace vajrapulse {
namespace {

RunResult::Outcome valid(const RunResult& result) {
  const engine::Verdict& verdict = result.verdict();
  RunResult::Outcome outcome{verdict.status == engine::VerdictStatus::valid, ""};
  outcome.said = "its verdict is " + std::string(engine::name(verdict.status));
  for (const std::string& reason : verdict.reasons)
    outcome.said += "; " + reason;
  return outcome;
}

std::string said_of(const engine::AssertionResult& assertion) {
  const bool named = assertion.scenario.empty() || assertion.text.starts_with(assertion.scenario + ".");
  std::string said = (named ? "" : assertion.scenario + ": ") + assertion.text;
  if (!assertion.reason.empty()) return said + ": no value, " + assertion.reason;
  said += ": " + assertion.observed;
  if (!assertion.expected.empty()) said += ", expected " + assertion.expected;
  return said + (assertion.by.empty() ? "" : " (" + assertion.by + ")");
}

RunResult::Outcome passes(const RunResult& result) {
  if (result.assertions().empty()) return {false, "it has no assertions"};
  RunResult::Outcome outcome{true, ""};
  for (const engine::AssertionResult& assertion : result.assertions()) {
    if (assertion.passed) continue;
    outcome.holds = false;
    outcome.said += (outcome.said.empty() ? "" : "; ") + said_of(assertion);
  }
  if (outcome.holds) outcome.said = "all of them hold";
  return outcome;
}

}  // namespace

RunMatcher IsValid() { return {"is VALID", valid}; }

RunMatcher PassesAssertions() { return {"passes its assertions", passes}; }

RunMatcher Holds(std::string condition) {
  std::string meaning = "holds " + condition;
  return {std::move(meaning),
          [condition = std::move(condition)](const RunResult& result) { return result.holds(condition); }};
}

}  // namespace vajrapulse
