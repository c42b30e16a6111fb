#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "vajrapulse/api/task.hpp"
#include "vajrapulse/engine/load_pattern.hpp"
#include "vajrapulse/engine/population.hpp"

namespace vajrapulse::engine {

enum class ArrivalKind { even, poisson };
enum class OnLimit { queue, drop };

/// Arrivals fixed in advance by a pattern, whatever the target does.
struct OpenModel {
  std::shared_ptr<const LoadPattern> pattern;
  ArrivalKind arrivals = ArrivalKind::even;
  std::uint64_t max_in_flight = 10'000;
  OnLimit on_limit = OnLimit::queue;
  /// How late arrivals may start so that several start at once and the shard sleeps meanwhile: less CPU, and bursts as
  /// long. It is scheduler lag, and in the response time. 0: each at its own time.
  Duration slack{};
};

/// A number of users, each starting its next iteration when its last one ended.
struct ClosedModel {
  /// How users come (or go) one by one: from `from` to `ClosedModel::users`, on a straight line over `length`.
  struct Ramp {
    std::uint64_t from = 0;
    Duration length{};
  };
  /// How long a user does nothing between two iterations: each time anew, evenly between the two, from the seed.
  struct Think {
    Duration least{}, most{};
  };
  std::uint64_t users = 1;
  std::optional<Ramp> ramp;
  Think think;
  Duration pacing{};  ///< > 0: intended starts of a user are this far apart; excludes think time
};

/// Who is there when, as the model says.
Population population_of(const ClosedModel& model);
/// "64 users", "10 to 64 users over 30 s, thinking 500 ms to 2 s".
std::string describe(const ClosedModel& model);

struct Scenario {
  std::string name;
  NamedTask task;
  std::variant<OpenModel, ClosedModel> load;
  Duration duration{};                      ///< measured; open models: at most the pattern's own length
  std::optional<std::uint64_t> iterations;  ///< ends earlier, after this many (of all shards together)
  Duration warmup{};                        ///< before it, at the pattern's first rate; kept out of the results
  Duration cooldown{};  ///< after it, at its last; the same. None where iterations end it, or a stop did
  Duration drain_timeout = std::chrono::seconds(5);
  Duration force_timeout = std::chrono::seconds(10);
};

}  // namespace vajrapulse::engine
