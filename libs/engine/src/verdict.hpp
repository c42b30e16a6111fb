#pragma once

#include "vajrapulse/engine/summary.hpp"
#include "vajrapulse/metrics/snapshot.hpp"

namespace vajrapulse::engine {

/// What the verdict is judged by.
struct Evidence {
  const LoadCounts& load;
  const metrics::Snapshot& metrics;
  const GeneratorFacts& generator;
  double measured_s = 0;
  Duration clock_stepped{};  ///< how far the calendar clock moved against the monotonic one
  std::size_t shards = 1;
  Duration slack{};  ///< how late arrivals were allowed to start
};

Verdict judge(const Evidence& evidence, const VerdictThresholds& thresholds);

}  // namespace vajrapulse::engine
