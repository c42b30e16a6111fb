#pragma once

#include <string>
#include <vector>

#include "vajrapulse/metrics/snapshot.hpp"

namespace vajrapulse::search {

/// What one stretch of a step showed. Several of equal length make a step; how much they differ says how far its
/// figures can be trusted.
struct Batch {
  metrics::Snapshot snapshot;
  double seconds = 0;
  double backlog = 0;  ///< in flight and queued, on average
};

/// What the generator says about itself. Only `sound` says anything about the target.
enum class Generator {
  sound,
  disturbed,  ///< the run was INVALID and the host may be why: worth another try
  saturated   ///< the run was INVALID because the generator can do no more
};

/// One open-model run at a fixed rate, as the search needs to know it.
struct Observation {
  double rate = 0;     ///< offered, per second
  double seconds = 0;  ///< measured, without settling and drain
  double spent_s = 0;  ///< all that the step took
  metrics::Snapshot whole;
  std::vector<Batch> batches;
  std::string verdict;  ///< "VALID"
  Generator generator = Generator::sound;
  std::string why;  ///< of a generator that is not sound: the verdict's reasons
};

}  // namespace vajrapulse::search
