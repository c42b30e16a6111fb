#pragma once

#include <string>

#include "vajrapulse/base/clock.hpp"
#include "vajrapulse/base/error.hpp"

namespace vajrapulse::app {

inline constexpr double kMostRate = 1e9;  ///< iterations a second

// What a flag's text says; errors name the flag, the text and a valid example.

/// A rate per second, above 0 and up to 10⁹.
Expected<double> rate_flag(const char* flag, const std::string& text);
/// A share as the expression language has it: "2%", "0.02".
Expected<double> share_flag(const char* flag, const std::string& text);
/// A time of `least` to 366 days.
Expected<Duration> time_flag(const char* flag, const std::string& text, Duration least, const char* example);

}  // namespace vajrapulse::app
