#pragma once

#include <optional>
#include <string>

#include "vajrapulse/app/run_options.hpp"
#include "vajrapulse/engine/control.hpp"

namespace vajrapulse::app {

/// Whether keys may change the rate of a load: users have none, and an adaptive load chooses its own.
enum class RateKeys { on, off };
RateKeys rate_keys(const Load& load);

/// What a key asks of a run that has been told `state` so far; nothing when the key means nothing.
std::optional<engine::Control> control_of(char key, const engine::ControlState& state, RateKeys rate);

/// The line of the live view that names the keys: "p pause/resume · + - rate · 0 as planned · q stop".
std::string keys_text(RateKeys rate);

}  // namespace vajrapulse::app
