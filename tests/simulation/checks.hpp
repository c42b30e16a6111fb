#pragma once

#include "auditor.hpp"
#include "choices.hpp"
#include "starts.hpp"

namespace vajrapulse::simulation {

/// A run that has ended, and what was known before it began.
struct Ended {
  const engine::Scenario& scenario;
  const engine::RunSummary& summary;
  const Starts& starts;
  TimePoint origin;  ///< t = 0
  std::uint64_t seed = 0;
  Trouble trouble;
  bool prompt = true;  ///< every shard heard of every control in time
};

/// What was sent is what the load asked for: nothing before it was due, nothing twice, nothing that one shard alone
/// would not have sent; and as many as there are to send.
void check_starts(const Ended& ended, faults::Auditor& auditor);

}  // namespace vajrapulse::simulation
