#include "ledger.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "vajrapulse/metrics/names.hpp"

namespace vajrapulse::engine {
namespace {

constexpr Duration kLate = std::chrono::milliseconds(1);
constexpr std::array<std::string_view, kOutcomes> kStatus{"success", "failure", "interrupted"};

using Tags = std::vector<std::pair<std::string, std::string>>;

Tags with(Tags tags, std::string_view key, std::string_view value) {
  tags.emplace_back(key, value);
  std::ranges::sort(tags);
  return tags;
}

}  // namespace

ExecutionIds::ExecutionIds(metrics::Registry& registry, std::string_view scenario, std::string_view task) {
  namespace names = metrics::names;
  const Tags tags{{"scenario", std::string(scenario)}, {"task", std::string(task)}};
  for (std::size_t i = 0; i < kOutcomes; ++i) {
    const Tags by_status = with(tags, "status", kStatus[i]);
    total[i] = registry.counter(names::kExecutionTotal, by_status);
    duration[i] = registry.histogram(names::kExecutionDuration, by_status);
    response_time[i] = registry.histogram(names::kResponseTime, by_status);
    response_time_less_lag[i] = registry.histogram(names::kResponseTimeLessLag, by_status);
  }
  start_delay = registry.histogram(names::kStartDelay, tags);
  scheduler_lag = registry.histogram(names::kSchedulerLag, tags);
  queue_wait = registry.histogram(names::kQueueWait, tags);
  slot_wait = registry.histogram(names::kClientQueueWait, with(tags, "queue", "slot"));
  queue_size = registry.gauge(names::kQueueSize, tags);
  slot_queue_size = registry.gauge(names::kClientQueueSize, with(tags, "queue", "slot"));
  in_flight = registry.gauge(names::kInFlight, tags);
  target_tps = registry.gauge(names::kTargetTps, tags);
  actual_tps = registry.gauge(names::kActualTps, tags);
  dropped_limit = registry.counter(names::kDropped, with(tags, "reason", "limit"));
  dropped_deadline = registry.counter(names::kDropped, with(tags, "reason", "deadline"));
  missed = registry.counter(names::kMissed, tags);
  turn = registry.histogram(names::kGeneratorTurn);
}

void Opening::add(ErrorKind failure) noexcept {
  ++completed;
  if (!failure) {
    ++succeeded;
  } else if (!kind) {
    kind = failure;
  } else if (kind != failure) {
    mixed = true;
  }
}

void Opening::merge(const Opening& other) noexcept {
  completed += other.completed;
  succeeded += other.succeeded;
  mixed = mixed || other.mixed || (kind && other.kind && kind != other.kind);
  if (!kind) kind = other.kind;
}

Ledger::Ledger(metrics::Registry& registry, const ExecutionIds& ids, Timetable timetable, std::string_view error_name,
               TimePoint now)
    : ids_(ids), timetable_(timetable), error_name_(error_name), recorder_(registry, now), gauge_time_(now) {}

void Ledger::queued(std::uint64_t size, TimePoint now) noexcept {
  counts_.queued = size;
  gauge_time_ = std::max(gauge_time_, now);
  recorder_.set(ids_.queue_size, double(size), gauge_time_);
  recorder_.set(ids_.slot_queue_size, double(size), gauge_time_);
}

void Ledger::started(const StartTimes& times) noexcept {
  ++counts_.started;
  ++counts_.in_flight;
  counts_.max_in_flight = std::max(counts_.max_in_flight, counts_.in_flight);
  gauge_time_ = std::max(gauge_time_, times.began);
  recorder_.set(ids_.in_flight, double(counts_.in_flight), gauge_time_);
  if (timetable_ == Timetable::unscheduled) return;
  const Duration delay = times.began - times.intended;
  const Duration wait = times.began - times.reached;
  if (delay > kLate) ++counts_.late;
  recorder_.record(ids_.start_delay, delay);
  recorder_.record(ids_.scheduler_lag, times.reached - times.intended);
  recorder_.record(ids_.queue_wait, wait);
  recorder_.record(ids_.slot_wait, wait);
}

void Ledger::landed(const StartTimes& times, const EndTime& ended, const Result& result, Outcome outcome) {
  const auto i = std::size_t(outcome);
  const TimePoint end = ended.seen;
  --counts_.in_flight;
  gauge_time_ = std::max(gauge_time_, end);
  recorder_.set(ids_.in_flight, double(counts_.in_flight), gauge_time_);
  recorder_.add(ids_.total[i]);
  recorder_.record(ids_.duration[i], end - times.began);
  if (timetable_ == Timetable::scheduled) {
    recorder_.record(ids_.response_time[i], end - times.intended);
    recorder_.record(ids_.response_time_less_lag[i], ended.possible(times) - times.intended);
  }
  if (outcome == Outcome::success) {
    ++counts_.succeeded;
    opening_.add(kNoError);
  } else if (outcome == Outcome::interrupted) {
    ++counts_.interrupted;
  } else {
    ++counts_.failed;
    opening_.add(result.kind());
    if (!result.already_recorded()) recorder_.error(result.kind(), error_name_, result.message());
  }
}

void Ledger::dropped(DropReason reason, std::uint64_t arrivals) noexcept {
  if (arrivals == 0) return;
  (reason == DropReason::limit ? counts_.dropped_limit : counts_.dropped_deadline) += arrivals;
  recorder_.add(reason == DropReason::limit ? ids_.dropped_limit : ids_.dropped_deadline, arrivals);
}

void Ledger::missed(std::uint64_t arrivals) noexcept {
  if (arrivals == 0) return;
  counts_.missed += arrivals;
  recorder_.add(ids_.missed, arrivals);
}

void Ledger::settle(std::uint64_t target, std::uint64_t queue, TimePoint now) noexcept {
  target_ = target;
  if (queue != counts_.queued) queued(queue, now);
}

void Ledger::close_window() noexcept {
  counts_ = counts();
  window_closed_ = true;
}

LoadCounts Ledger::counts() const noexcept {
  LoadCounts counts = counts_;
  if (!window_closed_) counts.window = {counts.started, counts.completed(), counts.failed};
  if (timetable_ == Timetable::scheduled) counts.target = target_;
  return counts;
}

void Ledger::rates(double target_tps, double actual_tps, TimePoint now) noexcept {
  gauge_time_ = std::max(gauge_time_, now);
  if (timetable_ == Timetable::scheduled) recorder_.set(ids_.target_tps, target_tps, gauge_time_);
  recorder_.set(ids_.actual_tps, actual_tps, gauge_time_);
}

}  // namespace vajrapulse::engine
