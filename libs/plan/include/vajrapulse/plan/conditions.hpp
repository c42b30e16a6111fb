#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "vajrapulse/document/diagnostics.hpp"
#include "vajrapulse/engine/run.hpp"
#include "vajrapulse/plan/assertions.hpp"
#include "vajrapulse/schema/shape.hpp"

namespace vajrapulse::plan {

/// Whether a scenario's turn comes: `when: steady-state.errors < 1%`.
struct When {
  /// For PlannedScenario::skip_when: nothing when it begins; else "steady-state.errors < 1% does not hold: 3.20 %". A
  /// scenario that was skipped or has not begun has no values: the condition does not hold. Any thread.
  std::function<std::optional<std::string>(const std::vector<engine::ScenarioResult>& all)> skip_when;
  std::vector<std::size_t> scenarios;  ///< numbers of those it asks about, which must have ended; ascending
};

/// Compiles the condition of `scenarios[own]`. Every name has to say of which scenario: `steady-state.p99`,
/// `steady-state.verdict == 'VALID'`. Reports what is wrong, in the text, and gives nothing.
std::optional<When> compile_when(const schema::Placed<std::string>& condition, std::size_t own,
                                 const std::vector<AssertedScenario>& scenarios, document::Diagnostics& diagnostics);

}  // namespace vajrapulse::plan
