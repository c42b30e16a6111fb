#include "vajrapulse/app/pattern_options.hpp"

#include <CLI/CLI.hpp>

namespace vajrapulse::app {

void add_pattern_options(CLI::App& command, PatternOptions& options) {
  const auto add = [&](const char* name, std::string& value, const char* type, const char* what) {
    command.add_option(name, value, what)->option_text(type)->group("Load pattern");
  };
  add("--pattern", options.pattern, "NAME",
      "static, ramp, ramp-sustain, ramp-down, step, sine or spike; --load flag by flag");
  add("--from-tps", options.from_tps, "RATE", "Where a ramp begins (default 0)");
  add("--to-tps", options.to_tps, "RATE", "Where it ends: as --tps, or where a ramp-down ends (default 0)");
  add("--ramp-duration", options.ramp_duration, "TIME", "How long a ramp takes");
  add("--sustain-duration", options.sustain_duration, "TIME",
      "How long its end is held (default: the rest of --duration), or a stable --adaptive rate (30s)");
  add("--steps", options.steps, "LIST", "Steps, each RATE:TIME: 100:30s,200:1m,500:30s");
  add("--mean", options.mean, "RATE", "Sine: the rate it swings around");
  add("--amplitude", options.amplitude, "RATE", "Sine: how far, at most the mean");
  add("--period", options.period, "TIME", "Sine: from one crest to the next");
  add("--base-rate", options.base_rate, "RATE", "Spike: the rate between spikes");
  add("--spike-rate", options.spike_rate, "RATE", "Spike: the rate in them");
  add("--spike-interval", options.spike_interval, "TIME",
      "Spike: one in the middle of every TIME (default: one in all)");
  add("--spike-duration", options.spike_duration, "TIME", "Spike: how long each is (default: a tenth of the interval)");
}

}  // namespace vajrapulse::app
