#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "vajrapulse/api/task.hpp"

namespace vajrapulse::simulation {

/// What began when, on whichever shard: seen from inside the task, not from the engine's own accounts.
class Starts {
 public:
  struct Start {
    std::uint64_t index = 0;
    std::uint64_t user = 0;
    TimePoint intended;
    TimePoint began;
  };

  /// The same task, watched. This has to outlive the run.
  NamedTask watch(NamedTask task);

  /// Those meant to start in [begin, end), in that order.
  [[nodiscard]] std::vector<Start> between(TimePoint begin, TimePoint end) const;
  [[nodiscard]] const std::vector<Start>& all() const noexcept { return all_; }
  void note(const Iteration& iteration);

 private:
  std::vector<Start> all_;
};

}  // namespace vajrapulse::simulation
