#pragma once

#include <memory>

#include "vajrapulse/app/run_options.hpp"
#include "vajrapulse/engine/load_pattern.hpp"

namespace CLI {
class App;
}

namespace vajrapulse::app {

/// Declares --replay and what belongs to it, in the group "Load".
void add_replay_options(CLI::App& command, ReplayOptions& options);

/// Checks the replay's options against each other and the load's; reads nothing.
Status check_replay(const LoadOptions& options);

/// Reads the recording. What has to be said about it goes to `load.notes`, its requests to `load.recorded`.
Expected<std::shared_ptr<const engine::LoadPattern>> replay_pattern(const LoadOptions& options, Load& load);

}  // namespace vajrapulse::app
