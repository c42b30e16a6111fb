#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "vajrapulse/base/clock.hpp"

namespace vajrapulse::plan {

/// A conversion of a format that nobody knows: "%q".
struct BadConversion {
  std::size_t at = 0;
  std::string_view text;
};

/// The first one of `format` that `append_calendar` does not know.
std::optional<BadConversion> bad_conversion(std::string_view format) noexcept;

/// Appends a calendar time in UTC, by a format as strftime has it (ISO C 7.29.3.5), in English whatever the locale:
/// %Y %C %y %m %d %e %j %F %D %H %I %M %S %T %R %p %a %A %b %h %B %u %w %Z %z %s %n %t %%; and %L, milliseconds.
void append_calendar(WallTime time, std::string_view format, std::string& out);

}  // namespace vajrapulse::plan
