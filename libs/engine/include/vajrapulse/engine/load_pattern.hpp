#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "vajrapulse/base/clock.hpp"

namespace vajrapulse::engine {

/// A stretch of arrivals that lie exactly evenly, so that walking it takes no division.
///
/// Arrival `first` is due at `start` + `remainder`/`modulus` ns, and each later one, before `end`,
/// `scaled_gap`/`modulus` ns after the one before it.
struct EvenStretch {
  std::uint64_t end = 0;  ///< the first arrival that is not part of it
  Duration start{};
  std::uint64_t remainder = 0;
  std::uint64_t modulus = 1;
  std::uint64_t scaled_gap = 0;
};

/// The target rate λ(t) of arrivals, its integral Λ(t), and the inverse that says when arrival k is due.
///
/// Offsets count from the pattern's start. Totals are exact: a rate that was written as a decimal is kept as
/// one (millionths of an arrival per second), so that 0.1/s for 10 s is one arrival.
class LoadPattern {
 public:
  virtual ~LoadPattern() = default;

  /// λ(t) in arrivals per second.
  [[nodiscard]] virtual double rate_at(Duration t) const = 0;
  /// ⌈Λ(t)⌉: how many arrivals have an intended start in [0, t).
  [[nodiscard]] virtual std::uint64_t arrivals_before(Duration t) const = 0;
  /// Λ(t), as near as a double comes.
  [[nodiscard]] virtual double expected_before(Duration t) const = 0;
  /// Λ⁻¹(k), to the nanosecond (rounded down); nothing when the pattern ends before it.
  [[nodiscard]] virtual std::optional<Duration> start_of(std::uint64_t k) const = 0;
  /// The even stretch that arrival `k` begins or is in; where the rate changes with time nothing, or this arrival
  /// alone.
  [[nodiscard]] virtual std::optional<EvenStretch> even_from(std::uint64_t /*k*/) const { return std::nullopt; }
  /// Λ⁻¹(x) for the time-changed Poisson process.
  [[nodiscard]] virtual std::optional<Duration> inverse(double x) const = 0;
  /// How long the pattern itself says it lasts; nothing for one that goes on.
  [[nodiscard]] virtual std::optional<Duration> length() const = 0;
  [[nodiscard]] virtual double highest_rate() const = 0;
  /// In the load language: "ramp 0..1000/s 10s, hold 30s".
  [[nodiscard]] virtual std::string text() const = 0;
};

}  // namespace vajrapulse::engine
