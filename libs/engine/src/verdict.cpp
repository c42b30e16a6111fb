#include "verdict.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include <fmt/format.h>

#include "vajrapulse/base/units.hpp"
#include "vajrapulse/engine/exact_share.hpp"
#include "vajrapulse/metrics/names.hpp"
#include "vajrapulse/runtime/errors.hpp"

namespace vajrapulse::engine {
namespace {

constexpr std::array<double, 3> kPercentiles{50, 90, 99};
constexpr double kSaturated = 0.90;  // of a core
constexpr double kBusy = 0.50;       // of a core: half of what comes has to wait for what came before it
/// Of the measured time. Half a percent of the time moves a p99: what is due in it starts late, and what ends in it is
/// seen late.
constexpr double kHostShare = 0.005;
constexpr Duration kLongTurn = std::chrono::milliseconds(1);
constexpr Duration kClockStep = std::chrono::milliseconds(50);

/// How much of a percentile of the response time the generator itself made.
struct Distortion {
  double percentile;
  Duration own;
  double share;
};

/// How long a turn may be before an arrival is as likely as not to tell on it: half as long as a shard's arrivals lie
/// apart.
Duration unnoticed(const Evidence& evidence) {
  const auto target = double(evidence.load.target.value_or(0));
  if (target <= 0) return Duration::max();
  return Duration(std::int64_t(evidence.measured_s * 1e9 * double(evidence.shards) / target / 2));
}

/// The same percentile with and without the generator's lateness. A completion is seen at most a turn late; what
/// arrivals have not told of it is counted as the generator's own.
std::array<Distortion, 3> distortions(const Evidence& evidence) {
  namespace names = metrics::names;
  const metrics::Snapshot& snapshot = evidence.metrics;
  const std::int64_t gap = to_ns(unnoticed(evidence));
  const metrics::Histogram turns = snapshot.histogram(names::kGeneratorTurn);
  metrics::Histogram whole = snapshot.histogram(names::kResponseTime);
  metrics::Histogram less_lag = snapshot.histogram(names::kResponseTimeLessLag);
  if (whole.empty()) {  // a closed loop: only the stamps can be wrong
    whole = snapshot.histogram(names::kExecutionDuration);
    less_lag = whole;
  }
  std::array<Distortion, 3> all{};
  for (std::size_t i = 0; i < all.size(); ++i) {
    const double p = kPercentiles[i];
    const std::int64_t response = whole.percentile(p);
    const std::int64_t lag = std::max<std::int64_t>(response - less_lag.percentile(p), 0);
    const std::int64_t turn = turns.percentile(p);
    const std::int64_t own = std::min(lag + (turn <= gap ? turn : 0), response);
    all[i] = {p, Duration(own), response > 0 ? double(own) / double(response) : 0};
  }
  return all;
}

VerdictStatus grade_missed(double share, const VerdictThresholds& limits) {
  if (share > limits.invalid.missed) return VerdictStatus::invalid;
  return share > limits.degraded.missed ? VerdictStatus::degraded : VerdictStatus::valid;
}

VerdictStatus grade_share(const Distortion& at, const VerdictThresholds& limits) {
  const auto over = [&](const VerdictThresholds::Limit& limit) {
    return at.share > limit.generator_share && at.own > limit.generator_time;
  };
  if (over(limits.invalid)) return VerdictStatus::invalid;
  return over(limits.degraded) ? VerdictStatus::degraded : VerdictStatus::valid;
}

std::string percent(double share) { return fmt::format("{:.{}f} %", share * 100, share < 0.1 ? 1 : 0); }

std::string seconds_text(double seconds) {
  return format_duration(Duration(std::int64_t(std::llround(seconds * 1e9))));
}

/// What this machine can run out of, and what helps.
struct LocalLimit {
  ErrorKind kind;
  std::string_view what, advice;
};
constexpr std::array<LocalLimit, 2> kLocalLimits{{
    {runtime::kNoDescriptors, "file descriptors", "raise 'ulimit -n', or keep connections alive"},
    {runtime::kNoPorts, "local ports", "keep connections alive, or use several addresses of the target"},
}};

std::uint64_t failures_of(const metrics::Snapshot& snapshot, ErrorKind kind) {
  return snapshot.counter(metrics::names::kErrors, {{"kind", std::string(kind.name())}});
}

std::uint64_t local_failures(const metrics::Snapshot& snapshot) {
  std::uint64_t count = 0;
  for (const LocalLimit& limit : kLocalLimits)
    count += failures_of(snapshot, limit.kind);
  return count;
}

class Judge {
 public:
  Judge(const Evidence& evidence, const VerdictThresholds& limits) : evidence_(evidence), limits_(limits) {}

