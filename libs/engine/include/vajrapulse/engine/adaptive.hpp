#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "vajrapulse/base/clock.hpp"
#include "vajrapulse/base/error.hpp"
#include "vajrapulse/metrics/snapshot.hpp"

namespace vajrapulse::engine {

/// A load that looks for the rate that its target carries. Rates are iterations per second.
struct AdaptiveSettings {
  double initial_tps = 10;
  double ramp_increment = 10;
  double ramp_decrement = 20;
  Duration ramp_interval = std::chrono::seconds(5);  ///< between two decisions
  double min_tps = 1;
  std::optional<double> max_tps;
  int stable_intervals = 3;  ///< quiet ones in a row before a rate counts as stable
  Duration sustain_duration = std::chrono::seconds(30);
  double error_threshold = 0.01;  ///< share, 0 to 1
  double latency_percentile = 99;
  std::optional<Duration> latency_limit;  ///< of the response time at that percentile
  double pressure_low = 0.3;              ///< below, there is room for more
  double pressure_high = 0.7;             ///< from there on it is too much
};

/// Says in one sentence what cannot be; names the flags.
Status check(const AdaptiveSettings& settings);

/// Between what an adaptive load stays, whatever its target does.
struct AdaptiveReach {
  std::uint64_t fewest = 0, most = 0;      ///< arrivals
  double lowest_tps = 0, highest_tps = 0;  ///< at the end
};

/// Of a load of `length`, which is above zero: a step down at each decision, or one up. Without a highest rate the most
/// that a load can have bounds it. The settings pass `check`.
AdaptiveReach reach_of(const AdaptiveSettings& settings, Duration length);

/// In this order as the gauge `vajrapulse.adaptive.phase`: 0 to 3.
enum class AdaptivePhase : std::uint8_t { ramp_up, ramp_down, sustain, recovery };
std::string_view name(AdaptivePhase phase);  ///< "RAMP_UP", …

/// How much what waits in front of the target has piled up: each 0 (nothing waits) to 1, the greatest counts.
struct BackPressure {
  double queue = 0;        ///< arrivals that wait for a slot, in parts of those that come in one second
  double pool = 0;         ///< waiting for a pooled connection, in parts of all that want one
  double start_delay = 0;  ///< p90 of it, in parts of itself and the p90 of the service time; 0 below a millisecond

  [[nodiscard]] double most() const noexcept;
  [[nodiscard]] std::string_view which() const noexcept;  ///< the greatest: "queue", "pool", "start delay"
};

/// What one ramp interval showed.
struct AdaptiveInput {
  std::uint64_t started = 0;
  std::uint64_t completed = 0;
  double error_share = 0;           ///< of the completed
  std::optional<Duration> latency;  ///< response time at the settings' percentile; nothing where none completed
  BackPressure pressure;
};

/// Reads it from the metrics of an interval that lasted `seconds`.
AdaptiveInput adaptive_input(const metrics::Snapshot& interval, double seconds, const AdaptiveSettings& settings);

struct AdaptiveDecision {
  AdaptivePhase phase = AdaptivePhase::ramp_up;
  double tps = 0;        ///< from now on
  bool changed = false;  ///< another phase or another rate than before
  std::string reason;    ///< "errors 3 % over 1 %"
};

/// The state machine: one observation an interval in, phase, rate and reason out. It knows no clock and sends nothing.
///
///   RAMP_UP    adds the increment each interval in which nothing is wrong; where pressure lies between low and high
///              it waits, and after `stable_intervals` of that sustains. At the highest rate: SUSTAIN.
///   RAMP_DOWN  takes the decrement off each interval in which something is wrong; after `stable_intervals` quiet
///              ones: SUSTAIN. Wrong at the lowest rate: RECOVERY.
///   SUSTAIN    holds; after `sustain_duration` without anything wrong: RAMP_UP, below the highest rate.
///   RECOVERY   waits at the lowest rate; after `stable_intervals` quiet ones: RAMP_UP.
///
/// Wrong is: errors over the threshold, latency over its limit, back-pressure at or over high, or that nothing at all
/// completed of what was sent. In RAMP_UP and SUSTAIN it leads to RAMP_DOWN at once.
class Adaptive {
 public:
  explicit Adaptive(const AdaptiveSettings& settings);

  AdaptiveDecision decide(const AdaptiveInput& input);

  [[nodiscard]] AdaptivePhase phase() const noexcept { return phase_; }
  [[nodiscard]] double tps() const noexcept { return tps_; }

 private:
  AdaptiveDecision enter(AdaptivePhase phase, double tps, std::string reason);
  AdaptiveDecision stay(double tps, std::string reason) { return enter(phase_, tps, std::move(reason)); }
  AdaptiveDecision ramp_up(const AdaptiveInput& input);
  AdaptiveDecision quiet_at_last(AdaptivePhase next, double tps);
  AdaptiveDecision step_down(std::string why);
  [[nodiscard]] std::string what_is_wrong(const AdaptiveInput& input) const;
  [[nodiscard]] bool at_most() const noexcept { return settings_.max_tps && tps_ >= *settings_.max_tps; }

  AdaptiveSettings settings_;
  AdaptivePhase phase_ = AdaptivePhase::ramp_up;
  double tps_;
  int quiet_ = 0;  ///< intervals in a row without anything wrong, since the rate last went down or was held
  Duration sustained_{};
};

}  // namespace vajrapulse::engine
