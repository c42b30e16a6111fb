#include <algorithm>
#include <cmath>

#include "exact_pattern.hpp"
#include "vajrapulse/engine/adaptive.hpp"
#include "wide.hpp"

namespace vajrapulse::engine {
namespace {

Wide millionths(double tps) { return std::max(Wide(std::llround(tps * 1e6)), Wide(1)); }

/// A rate that moves from `from` to `to` by `step` once an interval, and stays there; in millionths.
struct Stairs {
  Wide from, to, step;

  /// How many intervals it takes to get to `to`.
  [[nodiscard]] Wide steps() const noexcept { return (distance() + step - 1) / step; }
  [[nodiscard]] Wide distance() const noexcept { return from < to ? to - from : from - to; }
  /// The rate in interval number `i`, from 0.
  [[nodiscard]] Wide at(Wide i) const noexcept {
    if (i >= steps()) return to;
    return from < to ? from + i * step : from - i * step;
  }
  /// The sum of the first `n`: of those before `to` the mean is that of the first and the last.
  [[nodiscard]] Wide sum(Wide n) const noexcept {
    const Wide moving = std::min(n, steps());
    const Wide moved = step * (moving * (moving - (moving > 0 ? 1 : 0)) / 2);
    return (from < to ? moving * from + moved : moving * from - moved) + (n - moving) * to;
  }
};

/// ⌈Λ⌉ of such a rate; millionths times nanoseconds are 10⁻¹⁵ arrivals.
std::uint64_t arrivals_of(const Stairs& stairs, Duration interval, Duration length) {
  constexpr auto kOne = Wide(1'000'000'000'000'000);
  const Wide whole = Wide(length / interval);
  const Wide sum = stairs.sum(whole) * Wide(interval.count()) + stairs.at(whole) * Wide((length % interval).count());
  return std::uint64_t((sum + kOne - 1) / kOne);
}

}  // namespace

AdaptiveReach reach_of(const AdaptiveSettings& settings, Duration length) {
  const Wide from = millionths(settings.initial_tps);
  const Wide top = settings.max_tps ? millionths(*settings.max_tps) : Wide(kHighestRate);
  const Stairs down{.from = from, .to = millionths(settings.min_tps), .step = millionths(settings.ramp_decrement)};
  const Stairs up{.from = from, .to = top, .step = millionths(settings.ramp_increment)};
  const auto last = Wide((length - Duration(1)) / settings.ramp_interval);
  return {.fewest = arrivals_of(down, settings.ramp_interval, length),
          .most = arrivals_of(up, settings.ramp_interval, length),
          .lowest_tps = double(down.at(last)) / 1e6,
          .highest_tps = double(up.at(last)) / 1e6};
}

}  // namespace vajrapulse::engine
