#pragma once

#include <cstdint>
#include <optional>

#include "vajrapulse/engine/load_pattern.hpp"
#include "wide.hpp"

namespace vajrapulse::engine {

/// Rates are kept in millionths of an iteration per second.
using RateMillionths = std::uint64_t;

inline constexpr RateMillionths kHighestRate = 1'000'000'000'000'000;  // 10^9/s

/// Λ is counted in units of 1/(2·10^15) arrivals: a rate in millionths times a time in nanoseconds is a whole number
/// of 10^-15 arrivals, a whole ramp a whole number of halves of that.
inline constexpr std::uint64_t kUnitsPerArrival = 2'000'000'000'000'000;

constexpr Wide units_of(std::uint64_t arrivals) { return Wide(arrivals) * kUnitsPerArrival; }

/// Λ somewhere: its floor in units, and whether there is more. Every comparison with a whole number is exact.
struct Amount {
  Wide floor = 0;
  bool more = false;

  [[nodiscard]] constexpr bool above(Wide other) const noexcept { return floor > other || (floor == other && more); }
};

/// A rate that does not change before `until_ns`.
struct Level {
  RateMillionths rate = 0;
  std::int64_t until_ns = 0;
};

/// A load pattern whose Λ never falls and compares exactly with whole numbers. From that alone follow its counts and
/// starts: ⌈Λ⌉ before an instant, and arrival k in the last nanosecond in which Λ is not above k.
class ExactPattern : public LoadPattern {
 public:
  /// Λ(t); beyond the end of the pattern, Λ at its end.
  [[nodiscard]] virtual Amount amount_before(Duration t) const = 0;
  /// The last nanosecond in which Λ is not above `amount`; nothing when Λ never rises above it.
  [[nodiscard]] virtual std::optional<Duration> last_at_most(Wide amount) const = 0;
  /// How long λ stays what it is at `t`; nothing where it is changing, or after the end.
  [[nodiscard]] virtual std::optional<Level> level_at(Duration t) const = 0;

  [[nodiscard]] std::uint64_t arrivals_before(Duration t) const final;
  [[nodiscard]] double expected_before(Duration t) const final;
  [[nodiscard]] std::optional<Duration> start_of(std::uint64_t k) const final;
  [[nodiscard]] std::optional<EvenStretch> even_from(std::uint64_t k) const final;
  [[nodiscard]] std::optional<Duration> inverse(double x) const final;
};

}  // namespace vajrapulse::engine
