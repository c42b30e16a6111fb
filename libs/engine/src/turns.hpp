#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "vajrapulse/base/error.hpp"
#include "vajrapulse/engine/run.hpp"

namespace vajrapulse::engine {

/// Whose turn it is: when each scenario of a run begins, from what is known of those it follows.
class Turns {
 public:
  explicit Turns(const std::vector<PlannedScenario>& plan) : plan_(plan), states_(plan.size()) {}

  /// An Error when a scenario follows itself, or one that is not there.
  [[nodiscard]] Status check() const;
  /// Somebody waits for the last iteration of `number`.
  [[nodiscard]] bool awaited(std::size_t number) const;
  /// When `number` is to begin. Nothing when that is not known yet.
  [[nodiscard]] std::optional<TimePoint> due(std::size_t number) const;

  // What happens, in the run's own clock:
  void begun(TimePoint at) { begun_ = at; }
  void ends(std::size_t number, std::optional<TimePoint> scheduled) { states_[number].scheduled_end = scheduled; }
  void ended(std::size_t number, TimePoint at) { states_[number].ended = at; }
  /// It is as if it had begun and ended at `at`.
  void skipped(std::size_t number, TimePoint at);

 private:
  struct State {
    std::optional<TimePoint> scheduled_end;
    std::optional<TimePoint> ended;
  };
  [[nodiscard]] bool leads_to(std::size_t from, std::size_t to, std::size_t depth) const;

  const std::vector<PlannedScenario>& plan_;
  std::vector<State> states_;
  TimePoint begun_;
};

}  // namespace vajrapulse::engine
