#pragma once

#include <optional>

#include "vajrapulse/base/clock.hpp"

namespace vajrapulse::runtime {

/// Whether a loop has had no idle turn for so long that it is what everything waits for.
class Saturation {
 public:
  static constexpr Duration kAfter = std::chrono::milliseconds(10);
  enum class Turn { idle, busy };  ///< idle: found nothing to do, or was allowed to sleep

  /// A turn that began at `begin` is over.
  void saw(Turn turn, TimePoint begin) noexcept {
    if (turn == Turn::idle || latest_ == TimePoint{}) idle_ = begin;
    latest_ = begin;
  }
  /// Since when, if it is so.
  [[nodiscard]] std::optional<TimePoint> since() const noexcept {
    return latest_ - idle_ >= kAfter ? std::optional(idle_) : std::nullopt;
  }

 private:
  TimePoint idle_;  ///< the last idle turn, or the first of all
  TimePoint latest_;
};

}  // namespace vajrapulse::runtime
