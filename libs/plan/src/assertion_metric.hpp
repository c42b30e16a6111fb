#pragma once

#include <optional>
#include <string>

#include "vajrapulse/criteria/run_names.hpp"
#include "vajrapulse/document/diagnostics.hpp"
#include "vajrapulse/plan/assertion.hpp"

namespace vajrapulse::plan {

/// The brief's form in the expression language, and as people read it.
struct WrittenMetric {
  std::string expression;  ///< metric.p99("vajrapulse.execution.duration") <= 500ms
  std::string text;        ///< "vajrapulse.execution.duration p99 at most 500ms"
};

/// Reports what does not fit: an unknown metric, a percentile of a counter, a limit without its unit. `names` is used
/// for trying and knows more slots afterwards.
std::optional<WrittenMetric> written(const MetricAssertion& metric, criteria::RunNames& names,
                                     document::Diagnostics& diagnostics);

}  // namespace vajrapulse::plan
