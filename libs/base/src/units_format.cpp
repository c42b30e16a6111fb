#include <fmt/format.h>

#include <array>
#include <cmath>

#include "vajrapulse/base/units.hpp"

namespace vajrapulse {
namespace {

/// Three figures, without passing to a fourth by rounding.
std::string three_figures(double value) {
  if (value < 9.995) return fmt::format("{:.2f}", value);
  if (value < 99.95) return fmt::format("{:.1f}", value);
  return fmt::format("{:.0f}", value);
}

std::string whole_units(std::int64_t seconds) {
  if (seconds < 60) return fmt::format("{} s", seconds);
  if (seconds < 3600)
    return seconds % 60 == 0 ? fmt::format("{} m", seconds / 60)
                             : fmt::format("{} m {:02} s", seconds / 60, seconds % 60);
  return seconds / 60 % 60 == 0 ? fmt::format("{} h", seconds / 3600)
                                : fmt::format("{} h {:02} m", seconds / 3600, seconds / 60 % 60);
}

}  // namespace

std::string format_duration(Duration duration) {
  const std::int64_t ns = duration.count();
  if (ns < 0) return "-" + format_duration(-duration);
  if (ns == 0) return "0 s";
  constexpr std::int64_t kSecond = 1'000'000'000;
  if (ns % kSecond == 0) return whole_units(ns / kSecond);
  if (ns < 1'000) return fmt::format("{} ns", ns);
  if (ns < 999'500) return three_figures(double(ns) / 1e3) + " µs";
  if (ns < 999'500'000) return three_figures(double(ns) / 1e6) + " ms";
  if (ns < 100 * kSecond) return three_figures(double(ns) / 1e9) + " s";
  return whole_units((ns + kSecond / 2) / kSecond);
}

std::string format_count(std::uint64_t count) {
  std::string digits = std::to_string(count);
  for (std::size_t at = digits.size(); at > 3;)
    digits.insert(at -= 3, ",");
  return digits;
}

std::string format_rate(double per_second) {
  if (!(per_second >= 0)) return "–";
  const double whole = std::round(per_second);
  if (per_second >= 100 || std::abs(per_second - whole) < 1e-9) return format_count(std::uint64_t(whole)) + "/s";
  if (per_second >= 1) return three_figures(per_second) + "/s";
  return fmt::format("{:.3f}/s", per_second);
}

std::string format_bytes(std::uint64_t bytes) {
  static constexpr std::array kUnits = {"KiB", "MiB", "GiB", "TiB", "PiB"};
  if (bytes < 1024) return fmt::format("{} B", bytes);
  double value = double(bytes) / 1024;
  std::size_t unit = 0;
  while (value >= 999.5 && unit + 1 < kUnits.size()) {
    value /= 1024;
    ++unit;
  }
  return three_figures(value) + " " + kUnits[unit];
}

std::string format_percent(double share) {
  const double percent = share * 100;
  if (!(percent > 0)) return "0 %";
  if (percent < 0.001) return "<0.001 %";
  if (percent < 0.9995) return fmt::format("{:.2g} %", percent);
  if (std::abs(percent - std::round(percent)) < 1e-9) return fmt::format("{:.0f} %", percent);
  return share < 1 && percent > 99.95 ? ">99.9 %" : three_figures(percent) + " %";
}

}  // namespace vajrapulse
