#include "exact_pattern.hpp"

#include <algorithm>
#include <limits>

namespace vajrapulse::engine {
namespace {

/// ⌈amount⌉ in arrivals.
std::uint64_t ceiling_of(const Amount& amount) {
  const Wide whole = (amount.floor + (amount.more ? 1 : 0) + kUnitsPerArrival - 1) / kUnitsPerArrival;
  return std::uint64_t(std::min<Wide>(whole, std::numeric_limits<std::uint64_t>::max()));
}

}  // namespace

std::uint64_t ExactPattern::arrivals_before(Duration t) const { return ceiling_of(amount_before(t)); }

double ExactPattern::expected_before(Duration t) const {
  return double(static_cast<long double>(amount_before(t).floor) / static_cast<long double>(kUnitsPerArrival));
}

std::optional<Duration> ExactPattern::start_of(std::uint64_t k) const { return last_at_most(units_of(k)); }

std::optional<EvenStretch> ExactPattern::even_from(std::uint64_t k) const {
  const std::optional<Duration> start = last_at_most(units_of(k));
  if (!start) return std::nullopt;
  const std::optional<Level> level = level_at(*start);
  // One arrival is an even stretch too, and its start is known by now.
  if (!level || level->rate == 0) return EvenStretch{.end = k + 1, .start = *start};
  const Amount amount = amount_before(*start);
  return EvenStretch{.end = arrivals_before(Duration(level->until_ns)),
                     .start = *start,
                     .remainder = std::uint64_t(units_of(k) - amount.floor),
                     .modulus = 2 * level->rate,
                     .scaled_gap = kUnitsPerArrival};
}

std::optional<Duration> ExactPattern::inverse(double x) const {
  constexpr double kBeyondAnyLoad = 1e20;  // 10^9/s for three thousand years
  if (!(x < kBeyondAnyLoad)) return std::nullopt;
  return last_at_most(Wide(static_cast<long double>(x) * static_cast<long double>(kUnitsPerArrival)));
}

}  // namespace vajrapulse::engine
