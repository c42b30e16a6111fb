#include "vajrapulse/app/rate_step.hpp"

#include <algorithm>
#include <cmath>

#include "vajrapulse/engine/load_language.hpp"
#include "vajrapulse/metrics/names.hpp"
#include "vajrapulse/runtime/errors.hpp"

namespace vajrapulse::app {
namespace {

namespace names = metrics::names;
using engine::RunSummary;

constexpr double kSaturated = 0.90;  // of a shard's processor: as the verdict has it

/// Cuts the measured phase into batches.
class BatchObserver final : public engine::RunObserver {
 public:
  void on_progress(const engine::Progress& /*progress*/) override {}
  void on_interval(double t, engine::Phase phase, const metrics::Snapshot& interval) override {
    end_batch(t);
    if (phase != engine::Phase::measure) return;
    begun_ = t;
    const double in_flight = interval.gauge(names::kInFlight).mean() + interval.gauge(names::kQueueSize).mean();
    search::Batch& batch = batches_.emplace_back();
    batch.snapshot.merge(interval);
    batch.backlog = in_flight;
  }
  std::vector<search::Batch> take(double duration_s) {
    end_batch(duration_s);
    return std::move(batches_);
  }

 private:
  void end_batch(double t) {
    if (begun_ >= 0 && !batches_.empty()) batches_.back().seconds = t - begun_;
    begun_ = -1;
  }
  std::vector<search::Batch> batches_;
  double begun_ = -1;
};

std::string joined(const std::vector<std::string>& sentences) {
  std::string text;
  for (const std::string& sentence : sentences)
    text += (text.empty() ? "" : "; ") + sentence;
  return text;
}

search::Generator generator_of(const RunSummary& summary, bool strict) {
  const auto worst = strict ? engine::VerdictStatus::valid : engine::VerdictStatus::degraded;
  if (summary.verdict.status <= worst) return search::Generator::sound;
  std::uint64_t local = 0;
  for (const ErrorKind kind : {runtime::kNoDescriptors, runtime::kNoPorts})
    local += summary.metrics.counter(names::kErrors, {{"kind", std::string(kind.name())}});
  const bool own = local > 0 || summary.generator.busiest_shard > kSaturated;
  return own ? search::Generator::saturated : search::Generator::disturbed;
}

engine::Scenario scenario_of(const search::Step& step, const StepSettings& settings) {
  engine::OpenModel model{.pattern = engine::static_pattern(std::llround(step.rate * 1e6)),
                          .arrivals = settings.arrivals,
                          .max_in_flight = settings.max_in_flight};
  engine::Scenario scenario{.name = "main", .task = settings.task, .load = std::move(model)};
  scenario.duration = Duration(std::llround(step.seconds * 1e9));
  scenario.warmup = settings.settle;
  return scenario;
}

}  // namespace

struct RateStep::Impl {
  Impl(const search::Step& wanted, const StepSettings& settings, runtime::Reactor& control_reactor,
       std::vector<runtime::Reactor*> shards)
      : step(wanted), control(control_reactor), strict(settings.run.strict) {
    engine::RunSettings of_run = settings.run;
    of_run.interval = settings.batch;
    of_run.observers.push_back(&batches);
    run.emplace(std::move(of_run), scenario_of(step, settings), control, std::move(shards));
  }
  runtime::Co<Expected<search::Observation>> measure();

  search::Step step;
  runtime::Reactor& control;
  bool strict;
  BatchObserver batches;
  std::optional<engine::Run> run;
  bool abandoned = false;
};

runtime::Co<Expected<search::Observation>> RateStep::Impl::measure() {
  const TimePoint begun = control.now();
  auto whole = run->execute();
  Expected<RunSummary> summary = co_await whole;
  if (!summary) co_return std::unexpected(summary.error());
  abandoned = summary->abandoned;
  const bool ended_early = summary->run.duration_s < 0.99 * step.seconds;
  if (ended_early && !summary->run.interrupted && !summary->warnings.empty())  // fail fast
    co_return fail(ErrorKind{"unreachable"}, summary->warnings.back(), "is the target there?");
  search::Observation seen{.rate = step.rate, .seconds = summary->run.duration_s};
  seen.spent_s = std::chrono::duration<double>(control.now() - begun).count();
  seen.batches = batches.take(summary->run.duration_s);
  seen.verdict = engine::name(summary->verdict.status);
  seen.generator = generator_of(*summary, strict);
  seen.why = seen.generator == search::Generator::sound ? "" : joined(summary->verdict.reasons);
  seen.whole = std::move(summary->metrics);
  co_return seen;
}

RateStep::RateStep(const search::Step& step, const StepSettings& settings, runtime::Reactor& control,
                   std::vector<runtime::Reactor*> shards)
    : impl_(std::make_unique<Impl>(step, settings, control, std::move(shards))) {}

RateStep::~RateStep() = default;

runtime::Co<Expected<search::Observation>> RateStep::measure() { return impl_->measure(); }

void RateStep::stop() { impl_->run->stop(); }

bool RateStep::abandoned() const noexcept { return impl_->abandoned; }

}  // namespace vajrapulse::app
