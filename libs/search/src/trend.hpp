#pragma once

#include <span>

namespace vajrapulse::search {

/// How a series goes: the growth along the whole of it by Theil and Sen (median of all slopes), and Mann and
/// Kendall's z, above 3 where it rises throughout (Mann, 1945; Kendall, 1975; without ties).
struct Trend {
  double growth = 0;
  double z = 0;
};
Trend trend_of(std::span<const double> series);

/// The standard error of the mean of a series, widened where neighbours are alike: by (1 + r) / (1 - r) of its
/// variance, r being the correlation of neighbours. Nothing to say (infinite) below four values.
double standard_error(std::span<const double> series);

/// The normal distribution function.
double normal_share(double z);

}  // namespace vajrapulse::search
