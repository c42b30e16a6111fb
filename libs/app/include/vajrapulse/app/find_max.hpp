#pragma once

#include <cstddef>
#include <limits>
#include <string>
#include <vector>

#include "vajrapulse/api/task.hpp"
#include "vajrapulse/app/run_options.hpp"
#include "vajrapulse/search/search.hpp"

namespace CLI {
class App;
}

namespace vajrapulse::app {

/// A search for the highest rate that holds, as the command line says it, not yet checked.
struct FindMaxOptions {
  std::vector<std::string> slos;
  std::string start_rate, max_rate, step, settle, most_time, precision;  ///< empty: as searches have it
  std::optional<int> confirmations;
  std::optional<std::uint64_t> max_in_flight;
  std::string arrivals;
  RunOptions run;  ///< all but `load`
};

/// The search that the options describe.
struct FindMaxPlan {
  search::Objectives objectives;
  search::Settings settings;
  Duration settle{};
  std::uint64_t max_in_flight = 10'000;
  engine::ArrivalKind arrivals = engine::ArrivalKind::even;
  std::vector<std::string> notes;  ///< what had to be assumed
};

/// Declares the options of a search on `command`.
void add_find_max_options(CLI::App& command, FindMaxOptions& options);

/// Checks the options. Errors name the flag, the value and a valid example.
Expected<FindMaxPlan> make_find_max(const FindMaxOptions& options);

/// What to load while searching.
struct FindMaxJob {
  std::string name;
  NamedTask task;
  std::size_t most_shards = std::numeric_limits<std::size_t>::max();
  std::string most_shards_why;
};

/// Searches on real threads: shards, signals, a line a step, the answer, the file. Returns the exit code: 0 found, or
/// the highest rate allowed holds; 98 the generator's limit came first; 99 no answer; 130 and its like interrupted.
int find_max(const FindMaxOptions& options, FindMaxJob job);

}  // namespace vajrapulse::app
