#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "vajrapulse/app/pattern_options.hpp"
#include "vajrapulse/base/clock.hpp"
#include "vajrapulse/base/error.hpp"
#include "vajrapulse/engine/adaptive.hpp"
#include "vajrapulse/engine/scenario.hpp"
#include "vajrapulse/recording/recording.hpp"
#include "vajrapulse/runtime/reactors.hpp"

namespace vajrapulse::app {

/// No time on the command line is longer.
inline constexpr Duration kLongest = std::chrono::hours(24 * 366);

/// A rate that follows what the target carries, as the command line says it; empty: as the engine has it.
struct AdaptiveOptions {
  bool on = false;
  std::string initial_tps, ramp_increment, ramp_decrement, ramp_interval, min_tps, max_tps;
  std::optional<int> stable_intervals;
  std::string sustain_duration, error_threshold, latency_limit;
  std::optional<double> latency_percentile;
};

/// Recorded arrivals as the load; as the command line says it.
struct ReplayOptions {
  std::string file;  ///< "-": standard input
  std::string time_scale;
  bool loop = false;
  std::string format;
  bool skip_bad_lines = false;
  /// Asked of each recorded request by whoever will send it; what it refuses makes a bad line.
  std::function<Status(const recording::Request&)> accepts;
};

/// Users that wait for their answers, as the command line says them; empty: as the engine has it.
struct ClosedOptions {
  std::string users;       ///< "64", or "10..64": a ramp
  std::string ramp_users;  ///< how long the ramp takes; from 0 where `users` is one number
  std::string think;       ///< "1s", "500ms..2s"
  std::string pacing;
};

/// How much load, in what pattern, for how long: as the command line says it, not yet checked.
struct LoadOptions {
  std::string tps;       ///< "1000", "60/m"; open model
  std::string load;      ///< the load language; open model
  ClosedOptions closed;  ///< closed model
  ReplayOptions replay;  ///< open model
  std::string duration;
  std::optional<std::uint64_t> iterations;
  std::string warmup;
  std::string cooldown;
  std::string drain_timeout;  ///< how long what is in flight at the end may take
  std::string force_timeout;  ///< how long what is cancelled then may take to heed it
  // Open model only; empty: as the engine has it.
  std::optional<std::uint64_t> max_in_flight;
  std::string on_limit;
  std::string arrivals;
  std::string slack;
  AdaptiveOptions adaptive;
  PatternOptions pattern;  ///< open model
};

/// How the generator runs, and where its answer goes.
struct RunOptions {
  LoadOptions load;
  std::optional<std::size_t> shards;
  std::string io = "auto";
  std::optional<std::uint64_t> seed;
  std::vector<std::string> out;  ///< "json=FILE"
  bool strict = false;
  bool quiet = false;
  bool no_color = false;
};

/// What a replayed recording asks for: arrival k of n sends requests[turns[k mod n]]. Empty when it tells only times.
struct RecordedRequests {
  std::vector<recording::Request> requests;
  std::shared_ptr<const std::vector<std::uint32_t>> turns;
};

/// The load that the options describe, with what has to be said about it ("one user, because …").
struct Load {
  decltype(engine::Scenario::load) model;
  Duration duration{};  ///< zero: ends by iterations
  std::optional<std::uint64_t> iterations;
  Duration warmup{}, cooldown{};
  std::optional<Duration> drain_timeout, force_timeout;
  std::optional<engine::AdaptiveSettings> adaptive;
  std::string text;  ///< "1,000/s for 30 s", "64 users for 30 s"
  std::vector<std::string> notes;
  RecordedRequests recorded;
};

/// Checks the options against each other. Errors name the flag, the value and a valid example.
Expected<Load> make_load(const LoadOptions& options);

}  // namespace vajrapulse::app
