#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "vajrapulse/base/clock.hpp"
#include "vajrapulse/base/error.hpp"

namespace vajrapulse {

// What people write. Numbers are decimals, kept exactly; errors (kUsage) say what is missing.

/// "500ms", "1.5s", "2m", "1h30m"; units ns, us, µs, ms, s, m, h, d. A bare 0 is zero; any other bare number
/// lacks its unit.
Expected<Duration> parse_duration(std::string_view text);
/// "1000", "1000/s", "90/m", "0.1/s", "5k"; in millionths of one per second.
Expected<std::int64_t> parse_rate(std::string_view text);
/// "512", "4KiB", "1MB", "1.5GiB".
Expected<std::uint64_t> parse_bytes(std::string_view text);

// What people read.

/// Three figures and the unit that suits: "182 µs", "1.25 ms", "2.00 s", "30 s" (whole seconds as they are),
/// "1 m 30 s", "1 h 02 m".
std::string format_duration(Duration duration);
/// Every nanosecond of it, the way a person types it and `parse_duration` reads it: "30s", "1h30m", "1.5s".
std::string format_exact(Duration duration);
/// "1,234,567"
std::string format_count(std::uint64_t count);
/// "1,000/s", "12.5/s", "0.100/s"
std::string format_rate(double per_second);
/// "512 B", "1.25 MiB"
std::string format_bytes(std::uint64_t bytes);
/// Of a share of 0 to 1: "0 %", "0.012 %", "3.40 %", "100 %"
std::string format_percent(double share);

}  // namespace vajrapulse
