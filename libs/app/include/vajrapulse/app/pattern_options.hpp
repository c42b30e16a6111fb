#pragma once

#include "vajrapulse/engine/pattern_keys.hpp"

namespace CLI {
class App;
}

namespace vajrapulse::app {

/// A load pattern flag by flag.
using PatternOptions = engine::PatternKeys;

/// Declares them (group "Load pattern").
void add_pattern_options(CLI::App& command, PatternOptions& options);

}  // namespace vajrapulse::app
