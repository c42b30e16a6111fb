#pragma once

#include <functional>
#include <string>

#include "vajrapulse/app/run_options.hpp"

namespace CLI {
class App;
}

namespace vajrapulse::app {

/// Declares the load options (groups "Load" and "Load pattern") on `command`.
void add_load_options(CLI::App& command, LoadOptions& load);

/// Declares the load options and the run options (groups "Generator" and "Output") on `command`.
void add_run_options(CLI::App& command, RunOptions& options);

/// Declares the run options alone.
void add_generator_options(CLI::App& command, RunOptions& options);

/// Gives `command` and its subcommands the house's help: grouped, at most 100 columns, with `examples` below.
void style_help(CLI::App& command, const std::string& examples);

/// The type name (`CLI::Option::type_name`) of an option whose value may be empty; every other's may not.
inline constexpr const char* kMayBeEmpty = "MAY-BE-EMPTY";

/// Parses and runs: `act` after a successful parse; help and version print and return 0; a mistake prints one
/// sentence with the nearest right word and returns 2. Standard output that cannot be written makes a 1 of the code.
int parse_and_run(CLI::App& command, int argc, char** argv, const std::function<int()>& act);

/// "vajrapulse: <what>; <cure>" to standard error. Returns `exit_code`.
int complain(const Error& error, int exit_code = 2);

}  // namespace vajrapulse::app
