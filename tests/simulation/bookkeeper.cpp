#include "bookkeeper.hpp"

#include "vajrapulse/metrics/names.hpp"

namespace vajrapulse::simulation {

using engine::Phase;

void Bookkeeper::on_progress(const engine::Progress& progress) {
  if (origin_ || progress.phase == Phase::prepare || progress.phase == Phase::done) return;
  origin_ = control_.now() - progress.elapsed;
}

void Bookkeeper::on_interval(double, Phase phase, const metrics::Snapshot& interval) {
  if (phase == Phase::warmup || phase == Phase::cooldown) return;
  measured_ += interval.histogram(metrics::names::kExecutionDuration).count();
  responses_ += interval.histogram(metrics::names::kResponseTime).count();
}

void Bookkeeper::close(const engine::RunSummary& summary, faults::Auditor& auditor) const {
  engine::LoadCounts sum;
  std::uint64_t warmed = 0;
  std::uint64_t cooled = 0;
  for (const engine::SeriesPoint& point : summary.series) {
    if (point.phase == Phase::warmup) {
      warmed += point.started;
      continue;
    }
    if (point.phase == Phase::cooldown) {
      cooled += point.started;
      continue;
    }
    sum.started += point.started;
    sum.succeeded += point.completed - point.failed;
    sum.failed += point.failed;
  }
  const engine::LoadCounts& load = summary.load;
  if (sum.started != load.started) auditor.complain("the series' started do not add up to the load's");
  if (sum.failed != load.failed) auditor.complain("the series' failed do not add up to the load's");
  if (sum.succeeded != load.succeeded) auditor.complain("the series' completed do not add up to the load's");
  if (summary.warmup && warmed != summary.warmup->started) {
    auditor.complain("the series' started before t = 0 do not add up to the warm-up's");
  }
  if (cooled != (summary.cooldown ? summary.cooldown->started : 0)) {
    auditor.complain("the series' started in the cool-down do not add up to its");
  }
  if (measured_ != load.started) auditor.complain("the intervals' durations do not add up to what started");
  if (load.target && responses_ != load.started) {
    auditor.complain("the intervals' response times do not add up to what started");
  }
}

}  // namespace vajrapulse::simulation
