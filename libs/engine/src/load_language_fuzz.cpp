#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "vajrapulse/engine/load_language.hpp"
#include "wide.hpp"

// A load that is accepted can be walked: Λ is finite, never falls, is the inverse of its inverse, and what the load
// calls itself reads as the same load.
namespace {

using namespace vajrapulse::engine;
using vajrapulse::Duration;

/// How far a load that goes on is followed.
constexpr Duration kHorizon = std::chrono::hours(24 * 366);

void require(bool holds) {
  if (!holds) std::abort();
}

/// Arrival `k` is due in the last nanosecond in which Λ is not above k.
void check_start(const LoadPattern& load, std::uint64_t k) {
  const auto start = load.start_of(k);
  require(start && *start >= Duration::zero());
  require(load.arrivals_before(*start) <= k && load.arrivals_before(*start + Duration(1)) > k);
}

/// An even stretch says of its arrivals what the load says of each.
void check_even(const LoadPattern& load, std::uint64_t k) {
  const auto even = load.even_from(k);
  if (!even) return;
  require(even->end > k && even->remainder < even->modulus);
  for (const std::uint64_t each : {k, k + 1, even->end - 1}) {
    if (each >= even->end) continue;
    const Wide offset = (even->remainder + Wide(each - k) * even->scaled_gap) / even->modulus;
    require(load.start_of(each) == even->start + Duration(std::int64_t(offset)));
  }
}

/// Λ⁻¹(x) for any x, as the Poisson process asks for it: within what Λ moves in two nanoseconds.
void check_inverse(const LoadPattern& load, double x) {
  const auto at = load.inverse(x);
  require(at && *at >= Duration::zero());
  require(std::abs(load.expected_before(*at) - x) <= 2e-9 * load.highest_rate() + 1e-9 * x);
}

void check_walk(const LoadPattern& load, Duration length) {
  constexpr int kSamples = 16;
  std::uint64_t arrivals = 0;
  for (int i = 0; i <= kSamples; ++i) {
    const Duration at = length / kSamples * i + length % kSamples * i / kSamples;
    const double seconds = std::chrono::duration<double>(at).count();
    const double expected = load.expected_before(at);
    require(std::isfinite(expected) && expected >= 0 && expected <= load.highest_rate() * seconds * (1 + 1e-9));
    const double rate = load.rate_at(at);
    require(std::isfinite(rate) && rate >= 0 && rate <= load.highest_rate() * (1 + 1e-9));
    require(load.arrivals_before(at) >= arrivals);
    arrivals = load.arrivals_before(at);
    require(std::abs(double(arrivals) - expected) <= 1 + 1e-12 * expected);
    if (expected > 0) check_inverse(load, expected * 0.999);
    if (arrivals == 0) continue;
    for (const std::uint64_t k : {std::uint64_t{0}, arrivals / 2, arrivals - 1}) {
      check_start(load, k);
      check_even(load, k);
    }
  }
  if (load.length() != length) return;
  require(!load.start_of(arrivals) && !load.inverse(std::nextafter(double(arrivals), 1e30)));  // not whole above 2^53
}

void check_text(const LoadPattern& load, Duration length) {
  const auto again = parse_load(load.text());
  require(again && (*again)->text() == load.text() && (*again)->length() == load.length());
  require((*again)->arrivals_before(length) == load.arrivals_before(length));
  require((*again)->highest_rate() == load.highest_rate());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto load = parse_load({reinterpret_cast<const char*>(data), size});
  if (!load) {
    require(load.error().message.starts_with("at character ") && !load.error().cure.empty());
    return 0;
  }
  require((*load)->highest_rate() > 0 && (*load)->highest_rate() <= 1e9);
  const Duration length = std::min((*load)->length().value_or(kHorizon), kHorizon);
  require(length > Duration::zero());
  check_walk(**load, length);
  check_text(**load, length);
  return 0;
}
