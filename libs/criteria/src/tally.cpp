#include "vajrapulse/criteria/tally.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "metric_table.hpp"
#include "vajrapulse/metrics/names.hpp"

namespace vajrapulse::criteria {
namespace {

namespace names = metrics::names;
using Kind = Measure::Kind;
using metrics::Gauge;
using metrics::Histogram;
using metrics::Snapshot;
using metrics::Tags;

constexpr double kInfinity = std::numeric_limits<double>::infinity();

Tags with(Tags tags, std::string_view name, std::string_view value) {
  tags.emplace_back(name, value);
  std::ranges::sort(tags);
  return tags;
}

Tags tags_of(const Measure& measure, std::string_view scenario) {
  Tags tags = measure.tags;
  if (!scenario.empty()) tags.emplace_back("scenario", scenario);
  if (!measure.request.empty()) tags.emplace_back("name", measure.request);
  if (!measure.phase.empty()) tags.emplace_back("phase", measure.phase);
  std::ranges::sort(tags);
  return tags;
}

/// Tags that say of whom, and not what is counted of them.
bool says_where(std::string_view tag) { return tag == "scenario" || tag == "task" || tag == "name" || tag == "phase"; }

bool was_set(const Gauge& gauge) noexcept { return gauge.weight_ns > 0 || gauge.max != 0 || gauge.last != 0; }

/// Iterations were counted, so that what is counted beside them, and was not, is 0.
bool has_run(const Snapshot& snapshot) { return !snapshot.counters_by(names::kExecutionTotal, "status").empty(); }

/// Counts by status of iterations, or of one request's calls.
struct Outcomes {
  double succeeded, failed, interrupted;
  [[nodiscard]] double completed() const noexcept { return succeeded + failed; }
};

template <class Count>
Outcomes outcomes_of(const Tags& tags, Count count) {
  const auto of = [&](const char* status) { return double(count(with(tags, "status", status))); };
  return {of("success"), of("failure"), of("interrupted")};
}

Tally counted(double part, double whole = 0) {
  Tally tally;
  tally.part = part;
  tally.whole = whole;
  tally.known = true;
  return tally;
}

Tally share_of(double part, double whole) {
  Tally tally = counted(part, whole);
  tally.known = whole > 0;
  return tally;
}

Tally of_histogram(Histogram histogram) {
  Tally tally;
  tally.known = !histogram.empty();
  tally.histogram = std::move(histogram);
  return tally;
}

Tally of_gauge(const Gauge& gauge, bool known) {
  Tally tally;
  tally.gauge = gauge;
  tally.known = known;
  return tally;
}

/// The figures that have names of their own.
Tally of_run(const Measure& measure, const Snapshot& snapshot, const Tags& tags) {
  const bool of_request = !measure.request.empty();
  const auto counter = [&](std::string_view name) { return double(snapshot.counter(name, tags)); };
  const Outcomes outcomes = outcomes_of(tags, [&](const Tags& by_status) {
    return snapshot.counter(of_request ? names::kRequestTotal : names::kExecutionTotal, by_status);
  });
  const double started = outcomes.completed() + outcomes.interrupted;
  const auto of_calls = [&](double part) {
    Tally tally = counted(part);
    tally.known = !of_request || counter(names::kRequestTotal) > 0;
    return tally;
  };
  switch (measure.kind) {
    case Kind::started: return counted(started);
    case Kind::completed: return counted(outcomes.completed());
    case Kind::succeeded: return of_calls(outcomes.succeeded);
    case Kind::failed: return of_calls(outcomes.failed);
    case Kind::interrupted: return counted(outcomes.interrupted);
    case Kind::dropped: return counted(counter(names::kDropped));
    case Kind::missed: return counted(counter(names::kMissed));
    case Kind::target: return counted(started + counter(names::kDropped) + counter(names::kMissed));
    case Kind::timeouts: return counted(counter(names::kTimeouts));
    case Kind::requests: return of_calls(counter(names::kRequestTotal));
    case Kind::errors: return share_of(outcomes.failed, outcomes.completed());
    case Kind::success_rate: return share_of(outcomes.succeeded, outcomes.completed());
    case Kind::tps: return counted(outcomes.completed());
    case Kind::rps: return of_calls(counter(names::kRequestTotal));
    case Kind::in_flight: return of_gauge(snapshot.gauge(names::kInFlight, tags), true);
    case Kind::users: return of_gauge(snapshot.gauge(names::kUsers, tags), true);
    default: return counted(0);
  }
}

/// Any metric, by its name.
class AnyMetric {
 public:
  AnyMetric(const Measure& measure, const Snapshot& snapshot, Tags tags, Tags wider)
      : measure_(measure), snapshot_(snapshot), tags_(std::move(tags)), wider_(std::move(wider)), form_(form()) {}

