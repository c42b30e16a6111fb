#pragma once

#include "curve.hpp"

namespace vajrapulse::engine {

/// One rate, and in the middle of every interval another.
class Spikes final : public Curve {
 public:
  /// What the user said of the times; what was not said follows from the rest.
  struct Shape {
    RateMillionths base = 0;
    RateMillionths spike = 0;
    std::uint64_t interval_ns = 1;
    std::uint64_t spike_ns = 1;  ///< at most the interval
    bool repeats = true;         ///< "every …" was said; otherwise the interval is the whole length
    bool says_how_long = true;   ///< "for …" was said; otherwise a spike takes a tenth of the interval
  };
  explicit Spikes(const Shape& shape);

  [[nodiscard]] double rate_at(std::uint64_t offset_ns) const override;
  [[nodiscard]] Amount within(std::uint64_t offset_ns) const override;
  [[nodiscard]] std::uint64_t last_at_most(Wide amount, std::uint64_t span_ns) const override;
  [[nodiscard]] std::optional<Level> level_at(std::uint64_t offset_ns) const override;
  [[nodiscard]] double highest_within(std::uint64_t span_ns) const override;
  [[nodiscard]] std::string text(std::optional<Duration> length) const override;

 private:
  Shape shape_;
  std::uint64_t before_ns_;  ///< of an interval, what passes before its spike
  std::uint64_t after_ns_;   ///< where in an interval its spike is over
  Wide until_spike_;         ///< what comes in an interval before its spike,
  Wide until_after_;         ///< and until that is over,
  Wide cycle_;               ///< and in all
};

}  // namespace vajrapulse::engine
