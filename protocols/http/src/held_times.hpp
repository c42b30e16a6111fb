#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "vajrapulse/base/clock.hpp"

namespace vajrapulse::http {

/// How long connections are held for a request, and whether that is far more than it was not long ago: then they stand
/// in a line at somebody's who is at the end of what he can do, and more of them would only stand there, too. Where it
/// is simply long, the target is slow, and more of them bring more answers.
class HeldTimes {
 public:
  /// How long the least is remembered, at least; twice that at most.
  static constexpr Duration kMemory = std::chrono::seconds(2);
  static constexpr int kFarMore = 4;

  void add(Duration held) noexcept {
    sum_ += held;
    ++count_;
  }
  /// The end of a stretch over which the mean is taken, once as many came back as are `open`: those that come back
  /// first are those that were held shortest.
  void look(TimePoint now, std::size_t open) noexcept {
    if (count_ == 0 || std::size_t(count_) < open) return;
    mean_ = sum_ / count_;
    sum_ = {};
    count_ = 0;
    if (now - since_ >= kMemory) {
      least_before_ = now - since_ >= 2 * kMemory ? kNone : least_;
      least_ = kNone;
      since_ = now;
    }
    least_ = std::min(least_, mean_);
  }
  [[nodiscard]] bool far_longer() const noexcept { return mean_ / kFarMore > std::min(least_, least_before_); }

 private:
  static constexpr Duration kNone = Duration::max();

  Duration sum_{};
  std::int64_t count_ = 0;
  Duration mean_{};
  Duration least_ = kNone;         ///< of the means since `since_`
  Duration least_before_ = kNone;  ///< of those in the memory before
  TimePoint since_{};
};

}  // namespace vajrapulse::http
