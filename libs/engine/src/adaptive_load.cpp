#include "vajrapulse/engine/adaptive_load.hpp"

#include <cmath>
#include <utility>

#include "vajrapulse/base/units.hpp"
#include "vajrapulse/engine/run.hpp"

namespace vajrapulse::engine {
namespace {

constexpr std::string_view kTps = "vajrapulse.adaptive.tps";
constexpr std::string_view kPhase = "vajrapulse.adaptive.phase";
constexpr double kNearlyWhole = 0.99;  // of an interval: seconds are cut by timers, not by a ruler

TimePoint at(double t) { return TimePoint(Duration(std::llround(std::max(t, 0.0) * 1e9))); }

}  // namespace

AdaptiveLoad::AdaptiveLoad(const AdaptiveSettings& settings, Say say)
    : settings_(settings),
      machine_(settings),
      say_(std::move(say)),
      recorder_(registry_, TimePoint{}),
      tps_(registry_.gauge(kTps)),
      phase_(registry_.gauge(kPhase)) {
  record(0);
}

void AdaptiveLoad::record(double t) {
  recorder_.set(tps_, machine_.tps(), at(t));
  recorder_.set(phase_, double(machine_.phase()), at(t));
}

void AdaptiveLoad::on_begin(Run& run) {
  steer_by([&run](double tps, const std::string& reason) -> Status {
    Control control = Control::rate_hold(tps);
    control.reason = reason;
    auto done = run.control(control);
    if (!done) return std::unexpected(std::move(done.error()));
    return {};
  });
}

void AdaptiveLoad::on_interval(double /*t*/, Phase phase, const metrics::Snapshot& interval) {
  if (phase == Phase::measure) seen_.merge(interval);
}

/// Follows each interval, and knows where it ended; at the run's end there is nothing left to steer.
void AdaptiveLoad::on_progress(const Progress& progress) {
  if (progress.phase != Phase::measure || progress.repeated) return;
  const double t = std::chrono::duration<double>(progress.elapsed).count();
  if (progress.control.paused) {  // an interval in which nothing is sent says nothing
    seen_ = {};
    decided_at_ = t;
    return;
  }
  const double span = std::chrono::duration<double>(settings_.ramp_interval).count();
  if (t - decided_at_ >= kNearlyWhole * span) decide(t);
}

void AdaptiveLoad::decide(double t) {
  const AdaptiveInput input = adaptive_input(seen_, t - decided_at_, settings_);
  seen_ = {};
  decided_at_ = t;
  const double before = machine_.tps();
  const AdaptiveDecision decision = machine_.decide(input);
  record(t);
  if (!decision.changed) return;
  events_.push_back({t, decision.phase, decision.tps, decision.reason});
  say_("adaptive: " + std::string(name(decision.phase)) + " " + format_rate(decision.tps) + ": " + decision.reason);
  if (decision.tps == before) return;
  if (const Status done = steer_(decision.tps, decision.reason); !done) say_("adaptive: " + done.error().message);
}

void AdaptiveLoad::publish(metrics::Snapshot& metrics, double end_s) {
  record(end_s);
  metrics.add(*recorder_.swap(at(end_s), nullptr));
}

}  // namespace vajrapulse::engine
