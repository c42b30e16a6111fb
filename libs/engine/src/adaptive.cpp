#include "vajrapulse/engine/adaptive.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "vajrapulse/base/units.hpp"
#include "vajrapulse/metrics/names.hpp"

namespace vajrapulse::engine {
namespace {

namespace names = metrics::names;

constexpr double kMostTps = 1e9;
constexpr Duration kNoDelay = std::chrono::milliseconds(1);  // less is the scheduler's, not the target's

Status positive_rate(const char* flag, double value) {
  if (value > 0 && value <= kMostTps) return {};
  return fail(kUsage, fmt::format("{} {} is out of range", flag, value),
              fmt::format("give a rate above 0 and up to 1000000000, for example {} 10", flag));
}

double share(double part, double whole) { return whole > 0 ? std::clamp(part / whole, 0.0, 1.0) : 0; }

BackPressure pressure_of(const metrics::Snapshot& interval, double rate) {
  BackPressure pressure;
  pressure.queue = share(interval.gauge(names::kQueueSize).mean(), std::max(rate, 1.0));
  const double waiting = interval.gauge(names::kClientQueueSize, {{"queue", "connection"}}).mean();
  pressure.pool = share(waiting, waiting + interval.gauge(names::kPoolActive).mean());
  const std::int64_t delay = interval.histogram(names::kStartDelay).percentile(90);
  const std::int64_t service = interval.histogram(names::kExecutionDuration).percentile(90);
  if (delay >= to_ns(kNoDelay)) pressure.start_delay = share(double(delay), double(delay + service));
  return pressure;
}

}  // namespace

Status check(const AdaptiveSettings& s) {
  const std::pair<const char*, double> rates[] = {{"--initial-tps", s.initial_tps},
                                                  {"--ramp-increment", s.ramp_increment},
                                                  {"--ramp-decrement", s.ramp_decrement},
                                                  {"--min-tps", s.min_tps},
                                                  {"--max-tps", s.max_tps.value_or(kMostTps)}};
  for (const auto& [flag, value] : rates)
    if (auto status = positive_rate(flag, value); !status) return status;
  if (s.initial_tps < s.min_tps || (s.max_tps && s.initial_tps > *s.max_tps))
    return fail(kUsage, fmt::format("--initial-tps {} lies outside --min-tps and --max-tps", s.initial_tps),
                "give a rate between them");
  if (s.ramp_interval < std::chrono::milliseconds(200))
    return fail(kUsage, "--ramp-interval " + format_exact(s.ramp_interval) + " is too short to see anything",
                "give 200ms or more, for example --ramp-interval 5s");
  if (s.sustain_duration < Duration::zero())
    return fail(kUsage, "--sustain-duration lies below zero", "give for example --sustain-duration 30s");
  if (s.stable_intervals < 1)
    return fail(kUsage, fmt::format("--stable-intervals {} is out of range", s.stable_intervals),
                "give 1 or more, for example --stable-intervals 3");
  if (!(s.error_threshold >= 0 && s.error_threshold <= 1))
    return fail(kUsage, "--error-threshold is a share", "give 0% to 100%, for example --error-threshold 1%");
  if (s.latency_limit && *s.latency_limit <= Duration::zero())
    return fail(kUsage, "a latency limit of 0 can never be met", "give for example --latency-limit p99<200ms");
  if (!(s.latency_percentile > 0 && s.latency_percentile <= 100))
    return fail(kUsage, fmt::format("p{} is no percentile", s.latency_percentile), "give one above 0 and up to 100");
  if (!(s.pressure_low >= 0 && s.pressure_low < s.pressure_high && s.pressure_high <= 1))
    return fail(kUsage, "back-pressure's low must be less than its high, both 0 to 1", "give for example 0.3 and 0.7");
  return {};
}

std::string_view name(AdaptivePhase phase) {
  constexpr std::array<std::string_view, 4> kNames{"RAMP_UP", "RAMP_DOWN", "SUSTAIN", "RECOVERY"};
  return kNames[std::size_t(phase)];
}

double BackPressure::most() const noexcept { return std::max({queue, pool, start_delay}); }

std::string_view BackPressure::which() const noexcept {
  if (queue >= pool && queue >= start_delay) return "queue";
  return pool >= start_delay ? "pool" : "start delay";
}

AdaptiveInput adaptive_input(const metrics::Snapshot& interval, double seconds, const AdaptiveSettings& settings) {
  const auto count = [&](const char* status) { return interval.counter(names::kExecutionTotal, {{"status", status}}); };
  const std::uint64_t failed = count("failure");
  AdaptiveInput input;
  input.completed = count("success") + failed;
  input.started = input.completed + std::uint64_t(std::llround(interval.gauge(names::kInFlight).last));
  input.error_share = share(double(failed), double(input.completed));
  const metrics::Histogram response = interval.histogram(names::kResponseTime);
  if (!response.empty()) input.latency = Duration(response.percentile(settings.latency_percentile));
  input.pressure = pressure_of(interval, seconds > 0 ? double(input.completed) / seconds : 0);
  return input;
}

Adaptive::Adaptive(const AdaptiveSettings& settings) : settings_(settings), tps_(settings.initial_tps) {}

std::string Adaptive::what_is_wrong(const AdaptiveInput& input) const {
  if (input.completed == 0 && input.started > 0) return "nothing completed";
  if (input.completed > 0 && input.error_share > settings_.error_threshold)
    return "errors " + format_percent(input.error_share) + " over " + format_percent(settings_.error_threshold);
  if (settings_.latency_limit && input.latency && *input.latency > *settings_.latency_limit)
    return fmt::format("p{} {} over {}", settings_.latency_percentile, format_duration(*input.latency),
                       format_duration(*settings_.latency_limit));
  if (input.pressure.most() >= settings_.pressure_high)
    return fmt::format("back-pressure {:.2f} ({}) at or over {:.2f}", input.pressure.most(), input.pressure.which(),
                       settings_.pressure_high);
  return {};
}

AdaptiveDecision Adaptive::enter(AdaptivePhase phase, double tps, std::string reason) {
  const bool another_phase = phase != phase_;
  const bool changed = another_phase || tps != tps_;
  if (another_phase) {
    quiet_ = 0;
    sustained_ = Duration::zero();
  }
  phase_ = phase;
  tps_ = tps;
  return {phase, tps, changed, std::move(reason)};
}

AdaptiveDecision Adaptive::step_down(std::string why) {
  quiet_ = 0;
  if (tps_ <= settings_.min_tps) return enter(AdaptivePhase::recovery, settings_.min_tps, std::move(why));
  const double lower = std::max(tps_ - settings_.ramp_decrement, settings_.min_tps);
  return enter(AdaptivePhase::ramp_down, lower, std::move(why));
}

AdaptiveDecision Adaptive::ramp_up(const AdaptiveInput& input) {
  if (at_most()) return enter(AdaptivePhase::sustain, tps_, "the highest rate is reached");
  const double pressure = input.pressure.most();
  if (pressure < settings_.pressure_low) {
    quiet_ = 0;
    const double higher = tps_ + settings_.ramp_increment;
    return stay(settings_.max_tps ? std::min(higher, *settings_.max_tps) : higher, "nothing is wrong");
  }
  const std::string held =
      fmt::format("back-pressure {:.2f} ({}) leaves no room for more", pressure, input.pressure.which());
  if (++quiet_ < settings_.stable_intervals) return stay(tps_, held);
  return enter(AdaptivePhase::sustain, tps_, held);
}

AdaptiveDecision Adaptive::quiet_at_last(AdaptivePhase next, double tps) {
  if (++quiet_ < settings_.stable_intervals)
    return stay(tps_, fmt::format("quiet for {} of {} intervals", quiet_, settings_.stable_intervals));
  return enter(next, tps, fmt::format("quiet for {} intervals", quiet_));
}

AdaptiveDecision Adaptive::decide(const AdaptiveInput& input) {
  std::string wrong = what_is_wrong(input);
  if (phase_ == AdaptivePhase::recovery) {
    if (wrong.empty()) return quiet_at_last(AdaptivePhase::ramp_up, tps_);
    quiet_ = 0;
    return stay(tps_, std::move(wrong));
  }
  if (!wrong.empty()) return step_down(std::move(wrong));
  if (phase_ == AdaptivePhase::ramp_up) return ramp_up(input);
  if (phase_ == AdaptivePhase::ramp_down) return quiet_at_last(AdaptivePhase::sustain, tps_);
  sustained_ += settings_.ramp_interval;
  const bool long_enough = sustained_ >= settings_.sustain_duration;
  if (!long_enough || at_most()) return stay(tps_, "sustained for " + format_duration(sustained_));
  return enter(AdaptivePhase::ramp_up, tps_, "sustained for " + format_duration(sustained_));
}

}  // namespace vajrapulse::engine