  Verdict judge() {
    weigh_missed();
    weigh_share();
    weigh_local_failures();
    if (verdict_.status != VerdictStatus::valid) name_causes();
    take_notes();
    return std::move(verdict_);
  }

 private:
  void reason(VerdictStatus grade, std::string sentence) {
    if (grade == VerdictStatus::valid) return;
    verdict_.status = std::max(verdict_.status, grade);
    verdict_.reasons.push_back(std::move(sentence));
  }

  void weigh_missed() {
    const LoadCounts& load = evidence_.load;
    if (!load.target || *load.target == 0) return;
    const double share = double(load.missed) / double(*load.target);
    reason(grade_missed(share, limits_),
           fmt::format("{} of {} arrivals ({}) were missed: the generator had not got to them by the end",
                       format_count(load.missed), format_count(*load.target), percent(share)));
  }

  void weigh_share() {
    const auto all = distortions(evidence_);
    const Distortion* worst = nullptr;
    for (std::size_t i = 0; i < all.size(); ++i) {
      verdict_.generator_share[i] = all[i].share;
      if (!worst || grade_share(all[i], limits_) > grade_share(*worst, limits_)) worst = &all[i];
    }
    own_ = worst->own;
    share_ = grade_share(*worst, limits_);
    reason(share_, fmt::format("at p{:.0f} the generator itself made {} of the response time ({})", worst->percentile,
                               percent(worst->share), format_duration(worst->own)));
  }

  /// Requests that this machine had no descriptor or port for say nothing about the target.
  void weigh_local_failures() {
    for (const LocalLimit& limit : kLocalLimits)
      if (const std::uint64_t failures = failures_of(evidence_.metrics, limit.kind); failures > 0)
        reason(grade_missed(local_share(), limits_),
               fmt::format("cause: {} requests failed on this machine: it had no {} left; {}", format_count(failures),
                           limit.what, limit.advice));
  }
  [[nodiscard]] double local_share() const {
    const auto started = double(evidence_.load.started);
    return started > 0 ? double(local_failures(evidence_.metrics)) / started : 0;
  }

  void name_causes() {
    const GeneratorFacts& facts = evidence_.generator;
    const std::size_t before = verdict_.reasons.size();
    const bool by_slack = share_ != VerdictStatus::valid && evidence_.slack >= own_ / 2;
    if (by_slack && evidence_.slack > Duration::zero())
      verdict_.reasons.push_back(fmt::format("cause: arrivals were allowed to start up to {} late (--slack); give less",
                                             format_exact(evidence_.slack)));
    if (evidence_.measured_s > 0 && facts.host_wait_s / evidence_.measured_s > least_host_share())
      verdict_.reasons.push_back(fmt::format(
          "cause: the host took the processor away for {} (run-queue wait {}, steal {})",
          seconds_text(facts.host_wait_s), seconds_text(facts.run_queue_wait_s), seconds_text(facts.steal_s)));
    if (facts.busiest_shard > kSaturated)
      verdict_.reasons.push_back(
          fmt::format("cause: a shard's processor was saturated ({} busy); use more shards, or a lower rate",
                      percent(facts.busiest_shard)));
    const bool said = grade_missed(local_share(), limits_) != VerdictStatus::valid;
    if (verdict_.reasons.size() == before && !said) name_work();
  }

