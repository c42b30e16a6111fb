#pragma once

#include <algorithm>
#include <cstddef>

#include "vajrapulse/base/clock.hpp"

namespace vajrapulse::runtime {

/// How long a busy shard lets completions gather before it turns to them.
///
/// A shard that is faster than its peer would be woken for one or two completions at a time, and spend more on
/// waking than on them. What gathering costs in truth is bounded: with n receives awaited and a completion every t,
/// waiting for n/4 of them takes n·t/4, a quarter of the time that such a receive takes anyway (Little's law), and
/// never more than `kAtMost`, nor beyond the next timer. Whoever measures is told by the turn observer.
/// A shard that is not busy (less than two completions in `kAtMost`) does not wait at all.
class Gathering {
 public:
  static constexpr Duration kAtMost = std::chrono::microseconds(50);
  static constexpr std::size_t kMost = 32;

  /// How many completions to wait for, given how many receives are awaited; 1: do not gather.
  [[nodiscard]] unsigned wanted(std::size_t awaited) const noexcept {
    if (per_completion_ * 2 > kAtMost) return 1;
    return static_cast<unsigned>(std::clamp(awaited / 4, std::size_t{1}, kMost));
  }

  /// `count` completions were there at `now`.
  void saw(unsigned count, TimePoint now) noexcept {
    seen_ += count;
    const Duration elapsed = now - since_;
    if (seen_ < kWindow && elapsed < kAtMost * kWindow) return;
    per_completion_ = seen_ == 0 ? elapsed : elapsed / seen_;
    seen_ = 0;
    since_ = now;
  }

 private:
  static constexpr unsigned kWindow = 64;
  unsigned seen_ = 0;
  TimePoint since_{};
  Duration per_completion_ = Duration::max() / 2;
};

}  // namespace vajrapulse::runtime
