#pragma once

#include <string>

#include "vajrapulse/base/clock.hpp"
#include "vajrapulse/search/search.hpp"

namespace vajrapulse::report {

/// What a search was, besides what it found.
struct SearchRun {
  std::string name;  ///< the target
  WallTime started_at;
  std::string version;
  std::string io;
  std::uint64_t seed = 0;
  int exit_code = 0;
};

/// The answer of a search as JSON, schema "vajrapulse.find-max/1" (docs/find-max.md): rates per second, durations in
/// nanoseconds, every rate that was measured with its quantiles and HdrHistogram payload. Ends with a line feed.
std::string to_json(const search::Search& search, const SearchRun& run);

}  // namespace vajrapulse::report
