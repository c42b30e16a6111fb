#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "vajrapulse/api/task.hpp"
#include "vajrapulse/engine/load_pattern.hpp"

namespace vajrapulse::engine {

enum class ArrivalKind { even, poisson };
enum class OnLimit { queue, drop };

/// Arrivals fixed in advance by a pattern, whatever the target does.
struct OpenModel {
  std::shared_ptr<const LoadPattern> pattern;
  ArrivalKind arrivals = ArrivalKind::even;
  std::uint64_t max_in_flight = 10'000;
  OnLimit on_limit = OnLimit::queue;
};

/// A number of users, each starting its next iteration when its last one ended.
struct ClosedModel {
  std::uint64_t users = 1;
  Duration pacing{};  ///< > 0: intended starts of a user are this far apart
};

struct Scenario {
  std::string name;
  NamedTask task;
  std::variant<OpenModel, ClosedModel> load;
  Duration duration{};                      ///< measured; open models: at most the pattern's own length
  std::optional<std::uint64_t> iterations;  ///< ends earlier, after this many (of all shards together)
  Duration warmup{};
  Duration drain_timeout = std::chrono::seconds(5);
  Duration force_timeout = std::chrono::seconds(10);
};

}  // namespace vajrapulse::engine
