#pragma once

#include <string_view>

#include "vajrapulse/metrics/snapshot.hpp"

namespace vajrapulse::engine {

/// Which share of the values of `metric`, from the lowest, is exact; 1 where no iteration was interrupted.
///
/// Interrupted iterations are recorded with their age, which is less than what they would have taken. A percentile
/// that lies below the youngest of them cannot change by that; every one from there on is a lower bound.
double exact_share(const metrics::Snapshot& snapshot, std::string_view metric);

}  // namespace vajrapulse::engine
