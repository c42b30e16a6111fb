#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "vajrapulse/engine/summary.hpp"

namespace vajrapulse::simulation {

/// What came of one seed.
struct Outcome {
  std::string plan;                     ///< what the seed chose, for people
  std::string summary;                  ///< everything that has to be the same for the same seed
  std::vector<std::string> violations;  ///< empty: all is well
  engine::LoadCounts load;
  std::uint64_t steps = 0;     ///< at which the accounts were checked
  std::uint64_t controls = 0;  ///< that the run heeded
};

/// A whole run — weather, servers, load, limits, freezes, partitions, controls — chosen by `seed`.
Outcome run_seed(std::uint64_t seed);

}  // namespace vajrapulse::simulation
