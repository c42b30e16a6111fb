#include <CLI/CLI.hpp>
#include <memory>
#include <optional>

#include "commands.hpp"
#include "vajrapulse/app/command_line.hpp"
#include "vajrapulse/app/load_sketch.hpp"

namespace vajrapulse::commands {
namespace {

struct Options {
  app::LoadOptions load;
  std::optional<std::uint64_t> seed;
  bool no_color = false;
};

int show(const Options& options) {
  const auto load = app::make_load(options.load);
  if (!load) return app::complain(load.error());
  app::draw(app::sketch_of(*load, options.seed), options.no_color);
  return 0;
}

}  // namespace

Act pattern(CLI::App& root) {
  auto options = std::make_shared<Options>();
  CLI::App& command = *root.add_subcommand("pattern", "Draw a load and say what it comes to; sends nothing");
  app::add_load_options(command, options->load);
  command.add_option("--seed", options->seed, "Of Poisson arrivals, whose exact number it says, and of --think")
      ->option_text("N")
      ->group("Generator");
  command.add_flag("--no-color", options->no_color, "No colours (NO_COLOR in the environment does the same)")
      ->group("Output");
  app::style_help(command,
                  "  vajrapulse pattern --load 'ramp 0..1000/s 1m, hold 5m, ramp 0 30s'\n"
                  "  vajrapulse pattern --load 'spike 1000/s to 5000/s every 1m for 10s, 5m'\n"
                  "  vajrapulse pattern --pattern sine --mean 1000 --amplitude 300 --period 1m --duration 5m\n"
                  "  vajrapulse pattern --tps 1000 --duration 1m --arrivals poisson --seed 7\n");
  return [options] { return show(*options); };
}

}  // namespace vajrapulse::commands
