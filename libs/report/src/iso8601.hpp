#pragma once

#include <string>

#include "vajrapulse/base/clock.hpp"

namespace vajrapulse::report {

/// "2026-01-01T00:00:00Z"
std::string iso8601(WallTime time);

}  // namespace vajrapulse::report
