#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>

#include "pauses.hpp"
#include "vajrapulse/base/clock.hpp"
#include "vajrapulse/engine/load_pattern.hpp"
#include "vajrapulse/engine/population.hpp"
#include "vajrapulse/engine/scenario.hpp"

namespace vajrapulse::engine {

/// What the measured phase is to do, whole, after a control: it differs from the one before it only from `from` on.
/// So a shard takes it up whenever it hears of it.
struct Course {
  TimePoint from;
  TimePoint end;                                 ///< of measuring; the highest there is when nobody knows it
  Duration cooldown{};                           ///< the load's last rate goes on for so long, and does not count
  std::shared_ptr<const LoadPattern> pattern;    ///< open models
  std::shared_ptr<const Population> population;  ///< closed models
  Pauses pauses;
};

/// What leads into a load, and out of it, is sent at `rate`, the load's own there, or at a tenth of its highest where
/// it begins or ends at nothing.
inline double rate_beside(const LoadPattern& pattern, double rate) {
  return rate > 0 ? rate : pattern.highest_rate() / 10;
}

/// With which rate a load of this length ends. A nanosecond before its end a ramp to 0 is not quite there.
inline double rate_at_end(const LoadPattern& pattern, Duration length) {
  const double last = pattern.rate_at(length - Duration(1));
  const double step = pattern.rate_at(length - Duration(2)) - last;
  return last > 1.5 * step ? last : 0;
}

/// The same of users.
inline std::uint64_t users_beside(const Population& population, std::uint64_t users) {
  return users > 0 ? users : std::max<std::uint64_t>(population.most() / 10, 1);
}
inline std::uint64_t warmup_users(const ClosedModel& model) {
  return users_beside(population_of(model), model.ramp ? model.ramp->from : model.users);
}

/// How long a phase is; the highest there is when nobody knows its end.
constexpr Duration length_between(TimePoint begin, TimePoint end) noexcept {
  return end == TimePoint::max() ? Duration::max() : end - begin;
}

}  // namespace vajrapulse::engine
