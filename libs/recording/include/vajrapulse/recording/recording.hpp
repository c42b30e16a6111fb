#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "vajrapulse/base/clock.hpp"
#include "vajrapulse/base/error.hpp"

namespace vajrapulse::recording {

/// How recorded traffic is written down.
enum class Format : std::uint8_t {
  csv,         ///< RFC 4180, with a header that names the columns
  json_lines,  ///< one JSON object a line
  access_log   ///< NCSA common or combined log format, as Apache and nginx write it by default
};

/// "csv", "jsonl" or "access-log".
Expected<Format> parse_format(std::string_view word);

/// What was asked for. A part that the recording does not tell is empty.
struct Request {
  std::string method;  ///< a token (RFC 9110 section 9.1)
  std::string target;  ///< "/path?query"; of an absolute URL, what stands behind its authority

  friend bool operator==(const Request&, const Request&) = default;
};

inline constexpr std::size_t kMostArrivals = 100'000'000;
inline constexpr std::size_t kMostRequests = 100'000;
inline constexpr std::size_t kLongestLine = std::size_t{1} << 20;  ///< in bytes

/// Recorded traffic: when each request came, and which it was. 12 bytes an arrival.
struct Recording {
  std::vector<Duration> starts;      ///< in order; the first is zero
  std::vector<std::uint32_t> turns;  ///< for each start its place in `requests`; empty when only times were recorded
  std::vector<Request> requests;     ///< each once, in the order in which they first came

  /// What the recording covers, above the last start: up to the end of the last second where arrivals were spread,
  /// else a mean gap beyond the last arrival (one second when there is no gap).
  Duration length{};
  std::uint64_t entries = 0;  ///< lines that are not blank, or records of more than one line
  std::uint64_t moved = 0;    ///< of the good ones, how many came later in the file than a later time
  /// Times were written in whole seconds, and arrivals of one second lie evenly within it: i of n at i/n.
  bool spread = false;
  std::uint64_t bad = 0;  ///< entries left out
  Error first_bad;        ///< "FILE:LINE:COLUMN: what is wrong"; lines and columns (bytes) from 1
};

/// Reads some bytes into the span; 0 at the end.
using Source = std::function<Expected<std::size_t>(std::span<char>)>;

struct Settings {
  std::string name;              ///< of the file, for errors
  std::optional<Format> format;  ///< nothing: recognised by the first line
  /// Asked once or more of each request that is about to enter; what it refuses makes a bad entry.
  std::function<Status(const Request&)> accepts;
};

/// Reads a recording from its first byte to its last.
///
/// Columns and keys, whatever their case, the first of each list that is there: time (time, timestamp, @timestamp, ts,
/// time_iso8601, time_local), method (method, request_method), path (path, url, uri, request_uri, request; the last may
/// be a whole request line). Times: ISO 8601 with or without a zone (then UTC), the log format's, or a number since
/// 1970. The first number of a file tells the unit of all: seconds below 10^11, ms below 10^14, µs below 10^17, else
/// ns.
///
/// Bad entries are left out, counted, and the first one kept. Fails (kUsage) when the format is not recognised, nothing
/// good is left, or a limit above is passed.
Expected<Recording> read(const Source& source, const Settings& settings);

/// The same of a file; `path` "-" is standard input. Fails (kUsage) when it cannot be read.
Expected<Recording> read_file(const std::string& path, Settings settings);

}  // namespace vajrapulse::recording
