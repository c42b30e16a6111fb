#include "sine.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "bracket.hpp"
#include "vajrapulse/base/units.hpp"

namespace vajrapulse::engine {
namespace {

constexpr long double kPi = std::numbers::pi_v<long double>;

/// 1/(26·27), 1/(24·25), … 1/(4·5)
constexpr auto kFactors = [] {
  std::array<long double, 12> factors{};
  for (int i = 0; i < 12; ++i)
    factors[std::size_t(i)] = 1.0L / ((26 - 2 * i) * (27 - 2 * i));
  return factors;
}();

/// x − sin x to the last bits for 0 ≤ x ≤ π/2, where subtracting would cancel them: its Taylor series.
long double less_its_sine(long double x) {
  const long double square = x * x;
  long double sum = 1;
  for (const long double factor : kFactors)
    sum = 1 - square * factor * sum;
  return x * square / 6 * sum;
}

/// Solves E − e·sin E = M (Kepler's equation), by Newton's method kept within what is known.
double eccentric_anomaly(double mean_anomaly, double eccentricity) {
  double low = mean_anomaly - eccentricity;
  double high = mean_anomaly + eccentricity;
  double anomaly = std::clamp(mean_anomaly + eccentricity * std::sin(mean_anomaly), low, high);
  constexpr int kMost = 60;
  for (int i = 0; i < kMost; ++i) {
    const double over = anomaly - eccentricity * std::sin(anomaly) - mean_anomaly;
    (over > 0 ? high : low) = anomaly;
    if (std::abs(over) < 1e-15) break;
    double next = anomaly - over / (1 - eccentricity * std::cos(anomaly));
    if (!(next > low && next < high)) next = low + (high - low) / 2;
    if (next == anomaly) break;
    anomaly = next;
  }
  return anomaly;
}

}  // namespace

Sine::Sine(const Shape& shape)
    : shape_(shape),
      scale_(2 * static_cast<long double>(shape.amplitude) * static_cast<long double>(shape.period_ns) / kPi),
      swing_at_begin_(swing(shape.period_ns)) {}

double Sine::rate_at(std::uint64_t offset_ns) const {
  const double turn = double(offset_ns % shape_.period_ns) / double(shape_.period_ns);
  return double(shape_.mean) + double(shape_.amplitude) * std::sin(2 * std::numbers::pi * turn);
}

/// ∫ amplitude·(1 − cos), from a trough on, over up to five quarters of a period given in quarters of nanoseconds; in
/// units of 1/(4·10^15) arrivals.
Wide Sine::swing(std::uint64_t quarters) const noexcept {
  const std::uint64_t period = 4 * shape_.period_ns;
  const Wide whole = Wide(shape_.amplitude) * period;
  if (quarters >= period) return whole + swing(quarters - period);
  if (quarters > period / 2) return whole - swing(period - quarters);
  const auto angle_of = [&](std::uint64_t part) {
    return kPi * static_cast<long double>(part) / static_cast<long double>(2 * shape_.period_ns);
  };
  if (quarters <= period / 4) return Wide(scale_ * less_its_sine(angle_of(quarters)));
  return Wide(shape_.amplitude) * quarters - Wide(scale_ * std::sin(angle_of(period / 2 - quarters)));
}

Amount Sine::within(std::uint64_t offset_ns) const {
  const std::uint64_t periods = offset_ns / shape_.period_ns;
  const std::uint64_t rest = offset_ns % shape_.period_ns;
  const Wide swung = Wide(shape_.amplitude) * (4 * shape_.period_ns) * periods +
                     (swing(4 * rest + shape_.period_ns) - swing_at_begin_);
  return {Wide(2 * (shape_.mean - shape_.amplitude)) * offset_ns + swung / 2, false};
}

/// Where in a period about `amount` has come.
std::uint64_t Sine::guess(Wide amount) const noexcept {
  const double whole = 2 * double(shape_.mean) * double(shape_.period_ns);
  const double eccentricity = double(shape_.amplitude) / double(shape_.mean);
  constexpr double kQuarter = std::numbers::pi / 2;
  const double anomaly =
      eccentric_anomaly(2 * std::numbers::pi * (double(amount) / whole) + kQuarter - eccentricity, eccentricity);
  const double turn = (anomaly - kQuarter) / (2 * std::numbers::pi);
  return std::uint64_t(std::clamp(turn, 0.0, 1.0) * double(shape_.period_ns));
}

std::uint64_t Sine::last_at_most(Wide amount, std::uint64_t span_ns) const {
  const Wide cycle = Wide(2 * shape_.mean) * shape_.period_ns;
  const std::uint64_t begin = std::uint64_t(amount / cycle) * shape_.period_ns;
  std::uint64_t offset = std::min(begin + guess(amount % cycle), span_ns);
  // A double is some nanoseconds out after a long period: one step of Newton's with the exact integral mends that.
  const Amount there = within(offset);
  const double off = there.floor > amount ? -double(there.floor - amount) : double(amount - there.floor);
  const double step = std::floor(off / (2 * rate_at(offset)));
  if (step < 0 && -step <= double(offset)) offset -= std::uint64_t(-step);
  if (step > 0 && step <= double(span_ns - offset)) offset += std::uint64_t(step);
  return last_reached(offset, span_ns, [&](std::uint64_t at) { return !within(at).above(amount); });
}

std::optional<Level> Sine::level_at(std::uint64_t /*offset_ns*/) const { return std::nullopt; }

double Sine::highest_within(std::uint64_t span_ns) const {
  if (span_ns >= shape_.period_ns / 4) return double(shape_.mean + shape_.amplitude);
  return rate_at(span_ns);
}

std::string Sine::text(std::optional<Duration> length) const {
  return "sine " + rate_number(shape_.mean) + "/s ± " + rate_number(shape_.amplitude) + " period " +
         format_exact(Duration(std::int64_t(shape_.period_ns))) + (length ? " for " + format_exact(*length) : "");
}

}  // namespace vajrapulse::engine
