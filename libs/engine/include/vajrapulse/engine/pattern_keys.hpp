#pragma once

#include <cstdint>
#include <string>

#include "vajrapulse/base/error.hpp"

namespace vajrapulse::engine {

/// A load pattern key by key, as typed; empty: not given. Each pattern is sugar for a load of the load language.
struct PatternKeys {
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

/// How errors spell the keys: as flags of a command line, "--tps 1000", or as keys of a plan, "tps: 1000".
enum class KeySpelling : std::uint8_t { flags, keys };

/// The load that the keys describe, in the load language; `tps` and `duration` are keys, too. Nothing when no pattern
/// is asked for. A key that belongs to no pattern or another one, is missing, contradicts another or is out of range is
/// refused (kUsage) in one sentence with the key, its value and a valid example.
Expected<std::string> load_of(const PatternKeys& keys, const std::string& tps, const std::string& duration,
                              KeySpelling spelling);

}  // namespace vajrapulse::engine
