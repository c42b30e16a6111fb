#include "auditor.hpp"

#include "vajrapulse/metrics/names.hpp"

namespace vajrapulse::faults {

void Auditor::check(const engine::LoadCounts& load, const std::string& when) {
  if (load.target && *load.target != load.started + load.queued + load.dropped() + load.missed) {
    complain(when + ": target is not started + queued + dropped + missed");
  }
  if (load.started != load.completed() + load.interrupted + load.in_flight) {
    complain(when + ": started is not succeeded + failed + interrupted + in flight");
  }
}

void Auditor::on_progress(const engine::Progress& progress) {
  ++steps_;
  check(progress.load, std::string(engine::name(progress.phase)) + " " + std::to_string(to_ns(progress.elapsed)));
}

void Auditor::close(const engine::RunSummary& summary) {
  check(summary.load, "summary");
  if (summary.load.queued != 0) complain("still queued at the end");
  if (summary.load.in_flight != 0) complain("still in flight at the end");
  const auto total = summary.metrics.counter(metrics::names::kExecutionTotal);
  if (total != summary.load.started) complain("vajrapulse.execution.total is not started");
  const auto durations = summary.metrics.histogram(metrics::names::kExecutionDuration).count();
  if (durations != summary.load.started) complain("vajrapulse.execution.duration does not hold every iteration");
}

}  // namespace vajrapulse::faults
