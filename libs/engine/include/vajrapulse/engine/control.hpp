#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "vajrapulse/base/clock.hpp"

namespace vajrapulse::engine {

/// A change to a run that goes on, asked for by a person, a program or an adaptive load.
///
/// Every shard changes at the same instant, 50 ms or more after it was asked for; what is sent before, at and
/// after it does not depend on the number of shards. Controls take effect in the order in which they were given.
/// In warm-up, all but `stop` wait for the moment measuring begins.
///
/// Example:
///   auto at = run.control(Control::rate_hold(500));  // 500/s from *at on, until rate_auto
struct Control {
  enum class Action : std::uint8_t { pause, resume, rate_scale, rate_hold, rate_auto, users_hold, users_auto, stop };

  /// No arrivals, and the pattern's time stands still: the end shifts, the target stays. Users of a closed model
  /// finish their iteration and begin no other. What was due before, and waits for a slot or its user, still begins.
  static Control pause() { return {.action = Action::pause}; }
  static Control resume() { return {.action = Action::resume}; }
  /// The pattern's rate times `factor` (kept in millionths), which replaces an earlier factor or hold. Open models.
  static Control rate_scale(double factor) { return {.action = Action::rate_scale, .value = factor}; }
  /// This many iterations a second (kept in millionths) whatever the pattern says, until `rate_auto`. The pattern's
  /// time goes on underneath, so that the end stays where it was. Open models.
  static Control rate_hold(double per_second) { return {.action = Action::rate_hold, .value = per_second}; }
  /// The pattern's own rate again. Open models.
  static Control rate_auto() { return {.action = Action::rate_auto}; }
  /// So many users, whatever the plan says, until `users_auto`. Those too many finish their iteration and begin no
  /// other; new ones begin at once, or evenly over one pacing. Closed models.
  static Control users(std::uint64_t users) { return {.action = Action::users_hold, .value = double(users)}; }
  /// As many users as planned again. Closed models.
  static Control users_auto() { return {.action = Action::users_auto}; }
  /// No new arrivals, drain, report: an early end that is no interruption.
  static Control stop() { return {.action = Action::stop}; }

  Action action = Action::pause;
  double value = 0;      ///< factor, iterations a second, or users
  std::string scenario;  ///< whom it is for; empty: all
  std::string reason;    ///< goes into the record: "errors 3 % over 1 %"
  Duration lead{};       ///< how far ahead it takes effect; 50 ms at least
};

/// What a run is told to do, from the last control on.
struct ControlState {
  bool paused = false;
  bool stopped = false;
  double scale = 1;                    ///< of the pattern's rate
  std::optional<double> held;          ///< iterations a second, instead of the pattern's
  std::optional<std::uint64_t> users;  ///< instead of the plan's

  friend bool operator==(const ControlState&, const ControlState&) = default;
};

/// "PAUSED", "rate ×1.5", "held 500/s", "20 users", several joined by ", "; empty when the run follows its pattern.
std::string describe(const ControlState& state);

/// One control that was given: what the result keeps of it.
struct ControlEvent {
  double t = 0;        ///< seconds from the start of measuring to its effect; negative in warm-up
  TimePoint at;        ///< the same on the run's clock
  std::string action;  ///< "pause", "resume", "rate x1.5", "rate 500/s", "rate auto", "users 20", "users auto", "stop"
  std::string reason;
};

/// "pause", "rate x1.5", "rate 500/s", "users 20".
std::string describe(const Control& control);

}  // namespace vajrapulse::engine
