#include "trend.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace vajrapulse::search {

Trend trend_of(std::span<const double> series) {
  const std::size_t n = series.size();
  if (n < 4) return {};
  std::vector<double> slopes;
  double s = 0;
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = i + 1; j < n; ++j) {
      const double rise = series[j] - series[i];
      s += rise > 0 ? 1 : rise < 0 ? -1 : 0;
      slopes.push_back(rise / double(j - i));
    }
  const auto middle = slopes.begin() + std::ptrdiff_t(slopes.size() / 2);
  std::ranges::nth_element(slopes, middle);
  const double size = double(n);
  const double variance = size * (size - 1) * (2 * size + 5) / 18;
  return {.growth = *middle * size, .z = s / std::sqrt(variance)};
}

double standard_error(std::span<const double> series) {
  const std::size_t n = series.size();
  if (n < 4) return std::numeric_limits<double>::infinity();
  double mean = 0;
  for (const double x : series)
    mean += x / double(n);
  double variance = 0;
  double neighbours = 0;
  for (std::size_t i = 0; i < n; ++i) {
    variance += (series[i] - mean) * (series[i] - mean);
    if (i > 0) neighbours += (series[i] - mean) * (series[i - 1] - mean);
  }
  if (variance <= 0) return 0;
  const double r = std::clamp(neighbours / variance, 0.0, 0.9);
  return std::sqrt(variance / double(n - 1) / double(n) * (1 + r) / (1 - r));
}

double normal_share(double z) { return 0.5 * std::erfc(-z / std::sqrt(2.0)); }

}  // namespace vajrapulse::search
