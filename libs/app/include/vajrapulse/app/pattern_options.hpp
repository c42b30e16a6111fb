#pragma once

#include <string>

#include "vajrapulse/base/error.hpp"

namespace CLI {
class App;
}

namespace vajrapulse::app {

/// A load pattern flag by flag, as typed; empty: not given. Each pattern is sugar for a load of the load language.
struct PatternOptions {
  std::string pattern;  ///< static, ramp, ramp-sustain, ramp-down, step, sine, spike
  std::string from_tps;
  std::string to_tps;
  std::string ramp_duration;
  std::string sustain_duration;
  std::string steps;  ///< "100:30s,200:1m"
  std::string mean;
  std::string amplitude;
  std::string period;
  std::string base_rate;
  std::string spike_rate;
  std::string spike_interval;
  std::string spike_duration;
};

/// Declares them (group "Load pattern").
void add_pattern_options(CLI::App& command, PatternOptions& options);

/// The load that the flags describe, in the load language; `tps` and `duration` are --tps and --duration. Nothing when
/// no pattern is asked for. A flag that belongs to no pattern or another one, is missing, contradicts another or is out
/// of range is refused in one sentence with the flag, its value and a valid example.
Expected<std::string> load_of(const PatternOptions& options, const std::string& tps, const std::string& duration);

}  // namespace vajrapulse::app