  /// Neither the host's doing nor more than a processor can do: then what came close together.
  void name_work() {
    const std::int64_t longest = evidence_.metrics.histogram(metrics::names::kGeneratorTurn).max();
    if (longest >= std::max(to_ns(own_) / 2, to_ns(kLongTurn))) {
      verdict_.reasons.push_back(
          fmt::format("cause: a shard was busy with one thing for up to {}: work of a task that does not wait",
                      format_duration(Duration(longest))));
    } else if (const double busy = evidence_.generator.busiest_shard; busy > kBusy) {
      verdict_.reasons.push_back(
          fmt::format("cause: a shard's processor was {} busy, and what came close together had to wait for it; use "
                      "more shards, or "
                      "a lower rate",
                      percent(busy)));
    } else {
      verdict_.reasons.emplace_back(
          "cause: not seen; the shard was held up for a time, by the host or by work of a task that does not wait");
    }
  }

  /// What little of the time explains what little was missed.
  [[nodiscard]] double least_host_share() const {
    const auto target = double(evidence_.load.target.value_or(0));
    const double missed = target > 0 ? double(evidence_.load.missed) / target : 0;
    return missed > 0 ? std::min(kHostShare, missed / 2) : kHostShare;
  }

  void take_notes() {
    const LoadCounts& load = evidence_.load;
    if (load.dropped_limit > 0)
      verdict_.notes.push_back(
          fmt::format("{} arrivals were dropped: max-in-flight was reached", format_count(load.dropped_limit)));
    if (load.dropped_deadline > 0)
      verdict_.notes.push_back(fmt::format("{} arrivals still waited when the drain ended and never started",
                                           format_count(load.dropped_deadline)));
    note_clock();
    note_interrupted();
    note_tail();
  }

  /// Every duration is taken from a clock that nobody can set: only the times of day are wrong.
  void note_clock() {
    if (std::chrono::abs(evidence_.clock_stepped) <= kClockStep) return;
    verdict_.notes.push_back(fmt::format(
        "the machine's clock was set {} by {} while the run went on: durations do not depend on it, times of day do",
        evidence_.clock_stepped > Duration::zero() ? "forward" : "back",
        format_duration(std::chrono::abs(evidence_.clock_stepped))));
  }

  void note_interrupted() {
    const std::uint64_t interrupted = evidence_.load.interrupted;
    if (interrupted == 0) return;
    namespace names = metrics::names;
    const bool scheduled = !evidence_.metrics.histogram(names::kResponseTime).empty();
    const double exact = exact_share(evidence_.metrics, scheduled ? names::kResponseTime : names::kExecutionDuration);
    const double percentile = std::floor(1e4 * exact) / 100;
    verdict_.notes.push_back(
        fmt::format("{} iteration{} interrupted and count{} with the age reached: {} lower bounds", interrupted,
                    interrupted == 1 ? " was" : "s were", interrupted == 1 ? "s" : "",
                    percentile > 0 ? fmt::format("percentiles above p{} are", percentile) : "all percentiles are"));
  }

  /// The headline judges up to p99; what lag did above it is only said.
  void note_tail() {
    namespace names = metrics::names;
    const metrics::Histogram response = evidence_.metrics.histogram(names::kResponseTime);
    if (response.count() < 1000) return;
    const std::int64_t whole = response.percentile(99.9);
    const std::int64_t own = whole - evidence_.metrics.histogram(names::kResponseTimeLessLag).percentile(99.9);
    const Distortion tail{99.9, Duration(own), whole > 0 ? double(own) / double(whole) : 0};
    if (grade_share(tail, limits_) != VerdictStatus::valid)
      verdict_.notes.push_back(fmt::format("p99.9 and above: the generator itself made {} of {}",
                                           format_duration(tail.own), format_duration(Duration(whole))));
  }

  const Evidence& evidence_;
  const VerdictThresholds& limits_;
  Verdict verdict_;
  Duration own_{};                              ///< at the worst of the percentiles
  VerdictStatus share_ = VerdictStatus::valid;  ///< what that alone would make of it
};

}  // namespace

Verdict judge(const Evidence& evidence, const VerdictThresholds& thresholds) {
  return Judge(evidence, thresholds).judge();
}

}  // namespace vajrapulse::engine
