#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "run_record.hpp"
#include "vajrapulse/engine/run.hpp"

namespace vajrapulse::engine {

/// A scenario of a run that is over.
struct FinishedScenario {
  const Scenario& scenario;
  Schedule schedule;
  RunSummary summary;
  bool measured = true;
  bool begun = true;
  std::string skipped;
};

/// One summary of all scenarios of a run: counts and histograms add up, what is not measured is warm-up, and the run is
/// no better than the worst of its scenarios. Of a single one it is that one's.
/// `facts`: what the generator used over all that was measured, of several scenarios.
RunSummary merge(const RunSettings& settings, std::vector<FinishedScenario> scenarios, const GeneratorFacts& facts);

/// What scenarios that run at the same time do together.
class ProgressSum {
 public:
  void add(const Progress& progress, std::string_view scenario);
  [[nodiscard]] Progress take() && { return std::move(sum_); }

 private:
  Progress sum_;
  std::size_t added_ = 0;
};

}  // namespace vajrapulse::engine
