#include "rota.hpp"

#include <algorithm>

namespace vajrapulse::engine {

void Rota::steer(const Course& course) {
  window_.end = course.end;
  pauses_ = course.pauses;
  population_ = *course.population;
}

Rota::Presence Rota::presence(std::uint64_t user, TimePoint since) const noexcept {
  constexpr Presence kNever{TimePoint::max(), TimePoint::max()};
  since = std::max(since, window_.begin);
  const auto stint = population_.stint(user, planned(since));
  if (!stint) return kNever;
  const TimePoint from = pauses_.resumed(std::max(since, real(stint->joins)));
  if (from >= window_.end) return kNever;
  return {from, std::min({real(stint->leaves), pauses_.next_after(from), window_.end})};
}

/// One at the stint's begin and every pacing after it, before `until`.
std::uint64_t Rota::turns_of(const Population::Stint& stint, Duration until) const noexcept {
  const Duration end = std::min(stint.leaves, until);
  return end <= stint.joins ? 0 : std::uint64_t((end - stint.joins - Duration(1)) / pacing_) + 1;
}

TimePoint Rota::due(std::uint64_t user, std::uint64_t turn) const noexcept {
  for (auto stint = population_.stint(user, Duration::zero()); stint; stint = population_.stint(user, stint->leaves)) {
    const std::uint64_t turns = turns_of(*stint, stint->leaves);
    if (turn < turns) return real(stint->joins + std::int64_t(turn) * pacing_);
    turn -= turns;
  }
  return TimePoint::max();
}

std::uint64_t Rota::due_before(std::uint64_t user, TimePoint time) const noexcept {
  const Duration until = planned(time);
  std::uint64_t turns = 0;
  for (auto stint = population_.stint(user, Duration::zero()); stint && stint->joins < until;
       stint = population_.stint(user, stint->leaves))
    turns += turns_of(*stint, until);
  return turns;
}

}  // namespace vajrapulse::engine
