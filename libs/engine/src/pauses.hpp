#pragma once

#include <algorithm>
#include <vector>

#include "vajrapulse/base/clock.hpp"

namespace vajrapulse::engine {

/// When a run's time stood still: maps the time that was planned to the time that it became, and back.
class Pauses {
 public:
  /// Pauses begin in order; `end` is the highest there is while nobody has said when it goes on.
  void begin(TimePoint at) { pauses_.push_back({at, TimePoint::max()}); }
  void end(TimePoint at) { pauses_.back().end = at; }

  /// The last one has no end yet.
  [[nodiscard]] bool open() const noexcept { return !pauses_.empty() && pauses_.back().end == TimePoint::max(); }

  /// When what was planned for `time` is due; the highest there is while that is not known.
  [[nodiscard]] TimePoint shifted(TimePoint time) const noexcept {
    for (const Pause& pause : pauses_) {
      if (time < pause.begin) break;
      if (pause.end == TimePoint::max()) return TimePoint::max();
      time += pause.end - pause.begin;
    }
    return time;
  }
  /// How much of the time between two moments was paused.
  [[nodiscard]] Duration within(TimePoint begin, TimePoint end) const noexcept {
    Duration sum{};
    for (const Pause& pause : pauses_)
      sum += std::max(std::min(pause.end, end) - std::max(pause.begin, begin), Duration::zero());
    return sum;
  }
  /// When a pause that lasts at `time` is over; `time` itself when none does.
  [[nodiscard]] TimePoint resumed(TimePoint time) const noexcept {
    for (const Pause& pause : pauses_)
      if (time >= pause.begin && time < pause.end) return pause.end;
    return time;
  }

  /// When the next pause after `time` begins; the highest there is when none is known.
  [[nodiscard]] TimePoint next_after(TimePoint time) const noexcept {
    for (const Pause& pause : pauses_)
      if (pause.begin > time) return pause.begin;
    return TimePoint::max();
  }

 private:
  struct Pause {
    TimePoint begin, end;
  };
  std::vector<Pause> pauses_;
};

}  // namespace vajrapulse::engine
