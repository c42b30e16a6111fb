#pragma once

#include <memory>
#include <vector>

#include "vajrapulse/engine/run.hpp"
#include "vajrapulse/runtime/co.hpp"
#include "vajrapulse/search/search.hpp"

namespace vajrapulse::app {

/// What all steps of a search have in common.
struct StepSettings {
  NamedTask task;
  engine::ArrivalKind arrivals = engine::ArrivalKind::even;
  std::uint64_t max_in_flight = 10'000;
  Duration settle{};  ///< sent at the step's rate before it is measured
  Duration batch{};   ///< length of a batch of the observation
  engine::RunSettings run;
};

/// One step of a search: a whole run of the open model at one rate.
///
/// Create and await on the control reactor's thread; give it up only when it has ended.
class RateStep {
 public:
  RateStep(const search::Step& step, const StepSettings& settings, runtime::Reactor& control,
           std::vector<runtime::Reactor*> shards);
  ~RateStep();

  /// Runs it; an Error is what kept it from saying anything: a task that does not start, a target out of reach.
  runtime::Co<Expected<search::Observation>> measure();
  /// As Run::stop.
  void stop();
  /// Iterations that heeded no cancellation still go on (RunSummary::abandoned).
  [[nodiscard]] bool abandoned() const noexcept;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace vajrapulse::app
