#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "exact_pattern.hpp"

namespace vajrapulse::engine {

/// λ over one stretch of a load, and its exact integral; offsets are whole nanoseconds from the stretch's begin.
///
/// A curve knows no end: whoever joins curves asks nothing beyond it. Rates are at most `kHighestRate`, times at most
/// what an int64_t counts, so that nothing overflows.
class Curve {
 public:
  virtual ~Curve() = default;

  /// In millionths of an iteration per second.
  [[nodiscard]] virtual double rate_at(std::uint64_t offset_ns) const = 0;
  /// ∫λ from the begin; never falls, and no fraction is left at a whole number of its periods.
  [[nodiscard]] virtual Amount within(std::uint64_t offset_ns) const = 0;
  /// The last offset, up to `span_ns`, at which `within` is not above `amount`; only asked where it rises above it
  /// before `span_ns`.
  [[nodiscard]] virtual std::uint64_t last_at_most(Wide amount, std::uint64_t span_ns) const = 0;
  /// Until when, counted from the begin, λ stays what it is at `offset_ns`.
  [[nodiscard]] virtual std::optional<Level> level_at(std::uint64_t offset_ns) const = 0;
  /// The highest rate, in millionths, in the first `span_ns`.
  [[nodiscard]] virtual double highest_within(std::uint64_t span_ns) const = 0;
  /// In the load language.
  [[nodiscard]] virtual std::string text(std::optional<Duration> length) const = 0;
};

/// "1000" or "0.25": what one writes before "/s".
std::string rate_number(RateMillionths rate);

}  // namespace vajrapulse::engine
