#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "vajrapulse/base/clock.hpp"
#include "vajrapulse/base/error.hpp"
#include "vajrapulse/engine/load_pattern.hpp"

namespace vajrapulse::engine {

/// Arrivals that somebody recorded.
struct RecordedArrivals {
  enum class Repeat : std::uint8_t { once, for_ever };

  std::vector<Duration> starts;               ///< at least one, none below zero or before the one in front of it
  Duration length{};                          ///< above the last start; the next round begins here
  std::int64_t speed_millionths = 1'000'000;  ///< 2,000,000: twice as fast; above zero
  Repeat repeat = Repeat::once;
  std::string name;  ///< of what they come from, for people
};

/// The pattern whose arrival k is due at the recorded start k, divided by the speed and rounded down to the nanosecond.
///
/// For n arrivals in a length L, arrival c·n + i of a repeated one is due at c·L + start i. Between two arrivals Λ goes
/// up evenly by one, behind the last one up to the end of L; so Poisson arrivals have the recorded density. λ is the
/// mean of each second (the last one up to two seconds long). Costs 8 bytes an arrival; `start_of` takes constant time.
///
/// Fails (kUsage) when that would be more than 10^9 arrivals a second or last longer than 366 days.
Expected<std::shared_ptr<const LoadPattern>> recorded_pattern(RecordedArrivals arrivals);

}  // namespace vajrapulse::engine
