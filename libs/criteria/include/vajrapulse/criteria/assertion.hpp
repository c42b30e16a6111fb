#pragma once

#include <functional>
#include <string>

#include "vajrapulse/criteria/expression.hpp"
#include "vajrapulse/criteria/run_names.hpp"

namespace vajrapulse::criteria {

/// How an assertion came out.
struct AssertionOutcome {
  std::string text;      ///< as written: "p99 < 500ms"
  bool passed = false;   ///< false also when it had no value
  std::string observed;  ///< "12.1 ms"; of several names "p99 12.1 ms, errors 0 %"
  std::string reason;    ///< why there was no value; else empty
  std::string expected;  ///< "under 500 ms"; of more than one comparison the text itself
  std::string by;        ///< by how much it missed or held: "24 % over", "97 % under", "7 over"; may be empty
};

/// Evaluates `expression` over a run. What never got a value fails, and says so.
AssertionOutcome judge(const Expression& expression, const RunValues& values);
/// The same of any values; `why_null` says in a clause why a slot has none.
AssertionOutcome judge(const Expression& expression, const Values& values,
                       const std::function<std::string(std::uint32_t slot)>& why_null);

}  // namespace vajrapulse::criteria
