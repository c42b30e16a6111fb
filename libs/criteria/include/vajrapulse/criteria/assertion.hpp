#pragma once

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
};

/// Evaluates `expression` over a run. What never got a value fails, and says so.
AssertionOutcome judge(const Expression& expression, const RunValues& values);

}  // namespace vajrapulse::criteria
