#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

namespace vajrapulse::recording {

/// An instant of the calendar.
struct Stamp {
  std::int64_t ns = 0;        ///< since 1970-01-01T00:00:00Z, leap seconds not counted
  bool whole_second = false;  ///< written without anything finer
};

/// Reads the times of one file: ISO 8601 (RFC 3339, its zone optional), the log format's `10/Oct/2000:13:55:36 -0700`,
/// or a number since 1970. What is finer than a nanosecond is cut off.
class TimeReader {
 public:
  /// What is wrong with `text`, in words that follow it, when it is no time: "is no time".
  std::expected<Stamp, std::string> read(std::string_view text);

 private:
  std::expected<Stamp, std::string> read_number(std::string_view text);
  std::optional<int> digits_;  ///< of a second that the unit of numbers holds, once one was read: 0, 3, 6 or 9
};

}  // namespace vajrapulse::recording
