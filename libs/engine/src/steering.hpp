#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "course.hpp"
#include "segmented.hpp"
#include "vajrapulse/base/error.hpp"
#include "vajrapulse/engine/control.hpp"
#include "vajrapulse/engine/scenario.hpp"
#include "vajrapulse/metrics/recorder.hpp"

namespace vajrapulse::engine {

/// Turns controls into the course that every shard takes. On the control thread.
class Steering {
 public:
  explicit Steering(const Scenario& scenario);

  /// The load begins: measuring from `origin` to `end`, unless something is done about it.
  void begin(TimePoint origin, TimePoint end);

  /// What the shards have to hear. An Error says what makes no sense, and changes nothing.
  Expected<Course> apply(const Control& control, TimePoint now);

  /// A stop before or after what is measured: now, and not in step.
  void stop_beside(const Control& control, TimePoint now);

  [[nodiscard]] const ControlState& state() const noexcept { return state_; }
  [[nodiscard]] const std::vector<ControlEvent>& events() const noexcept { return events_; }
  [[nodiscard]] const Course& course() const noexcept { return course_; }
  /// How many users are to be there at `time`, before and after the load as at its ends; 0 in an open model.
  [[nodiscard]] std::uint64_t users_at(TimePoint time) const;
  /// The same over [begin, end), which lies within the load: exact, however often they come and go.
  [[nodiscard]] metrics::Gauge users_within(TimePoint begin, TimePoint end) const;

 private:
  [[nodiscard]] Status check(const Control& control) const;
  [[nodiscard]] Status check_rate(const Control& control) const;
  [[nodiscard]] Status check_users(const Control& control) const;
  void pause(TimePoint at);
  void resume(TimePoint at);
  void follow_rate();
  void follow_users(TimePoint at);
  [[nodiscard]] Duration planned(TimePoint time) const;
  void note(const Control& control, TimePoint at);

  const Scenario& scenario_;
  TimePoint origin_;
  Course course_;
  Duration left_{};  ///< while paused: from the resumption to the end
  std::shared_ptr<const Segmented> pattern_;
  ControlState state_;
  std::vector<ControlEvent> events_;
};

}  // namespace vajrapulse::engine
