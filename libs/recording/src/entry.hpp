#pragma once

#include <cstddef>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "lines.hpp"

namespace vajrapulse::recording {

/// A text and where it begins, in bytes from the start of its entry.
struct Field {
  std::string_view text;
  std::size_t at = 0;
};

/// One arrival as the file has it. Valid until the next one is read.
struct Entry {
  Field time;
  std::optional<Field> method;
  std::optional<Field> target;  ///< a path, or a whole URL
};

/// What is wrong with an entry, and where.
struct Fault {
  std::size_t at = 0;
  std::string what;
  std::string cure;
};

/// Finds the parts of each entry of one format.
class EntryReader {
 public:
  virtual ~EntryReader() = default;
  /// Reads the entry that begins with the current line; it may take more lines, where the format has such.
  virtual Expected<std::expected<Entry, Fault>> read(Lines& lines) = 0;
};

/// Of the header, which is the current line. Fails when it names no time.
std::expected<std::unique_ptr<EntryReader>, Fault> csv_reader(std::string_view header);
std::unique_ptr<EntryReader> json_reader();
std::unique_ptr<EntryReader> access_log_reader();

/// What a column or key is called, in the order in which one wins over the next.
enum class Role : std::uint8_t { time, method, target };
inline constexpr std::size_t kRoles = 3;
struct Naming {
  Role role = Role::time;
  std::size_t rank = 0;  ///< 0 wins
  bool request_line = false;
};
/// Nothing when the name says nothing to us.
std::optional<Naming> naming_of(std::string_view name);
inline constexpr const char* kTimeNames = "time, timestamp, @timestamp, ts, time_iso8601 or time_local";

/// "GET /x HTTP/1.0" in its parts; `at` is where it begins in the entry.
std::expected<void, Fault> split_request_line(Field line, Entry& into);

/// Of text that others wrote: at most 60 bytes of it, nothing that a terminal would obey, in quotes.
std::string shown(std::string_view text);

}  // namespace vajrapulse::recording
