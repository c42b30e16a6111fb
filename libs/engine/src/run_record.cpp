#include "run_record.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "run_id.hpp"
#include "vajrapulse/base/units.hpp"
#include "vajrapulse/metrics/names.hpp"
#include "verdict.hpp"

namespace vajrapulse::engine {
namespace {

double seconds(Duration duration) { return std::chrono::duration<double>(duration).count(); }

metrics::Histogram headline(const metrics::Snapshot& snapshot, bool scheduled) {
  return snapshot.histogram(scheduled ? metrics::names::kResponseTime : metrics::names::kExecutionDuration);
}

}  // namespace

void add_counts(LoadCounts& sum, const LoadCounts& part) {
  if (part.target) sum.target = sum.target.value_or(0) + *part.target;
  sum.started += part.started;
  sum.succeeded += part.succeeded;
  sum.failed += part.failed;
  sum.interrupted += part.interrupted;
  sum.in_flight += part.in_flight;
  sum.queued += part.queued;
  sum.dropped_limit += part.dropped_limit;
  sum.dropped_deadline += part.dropped_deadline;
  sum.missed += part.missed;
  sum.late += part.late;
  sum.max_in_flight += part.max_in_flight;  // not all at one moment, perhaps: the true figure is at most this
  sum.window.started += part.window.started;
  sum.window.completed += part.window.completed;
  sum.window.failed += part.window.failed;
}

void HostRecord::start() { first_ = last_ = read(); }

GeneratorFacts HostRecord::facts(double measured_s) {
  last_ = read();
  GeneratorFacts facts;
  facts.cpu_s = last_.process_cpu_s - first_.process_cpu_s;
  facts.run_queue_wait_s = last_.run_queue_wait_s - first_.run_queue_wait_s;
  facts.steal_s = last_.steal_s - first_.steal_s;
  facts.host_wait_s = facts.run_queue_wait_s + facts.steal_s;
  facts.max_rss_bytes = last_.max_rss_bytes;
  if (measured_s <= 0) return facts;
  facts.cores = facts.cpu_s / measured_s;
  for (std::size_t i = 0; i < std::min(first_.shard_cpu_s.size(), last_.shard_cpu_s.size()); ++i)
    facts.busiest_shard = std::max(facts.busiest_shard, (last_.shard_cpu_s[i] - first_.shard_cpu_s[i]) / measured_s);
  return facts;
}

void HostRecord::publish(metrics::Recorder& recorder, const metrics::GaugeId& cpu, const metrics::GaugeId& wait,
                         TimePoint now) {
  if (!probe_) return;
  const double span = seconds(now - published_at_);
  if (published_at_ != TimePoint{} && span > 0) {
    recorder.set(cpu, (last_.process_cpu_s - published_.process_cpu_s) / span, now);
    recorder.set(
        wait, (last_.run_queue_wait_s + last_.steal_s - published_.run_queue_wait_s - published_.steal_s) / span, now);
  }
  published_ = last_;
  published_at_ = now;
}

RunRecord::RunRecord(const RunSettings& settings, const Scenario& scenario, const runtime::Reactor& control,
                     const Steering& steering)
    : settings_(settings),
      scenario_(scenario),
      control_(control),
      steering_(steering),
      recorder_(registry_, control.now()),
      cpu_(registry_.gauge(metrics::names::kGeneratorCpu)),
      host_wait_(registry_.gauge(metrics::names::kGeneratorHostWait)),
      users_{.name = std::string(metrics::names::kUsers),
             .tags = {{"scenario", scenario.name}},
             .type = metrics::Type::gauge,
             .unit = {}},
      host_(settings.host),
      id_(make_run_id(control, settings.seed)),
      series_({.most_points = settings.most_points}) {}

Duration RunRecord::clock_offset() const {
  return control_.wall_now().time_since_epoch() - control_.now().time_since_epoch();
}

void RunRecord::start_measuring() {
  if (measuring_) return;
  measuring_ = true;
  host_.start();
  clock_offset_ = clock_offset();
  started_at_ = WallTime(schedule_.origin.time_since_epoch() + clock_offset_);
  (void)recorder_.swap(control_.now(), nullptr);
}

void RunRecord::stop_measuring(TimePoint end) {
  if (measured_) return;
  measured_ = true;
  measured_until_ = std::clamp(end, schedule_.origin, schedule_.end);
  if (measuring_) facts_ = host_.facts(measured_s());
}

TimePoint RunRecord::measured_end() const {
  return measured_ ? measured_until_ : std::clamp(control_.now(), schedule_.origin, schedule_.end);
}

void RunRecord::add(const std::vector<ShardReport>& reports, const Stretch& stretch) {
  stretch_ = stretch;
  shards_ = std::max<std::size_t>(reports.size(), 1);
  load_ = {};
  PerPart<metrics::Snapshot> seen;
  for (const ShardReport& report : reports) {
    overflowed_ = overflowed_ || report.overflowed;
    for (const Part part : kParts) {
      add_counts(load_[part], report.load[part]);
      if (report.intervals[part]) seen[part].add(*report.intervals[part]);
    }
  }
  if (measuring_) {
    if (!measured_) facts_ = host_.facts(measured_s());
    if (settings_.publish_host) host_.publish(recorder_, cpu_, host_wait_, control_.now());
    seen[Part::measure].add(*recorder_.swap(control_.now(), nullptr));
  }
  if (const auto users = users_within(stretch)) {
    metrics::Interval interval{.begin = stretch.begin, .end = stretch.end};
    interval.gauges.push_back(*users);
    interval.gauge_descriptors.push_back(&users_);
    seen[part_of(stretch.phase)].add(interval);
  }
  for (const Part part : kParts) {
    totals_[part].merge(seen[part]);
    early_[part].merge(seen[part]);
  }
  const Part part = part_of(stretch.phase);
  interval_ = std::exchange(early_[part], {});
  before_ = std::exchange(shown_[part], load_[part]);
  add_point(stretch, before_, interval_);
  leftover_.reset();
  if (part == Part::warmup) return;
  // What was measured and ends in the cool-down, or was sent in that and ends in the drain.
  const Part other = part == Part::cooldown ? Part::measure : Part::cooldown;
  const auto ended = [](const LoadCounts& load) { return load.completed() + load.interrupted; };
  if (load_[other].started == shown_[other].started && ended(load_[other]) == ended(shown_[other])) return;
  leftover_ = {other == Part::measure ? Phase::drain : Phase::cooldown, std::exchange(early_[other], {})};
  const LoadCounts before = std::exchange(shown_[other], load_[other]);
  add_point({stretch.begin, stretch.end, leftover_->phase}, before, leftover_->snapshot);
}

void RunRecord::add_point(const Stretch& stretch, const LoadCounts& before, const metrics::Snapshot& snapshot) {
  const LoadCounts& now = counts(stretch.phase);
  const metrics::Histogram times = headline(snapshot, now.target.has_value());
  if (now.started == before.started && now.completed() == before.completed() && stretch.seconds() < 0.001) return;
  const metrics::Series::Counts point{.started = now.started - before.started,
                                      .completed = now.completed() - before.completed(),
                                      .failed = now.failed - before.failed,
                                      .in_flight = now.in_flight,
                                      .users = users(stretch.phase, stretch.end - Duration(1)).value_or(0)};
  series_.add(seconds(stretch.begin - schedule_.origin), stretch.seconds(), int(stretch.phase), point, times);
}

std::vector<SeriesPoint> RunRecord::points() const {
  std::vector<SeriesPoint> points;
  for (const metrics::Series::Point& point : series_.points())
    points.push_back({.t = point.t,
                      .span_s = point.span_s,
                      .phase = Phase(point.phase),
                      .started = point.counts.started,
                      .completed = point.counts.completed,
                      .failed = point.counts.failed,
                      .in_flight = point.counts.in_flight,
                      .p50_ns = point.p50_ns,
                      .p99_ns = point.p99_ns,
                      .users = !open_model() && Phase(point.phase) < Phase::drain ? std::optional(point.counts.users)
                                                                                  : std::nullopt});
  return points;
}

bool RunRecord::open_model() const noexcept { return std::holds_alternative<OpenModel>(scenario_.load); }

/// How many users there are to be at `time`; nothing in an open model, and when no load is sent.
std::optional<std::uint64_t> RunRecord::users(Phase phase, TimePoint time) const {
  const auto* closed = std::get_if<ClosedModel>(&scenario_.load);
  if (!closed || phase >= Phase::drain) return std::nullopt;
  if (phase == Phase::warmup) return warmup_users(*closed);
  const std::uint64_t measured = steering_.users_at(time);
  return phase == Phase::cooldown ? users_beside(population_of(*closed), measured) : measured;
}

/// The same over a stretch, which may reach a little beyond its phase.
std::optional<metrics::Gauge> RunRecord::users_within(const Stretch& stretch) const {
  const TimePoint until = stretch.phase == Phase::measure    ? measured_end()
                          : stretch.phase == Phase::cooldown ? schedule_.load_end()
                                                             : stretch.end;
  const TimePoint end = std::min(stretch.end, until);
  const auto level = users(stretch.phase, end - Duration(1));
  if (!level || end <= stretch.begin) return std::nullopt;
  if (stretch.phase == Phase::measure) return steering_.users_within(stretch.begin, end);
  const Duration length = end - stretch.begin;
  return metrics::Gauge{.last = double(*level),
                        .max = double(*level),
                        .weighted_sum = double(*level) * double(length.count()),
                        .weight_ns = length.count()};
}

/// How many arrivals the load asks for between two moments of the run.
double RunRecord::target_between(TimePoint begin, TimePoint end) const {
  const bool beside = end <= schedule_.origin || begin >= schedule_.end;
  const TimePoint middle = begin + (end - begin) / 2;
  if (const auto* closed = std::get_if<ClosedModel>(&scenario_.load)) {
    if (closed->pacing <= Duration::zero()) return 0;
    const Pauses& pauses = steering_.course().pauses;
    return double(users(stretch_.phase, middle).value_or(0)) * seconds(end - begin - pauses.within(begin, end)) /
           seconds(closed->pacing);
  }
  const LoadPattern& pattern = *steering_.course().pattern;
  if (beside) {
    const double rate = begin >= schedule_.end ? rate_at_end(pattern, schedule_.end - schedule_.origin)
                                               : pattern.rate_at(Duration::zero());
    return rate_beside(pattern, rate) * seconds(end - begin);
  }
  const auto expected = [&](TimePoint time) {
    return pattern.expected_before(std::clamp(time, schedule_.origin, schedule_.end) - schedule_.origin);
  };
  return expected(end) - expected(begin);
}

const std::vector<metrics::ErrorGroup>& RunRecord::errors(Phase phase) const {
  return totals_[part_of(phase)].errors();
}

Verdict RunRecord::judge_so_far() const {
  const Duration stepped = measuring_ ? clock_offset() - clock_offset_ : Duration::zero();
  const auto* open = std::get_if<OpenModel>(&scenario_.load);
  const Duration slack = open ? open->slack : Duration::zero();
  return judge({load_[Part::measure], totals_[Part::measure], facts_, measured_s(), stepped, shards_, slack},
               settings_.thresholds);
}

Progress RunRecord::progress(Phase phase) const {
  Progress progress;
  progress.phase = phase;
  if (phase == Phase::prepare) return progress;
  progress.elapsed = control_.now() - schedule_.origin;
  if (schedule_.end != TimePoint::max()) progress.duration = schedule_.end - schedule_.origin;
  progress.load = counts(phase);
  progress.users = users(phase, control_.now());
  const Phase shown = stretch_.phase;
  if (const double span = stretch_.seconds(); span > 0) {
    const LoadCounts& now = counts(shown);
    if (shown < Phase::drain) progress.target_tps = target_between(stretch_.begin, stretch_.end) / span;
    progress.actual_tps = double(now.started - before_.started) / span;
    progress.completed_tps = double(now.completed() - before_.completed()) / span;
    progress.errors_interval = now.failed - before_.failed;
  }
  progress.response_time = headline(interval_, counts(shown).target.has_value());
  progress.service_time = interval_.histogram(metrics::names::kExecutionDuration);
  progress.errors = errors(phase);
  progress.generator = facts_;
  progress.control = steering_.state();
  if (measuring_) progress.verdict_so_far = judge_so_far().status;
  return progress;
}

std::string RunRecord::load_text() const {
  std::string text;
  bool timed = false;
  if (const auto* open = std::get_if<OpenModel>(&scenario_.load)) {
    text = open->pattern->text();
    timed = open->pattern->length().has_value();
    if (open->arrivals == ArrivalKind::poisson) text += ", Poisson arrivals";
  } else {
    text = describe(std::get<ClosedModel>(scenario_.load));
  }
  if (scenario_.iterations)
    text += fmt::format(" for {} iteration{}", *scenario_.iterations, *scenario_.iterations == 1 ? "" : "s");
  if (!timed && planned_ > Duration::zero() && planned_ != Duration::max())
    text += (scenario_.iterations ? ", at most " : " for ") + format_exact(planned_);
  return text;
}

std::optional<PhaseCounts> RunRecord::beside(Part part, Duration length) const {
  if (length <= Duration::zero()) return std::nullopt;
  return PhaseCounts{.started = load_[part].started, .failed = load_[part].failed, .duration_s = seconds(length)};
}

RunSummary RunRecord::summarize() {
  RunSummary summary;
  summary.run = {.id = id_,
                 .name = settings_.name,
                 .started_at = measuring_ ? started_at_ : control_.wall_now(),
                 .duration_s = measured_s(),
                 .version = settings_.version,
                 .io = {},
                 .shards = 1,
                 .seed = settings_.seed,
                 .open_model = load_[Part::measure].target.has_value() || open_model(),
                 .load_text = load_text(),
                 .interrupted = false};
  summary.verdict = judge_so_far();
  summary.load = load_[Part::measure];
  summary.warmup = beside(Part::warmup, schedule_.origin - schedule_.warmup_begin);
  if (schedule_.end != TimePoint::max()) summary.cooldown = beside(Part::cooldown, schedule_.cooldown);
  summary.metrics = std::move(totals_[Part::measure]);
  summary.series = points();
  summary.generator = facts_;
  summary.controls = steering_.events();
  summary.paused_s = seconds(steering_.course().pauses.within(schedule_.origin, measured_end()));
  summary.warnings = settings_.warnings;
  const LoadCounts& load = load_[Part::measure];
  if (const auto* closed = std::get_if<ClosedModel>(&scenario_.load); closed && load.target)
    if (const std::uint64_t late = load.late + load.dropped_deadline; late * 100 > *load.target)
      summary.warnings.push_back(
          fmt::format("users could not keep their pacing of {}: {} of {} turns began late or never, because the answer "
                      "before took longer",
                      format_exact(closed->pacing), format_count(late), format_count(*load.target)));
  if (overflowed_)
    summary.warnings.push_back(
        fmt::format("more than {} names came, too many to keep apart: later ones are counted together as 'other'",
                    format_count(metrics::Registry::kMaxSeries)));
  return summary;
}

}  // namespace vajrapulse::engine
