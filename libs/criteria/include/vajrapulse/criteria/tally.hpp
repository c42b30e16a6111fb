#pragma once

#include <optional>
#include <string_view>

#include "vajrapulse/criteria/expression.hpp"
#include "vajrapulse/criteria/run_names.hpp"
#include "vajrapulse/metrics/snapshot.hpp"

namespace vajrapulse::criteria {

/// What one figure is made of over some stretch of a run: stretches that follow each other add up, exactly.
struct Tally {
  std::optional<metrics::Histogram> histogram;
  double part = 0;   ///< what is counted
  double whole = 0;  ///< what that is a share of
  std::optional<metrics::Gauge> gauge;
  bool known = false;  ///< it has a value

  void follow(const Tally& later);
};

/// Of what `snapshot` holds; `scenario` empty: of all that is in it, else only what is tagged with that one.
Tally tally(const Measure& measure, const metrics::Snapshot& snapshot, std::string_view scenario);

/// The figure, of a stretch of `seconds`. The verdict has none.
Value value_of(const Measure& measure, const Tally& tally, double seconds);

/// Where the figure of a whole run can still end.
struct Outstanding {
  std::optional<double> arrivals;  ///< at most so many iterations have still to end; absent: nobody knows
  std::optional<double> seconds;   ///< how long the whole will have been measured
};
/// What is counted once an iteration is bounded by those that are outstanding; what an iteration does several times
/// (requests) is not.
Range range_of(const Measure& measure, const Tally& so_far, const Outstanding& outstanding);

}  // namespace vajrapulse::criteria
