#pragma once

#include <memory>
#include <optional>

#include "vajrapulse/app/run_options.hpp"
#include "vajrapulse/engine/adaptive_load.hpp"
#include "vajrapulse/engine/run.hpp"

namespace CLI {
class App;
}

namespace vajrapulse::app {

/// Declares --adaptive and what belongs to it (group "Adaptive load").
void add_adaptive_options(CLI::App& command, AdaptiveOptions& options);

/// The settings that the options describe; nothing when the load is not to adapt.
Expected<std::optional<engine::AdaptiveSettings>> make_adaptive(const AdaptiveOptions& options);

/// Holds the rates that an adaptive load decides on in the run that `run` will point at.
std::unique_ptr<engine::AdaptiveLoad> steer(const engine::AdaptiveSettings& settings, engine::Run*& run,
                                            engine::AdaptiveLoad::Say say);

}  // namespace vajrapulse::app
