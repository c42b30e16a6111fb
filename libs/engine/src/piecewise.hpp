#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "vajrapulse/engine/load_pattern.hpp"
#include "wide.hpp"

namespace vajrapulse::engine {

/// Rates are kept in millionths of an iteration per second.
using RateMillionths = std::uint64_t;

inline constexpr RateMillionths kHighestRate = 1'000'000'000'000'000;  // 10^9/s

/// A time in which the rate goes in a straight line from one value to another.
struct Stage {
  enum class Word { static_rate, ramp, hold };
  Word word = Word::static_rate;
  RateMillionths from = 0;
  RateMillionths to = 0;
  std::optional<Duration> length;  ///< only the last one may go on, and only at one rate
};

/// Stages one after another; every count and start exact.
///
/// Λ is kept in units of 1/(2·10^15) arrivals: a rate in millionths times a time in nanoseconds is a whole
/// number of 10^-15 arrivals, a whole ramp a whole number of halves of that. Within a ramp Λ is a fraction;
/// its floor and whether there is more decide every comparison with a whole number of arrivals.
class Piecewise final : public LoadPattern {
 public:
  explicit Piecewise(const std::vector<Stage>& stages);

  [[nodiscard]] double rate_at(Duration t) const override;
  [[nodiscard]] std::uint64_t arrivals_before(Duration t) const override;
  [[nodiscard]] double expected_before(Duration t) const override;
  [[nodiscard]] std::optional<Duration> start_of(std::uint64_t k) const override;
  [[nodiscard]] std::optional<EvenStretch> even_from(std::uint64_t k) const override;
  [[nodiscard]] std::optional<Duration> inverse(double x) const override;
  [[nodiscard]] std::optional<Duration> length() const override;
  [[nodiscard]] double highest_rate() const override;
  [[nodiscard]] std::string text() const override;
  /// Λ(t) in the units above, rounded down within a ramp.
  [[nodiscard]] Wide units_before(Duration t) const { return amount_before(t).floor; }

 private:
  struct Amount {
    Wide floor;
    bool more;
  };
  struct Piece {
    Stage stage;
    std::int64_t begin_ns;
    std::int64_t end_ns;  ///< the highest there is, for one that goes on
    Wide base;            ///< Λ at its begin
    Wide end;             ///< Λ at its end

    [[nodiscard]] std::uint64_t span() const noexcept { return std::uint64_t(end_ns - begin_ns); }
    [[nodiscard]] bool level() const noexcept { return stage.from == stage.to; }
    [[nodiscard]] Amount within(std::uint64_t offset_ns) const noexcept;
    [[nodiscard]] long double offset_of(long double amount) const noexcept;
    [[nodiscard]] std::uint64_t last_offset_at_most(Wide amount) const noexcept;
  };
  [[nodiscard]] const Piece& piece_at(std::int64_t t) const noexcept;
  [[nodiscard]] const Piece* piece_of(Wide amount) const noexcept;
  [[nodiscard]] Amount amount_before(Duration t) const noexcept;

  std::vector<Piece> pieces_;
};

}  // namespace vajrapulse::engine
