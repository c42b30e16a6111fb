#pragma once

#include <optional>
#include <string>

#include "vajrapulse/engine/control.hpp"
#include "vajrapulse/engine/scenario.hpp"

namespace vajrapulse::app {

/// What a key asks of a run that has been told `state` so far; nothing when the key means nothing.
std::optional<engine::Control> control_of(char key, const engine::ControlState& state,
                                          const decltype(engine::Scenario::load)& load);

/// The line of the live view that names the keys: "p pause · + - rate · 0 as planned · q stop".
std::string keys_text(const decltype(engine::Scenario::load)& load);

}  // namespace vajrapulse::app
