#pragma once

#include <chrono>
#include <cstdint>

namespace vajrapulse {

using Duration = std::chrono::nanoseconds;

/// Marks time points of the run's own monotonic clock (CLOCK_MONOTONIC, or virtual time in simulation).
struct MonotonicTime {
  using duration = Duration;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<MonotonicTime, Duration>;
  static constexpr bool is_steady = true;
};

using TimePoint = MonotonicTime::time_point;
using WallTime = std::chrono::sys_time<Duration>;

/// Where time comes from. Handed in, never reached for, so that tests and simulations own it.
class Clock {
 public:
  virtual ~Clock() = default;

  /// The time now; never goes back. Any thread.
  [[nodiscard]] virtual TimePoint now() const noexcept = 0;

  /// The calendar time now, for stamps that people read. Any thread.
  [[nodiscard]] virtual WallTime wall_now() const noexcept = 0;
};

/// Nanoseconds as a plain signed count, the unit in which histograms record.
constexpr std::int64_t to_ns(Duration d) noexcept { return d.count(); }

}  // namespace vajrapulse
