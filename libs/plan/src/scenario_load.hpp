#pragma once

#include "vajrapulse/document/diagnostics.hpp"
#include "vajrapulse/engine/scenario.hpp"
#include "vajrapulse/plan/plan.hpp"

namespace vajrapulse::plan {

/// Everything of `scenario` but its task: the model and its times. Reports what does not go together, and what says
/// neither how much nor how long. `written`: the map that the scenario was read from, for the places of its keys; may
/// be null.
bool read_load(const ScenarioPlan& scenario, const document::Node* written, document::Diagnostics& found,
               engine::Scenario& into);

}  // namespace vajrapulse::plan
