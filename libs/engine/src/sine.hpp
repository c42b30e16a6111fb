#pragma once

#include "curve.hpp"

namespace vajrapulse::engine {

/// λ(t) = mean + amplitude·sin(2πt/period), rising first.
///
/// Λ(t) = mean·t + amplitude·period/2π·(1 − cos(2πt/period)), counted from the trough a quarter of a period before
/// the begin: there everything is a sum of what is positive, so that the rounding of a long double (64 bits) is far
/// smaller than what one nanosecond adds, and Λ never falls. After whole periods it is mean·t to the last bit.
class Sine final : public Curve {
 public:
  struct Shape {
    RateMillionths mean = 0;
    RateMillionths amplitude = 0;  ///< at most the mean
    std::uint64_t period_ns = 1;   ///< at most 366 days: the bound of the argument above
  };
  explicit Sine(const Shape& shape);

  [[nodiscard]] double rate_at(std::uint64_t offset_ns) const override;
  [[nodiscard]] Amount within(std::uint64_t offset_ns) const override;
  [[nodiscard]] std::uint64_t last_at_most(Wide amount, std::uint64_t span_ns) const override;
  [[nodiscard]] std::optional<Level> level_at(std::uint64_t offset_ns) const override;
  [[nodiscard]] double highest_within(std::uint64_t span_ns) const override;
  [[nodiscard]] std::string text(std::optional<Duration> length) const override;

 private:
  [[nodiscard]] Wide swing(std::uint64_t quarters) const noexcept;
  [[nodiscard]] std::uint64_t guess(Wide amount) const noexcept;

  Shape shape_;
  long double scale_;    ///< 4·amplitude·period/2π
  Wide swing_at_begin_;  ///< from the trough to the begin
};

}  // namespace vajrapulse::engine
