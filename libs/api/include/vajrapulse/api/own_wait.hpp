#pragma once

#include <algorithm>

#include "vajrapulse/base/clock.hpp"

namespace vajrapulse {

/// How long a piece of work has waited for the generator itself, not for the target. Waits of what runs side by side
/// count once where they overlap, if they are noted in the order in which they end. One thread at a time.
class OwnWait {
 public:
  void add(TimePoint from, TimePoint until) noexcept {
    const TimePoint begin = std::max(from, until_);
    if (until <= begin) return;
    total_ += until - begin;
    until_ = until;
  }
  [[nodiscard]] Duration total() const noexcept { return total_; }

 private:
  TimePoint until_{};
  Duration total_{};
};

}  // namespace vajrapulse