  [[nodiscard]] Tally read() const {
    switch (measure_.kind) {
      case Kind::count:
      case Kind::rate: return counted_if_seen(count(tags_));
      case Kind::share: return share_of(count(tags_), count(wider_));
      case Kind::errors: return share_of(outcomes().failed, outcomes().completed());
      case Kind::success_rate: return share_of(outcomes().succeeded, outcomes().completed());
      case Kind::tps: return counted_if_seen(outcomes().completed());
      default: break;
    }
    if (form_ == metrics::Type::histogram) return of_histogram(snapshot_.histogram(measure_.metric, tags_));
    if (form_ == metrics::Type::counter) return counted_if_seen(count(tags_));
    const Gauge gauge = snapshot_.gauge(measure_.metric, tags_);
    return of_gauge(gauge, was_set(gauge) || (stands_at_zero() && has_run(snapshot_)));
  }

 private:
  [[nodiscard]] metrics::Type form() const {
    if (measure_.form) return *measure_.form;
    if (!snapshot_.histogram(measure_.metric, tags_).empty()) return metrics::Type::histogram;
    return was_set(snapshot_.gauge(measure_.metric, tags_)) ? metrics::Type::gauge : metrics::Type::counter;
  }
  [[nodiscard]] double count(const Tags& tags) const {
    if (form_ == metrics::Type::histogram) return double(snapshot_.histogram(measure_.metric, tags).count());
    return double(snapshot_.counter(measure_.metric, tags));
  }
  [[nodiscard]] Outcomes outcomes() const {
    return outcomes_of(tags_, [this](const Tags& tags) { return count(tags); });
  }
  /// Nothing was counted: 0 when the metric is there, no value when it is not.
  [[nodiscard]] Tally counted_if_seen(double part) const {
    Tally tally = counted(part);
    tally.known = part > 0 || (is_there() && !names_a_stranger());
    return tally;
  }
  [[nodiscard]] bool is_there() const {
    if (form_ == metrics::Type::histogram) return !snapshot_.histogram(measure_.metric).empty();
    if (measure_.metric == names::kErrors || measure_.metric == names::kDropped) return has_run(snapshot_);
    if (snapshot_.counter(measure_.metric) > 0) return true;
    return std::ranges::any_of(
        std::initializer_list<std::string_view>{"scenario", "task", "status", "name"},
        [this](std::string_view tag) { return !snapshot_.counters_by(measure_.metric, tag).empty(); });
  }
  /// It is asked of a request or task that nobody met.
  [[nodiscard]] bool names_a_stranger() const {
    return std::ranges::any_of(tags_, [this](const auto& tag) {
      const bool names_one = tag.first == "name" || tag.first == "task";
      return names_one && snapshot_.counters_by(names::kRequestTotal, tag.first).contains(tag.second) == false &&
             snapshot_.counters_by(measure_.metric, tag.first).contains(tag.second) == false;
    });
  }
  /// The engine's queues and what is in flight: nobody sets them as long as there is nothing in them.
  [[nodiscard]] bool stands_at_zero() const {
    const bool engines = measure_.metric == names::kQueueSize || measure_.metric == names::kInFlight;
    const auto queue = std::ranges::find(tags_, "queue", [](const auto& tag) { return tag.first; });
    const bool slots = measure_.metric == names::kClientQueueSize && (queue == tags_.end() || queue->second == "slot");
    return engines || slots;
  }

