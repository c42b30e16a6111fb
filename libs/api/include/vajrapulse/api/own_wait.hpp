#pragma once

#include <algorithm>

#include "vajrapulse/base/clock.hpp"

namespace vajrapulse {

/// How long a piece of work has waited for the generator itself, not for the target. Waits of what runs side by side
/// count once where they overlap, if they are noted in the order in which they end. One thread at a time.
class OwnWait {
 public:
  /// `before`: how late the work began.
  explicit OwnWait(Duration before = {}) noexcept : before_(before) {}
  virtual ~OwnWait() = default;
  OwnWait(const OwnWait&) = delete;
  OwnWait& operator=(const OwnWait&) = delete;

  void add(TimePoint from, TimePoint until) noexcept {
    const TimePoint begin = std::max(from, until_);
    if (until <= begin) return;
    total_ += until - begin;
    until_ = until;
  }
  /// Adds how long ago that may have happened which is seen only at `seen`, but not before `earliest`.
  void add_unseen(TimePoint earliest, TimePoint seen) noexcept { add(std::max(earliest, seen - unseen(seen)), seen); }
  [[nodiscard]] Duration total() const noexcept { return total_; }
  /// When the work would have been where it is at `at`, had it never waited for the generator.
  [[nodiscard]] TimePoint possible(TimePoint at) const noexcept { return at - before_ - total_; }

 private:
  /// Of the time until `seen`: how long nobody looked.
  [[nodiscard]] virtual Duration unseen(TimePoint /*seen*/) noexcept { return {}; }

  Duration before_;
  TimePoint until_{};
  Duration total_{};
};

}  // namespace vajrapulse
