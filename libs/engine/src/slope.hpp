#pragma once

#include "curve.hpp"

namespace vajrapulse::engine {

/// A rate that goes in a straight line from one value to another, or stays.
class Slope final : public Curve {
 public:
  /// Which words ask for it: `step` begins a staircase, `next_step` goes on with it.
  enum class Word { static_rate, ramp, hold, step, next_step };

  /// `span_ns` is the time it takes; a level one may go on beyond it.
  Slope(Word word, RateMillionths from, RateMillionths to, std::uint64_t span_ns);

  [[nodiscard]] double rate_at(std::uint64_t offset_ns) const override;
  [[nodiscard]] Amount within(std::uint64_t offset_ns) const override;
  [[nodiscard]] std::uint64_t last_at_most(Wide amount, std::uint64_t span_ns) const override;
  [[nodiscard]] std::optional<Level> level_at(std::uint64_t offset_ns) const override;
  [[nodiscard]] double highest_within(std::uint64_t span_ns) const override;
  [[nodiscard]] std::string text(std::optional<Duration> length) const override;

 private:
  [[nodiscard]] bool level() const noexcept { return from_ == to_; }
  [[nodiscard]] long double root_of(long double amount) const noexcept;

  Word word_;
  RateMillionths from_;
  RateMillionths to_;
  std::uint64_t span_ns_;
};

}  // namespace vajrapulse::engine