  const Measure& measure_;
  const Snapshot& snapshot_;
  Tags tags_;
  Tags wider_;  ///< of what a share is a share of
  metrics::Type form_;
};

Value time_or(Type unit, double number) { return Value::of(number, unit == Type::any ? Type::number : unit); }

Value histogram_figure(const Measure& measure, const Histogram& histogram) {
  const Type unit = measure.any_metric ? measure.unit : Type::time;
  switch (measure.kind) {
    case Kind::min: return time_or(unit, double(histogram.min()));
    case Kind::mean: return time_or(unit, histogram.mean());
    case Kind::max: return time_or(unit, double(histogram.max()));
    case Kind::stddev: return time_or(unit, histogram.stddev());
    default: return time_or(unit, double(histogram.percentile(measure.percentile)));
  }
}

Value gauge_figure(const Measure& measure, const Gauge& gauge) {
  const Type unit = measure.any_metric ? measure.unit : Type::number;
  if (measure.kind == Kind::mean) return time_or(unit, gauge.mean());
  return time_or(unit, measure.kind == Kind::last ? gauge.last : gauge.max);
}

bool is_share(Kind kind) { return kind == Kind::errors || kind == Kind::success_rate || kind == Kind::share; }
bool is_rate(Kind kind) { return kind == Kind::tps || kind == Kind::rps || kind == Kind::rate; }

/// At most so many of it are still to come.
double outstanding_of(const Measure& measure, const Outstanding& outstanding) {
  bool by_iteration = measure.request.empty();
  if (measure.any_metric) {
    const KnownMetric* known = known_metric(measure.metric);
    by_iteration = known && known->of_iterations;
  } else if (measure.kind <= Kind::stddev) {
    by_iteration = by_iteration && measure.metric != names::kRequestDuration;
  } else {
    by_iteration =
        by_iteration && measure.kind != Kind::requests && measure.kind != Kind::rps && measure.kind != Kind::timeouts;
  }
  return by_iteration && outstanding.arrivals ? *outstanding.arrivals : kInfinity;
}

/// The value of this rank, from 1; Histogram::percentile takes the nearest rank.
double at_rank(const Histogram& histogram, double rank) {
  return double(histogram.percentile((rank - 0.5) / double(histogram.count()) * 100));
}

Range histogram_range(const Measure& measure, const Histogram& seen, double to_come) {
  const double count = double(seen.count());
  if (count == 0) return {.least = 0, .most = kInfinity};
  switch (measure.kind) {
    case Kind::min: return {.least = to_come > 0 ? 0 : double(seen.min()), .most = double(seen.min())};
    case Kind::max: return {.least = double(seen.max()), .most = to_come > 0 ? kInfinity : double(seen.max())};
    case Kind::mean: return {.least = seen.sum() / (count + to_come), .most = kInfinity};
    case Kind::stddev: return {.least = 0, .most = kInfinity};
    default: break;
  }
  if (to_come == kInfinity) return {.least = 0, .most = kInfinity};
  // All that is to come may lie below everything, or above it.
  const double rank = std::max(1.0, std::ceil(measure.percentile / 100 * (count + to_come)));
  return {.least = rank - to_come >= 1 ? at_rank(seen, rank - to_come) : 0,
          .most = rank <= count ? at_rank(seen, rank) : kInfinity};
}

}  // namespace

void Tally::follow(const Tally& later) {
  if (later.histogram) {
    if (histogram) {
      histogram->merge(*later.histogram);
    } else {
      histogram = later.histogram;
    }
  }
  if (later.gauge && !gauge) {
    gauge = later.gauge;
  } else if (later.gauge) {
    gauge->last = later.gauge->last;
    gauge->max = std::max(gauge->max, later.gauge->max);
    gauge->weighted_sum += later.gauge->weighted_sum;
    gauge->weight_ns += later.gauge->weight_ns;
  }
  part += later.part;
  whole += later.whole;
  known = known || later.known;
}

Tally tally(const Measure& measure, const Snapshot& snapshot, std::string_view scenario) {
  Tags tags = tags_of(measure, scenario);
  if (measure.any_metric) {
    Tags wider = tags;
    std::erase_if(wider, [](const auto& tag) { return !says_where(tag.first); });
    return AnyMetric(measure, snapshot, std::move(tags), std::move(wider)).read();
  }
  if (measure.kind <= Kind::stddev) return of_histogram(snapshot.histogram(measure.metric, tags));
  return of_run(measure, snapshot, tags);
}

Value value_of(const Measure& measure, const Tally& tally, double seconds) {
  if (measure.kind == Kind::duration) return Value::of(seconds * 1e9, Type::time);
  if (!tally.known || measure.kind == Kind::verdict) return Value::null();
  if (tally.histogram) return histogram_figure(measure, *tally.histogram);
  if (tally.gauge) return gauge_figure(measure, *tally.gauge);
  if (is_share(measure.kind)) return Value::of(tally.part / tally.whole, Type::share);
  if (is_rate(measure.kind)) return seconds > 0 ? Value::of(tally.part / seconds, Type::rate) : Value::null();
  return Value::of(tally.part, measure.any_metric && measure.unit == Type::bytes ? Type::bytes : Type::number);
}

Range range_of(const Measure& measure, const Tally& so_far, const Outstanding& outstanding) {
  const double to_come = outstanding_of(measure, outstanding);
  if (measure.kind == Kind::verdict || measure.kind == Kind::duration || measure.kind == Kind::last) return {};
  if (so_far.histogram) return histogram_range(measure, *so_far.histogram, to_come);
  if (so_far.gauge) return measure.kind == Kind::mean ? Range{} : Range{.least = so_far.gauge->max, .most = kInfinity};
  if (is_share(measure.kind)) {
    if (to_come == kInfinity || so_far.whole + to_come <= 0) return {.least = 0, .most = 1};
    return {.least = so_far.part / (so_far.whole + to_come),
            .most = (so_far.part + to_come) / (so_far.whole + to_come)};
  }
  if (is_rate(measure.kind)) {
    if (!outstanding.seconds || *outstanding.seconds <= 0) return {.least = 0, .most = kInfinity};
    return {.least = so_far.part / *outstanding.seconds, .most = (so_far.part + to_come) / *outstanding.seconds};
  }
  return {.least = so_far.part, .most = so_far.part + to_come};
}

}  // namespace vajrapulse::criteria
