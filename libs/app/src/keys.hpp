#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "vajrapulse/app/run.hpp"
#include "vajrapulse/engine/control.hpp"

namespace vajrapulse::app {

/// What `+`, `-` and `0` change: the rate, or how many users there are. An adaptive load chooses its own rate.
enum class LevelKeys { none, rate, users };
/// Those that all scenarios of the job understand.
LevelKeys level_keys(const Job& job);

/// What a key asks of a run that has `users` and was told `state` so far; nothing when the key means nothing.
std::optional<engine::Control> control_of(char key, const engine::ControlState& state, LevelKeys level,
                                          std::uint64_t users = 0);

/// The line of the live view that names the keys: "p pause/resume · + - rate · 0 as planned · q stop".
std::string keys_text(LevelKeys level);

}  // namespace vajrapulse::app
