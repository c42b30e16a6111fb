#pragma once

#include <optional>

#include "vajrapulse/app/run_options.hpp"
#include "vajrapulse/engine/adaptive.hpp"

namespace CLI {
class App;
}

namespace vajrapulse::app {

/// Declares --adaptive and what belongs to it (group "Adaptive load").
void add_adaptive_options(CLI::App& command, AdaptiveOptions& options);

/// The settings that the options describe; nothing when the load is not to adapt.
Expected<std::optional<engine::AdaptiveSettings>> make_adaptive(const AdaptiveOptions& options);

}  // namespace vajrapulse::app
