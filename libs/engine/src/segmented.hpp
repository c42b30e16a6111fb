#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "vajrapulse/engine/load_pattern.hpp"
#include "wide.hpp"

namespace vajrapulse::engine {

class ExactPattern;

/// A pattern that was changed while it ran: segments that follow it, scaled; hold a rate of their own; or wait.
///
/// It never changes itself: `changed` makes a new one that equals this before the instant of the change, to the last
/// bit, so that a shard may take it up at any moment before that. While it waits, the source's time stands still, and
/// everything after is later by that; otherwise the source's time goes on, also below a rate that is held.
///
/// Λ is kept in units of 1/(2·10^21) arrivals: what an ExactPattern counts in, times a factor in millionths. Where the
/// source counts exactly, so does this; and a segment that was only ever shifted asks the source itself.
class Segmented final : public LoadPattern {
 public:
  /// What a segment sends.
  struct Rate {
    enum class Kind : std::uint8_t { follow, level, none };
    Kind kind = Kind::follow;
    std::uint64_t millionths = 1'000'000;  ///< follow: the factor; level: iterations a second
  };

  explicit Segmented(std::shared_ptr<const LoadPattern> source);

  /// The same before `at`, and from there on at `rate`. `at` is not before the last change; a change at the very
  /// instant of the last one replaces it.
  [[nodiscard]] std::shared_ptr<const Segmented> changed(Duration at, Rate rate) const;

  [[nodiscard]] double rate_at(Duration t) const override;
  [[nodiscard]] std::uint64_t arrivals_before(Duration t) const override;
  [[nodiscard]] double expected_before(Duration t) const override;
  [[nodiscard]] std::optional<Duration> start_of(std::uint64_t k) const override;
  [[nodiscard]] std::optional<EvenStretch> even_from(std::uint64_t k) const override;
  [[nodiscard]] std::optional<Duration> inverse(double x) const override;
  /// Nothing while it waits, too: nobody knows for how long.
  [[nodiscard]] std::optional<Duration> length() const override;
  [[nodiscard]] double highest_rate() const override;
  /// The source's: what was planned.
  [[nodiscard]] std::string text() const override { return source_->text(); }

 private:
  struct Segment {
    Duration begin{};
    Duration source{};  ///< the source's time at the begin
    Rate rate;
    Wide base = 0;            ///< Λ at the begin
    Wide source_base = 0;     ///< the source's Λ there, in its own units
    double expected = 0;      ///< Λ at the begin, in arrivals
    std::uint64_t first = 0;  ///< ⌈Λ⌉ at the begin
    bool shifted = true;      ///< up to its begin the source was only delayed, never scaled: Λ is the source's

    [[nodiscard]] bool in_step() const noexcept {
      return shifted && rate.kind == Rate::Kind::follow && rate.millionths == 1'000'000;
    }
  };
  [[nodiscard]] const Segment& at(Duration t) const noexcept;
  [[nodiscard]] const Segment& of(std::uint64_t k) const noexcept;
  [[nodiscard]] const Segment* after(const Segment& segment) const noexcept;
  [[nodiscard]] static Duration source_time(const Segment& segment, Duration t) noexcept;
  [[nodiscard]] Duration end_of(const Segment& segment) const;
  [[nodiscard]] Wide source_units(Duration t) const;
  [[nodiscard]] Wide units(const Segment& segment, Duration t) const;
  [[nodiscard]] std::optional<Duration> search(const Segment& segment, std::uint64_t k) const;
  [[nodiscard]] std::optional<EvenStretch> even_scaled(const Segment& segment, std::uint64_t k) const;
  [[nodiscard]] std::optional<Duration> unbounded_inverse(const Segment& segment, double x) const;

  std::shared_ptr<const LoadPattern> source_;
  const ExactPattern* exact_;  ///< the source, where it counts exactly
  std::vector<Segment> segments_;
};

}  // namespace vajrapulse::engine
