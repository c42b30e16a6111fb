#pragma once

#include <functional>
#include <memory>

namespace CLI {
class App;
}

namespace vajrapulse::commands {

/// What a subcommand does once the command line has been understood; returns the exit code.
using Act = std::function<int()>;

/// Each declares itself on `root` and returns what to do when it was chosen.
Act run(CLI::App& root);
Act http(CLI::App& root);
Act find_max(CLI::App& root);
Act demo_server(CLI::App& root);
Act pattern(CLI::App& root);
Act validate(CLI::App& root);
Act config(CLI::App& root);
Act schema(CLI::App& root);

}  // namespace vajrapulse::commands
