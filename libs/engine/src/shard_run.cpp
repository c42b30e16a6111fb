#include "shard_run.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <exception>
#include <utility>

#include "closed_load.hpp"
#include "vajrapulse/engine/load_language.hpp"

namespace vajrapulse::engine {
namespace {

/// A start so little after it was due is prompt: to wake up takes as long.
constexpr Duration kPrompt = std::chrono::microseconds(100);
/// Iterations in a row without a look at the sockets.
constexpr int kStreak = 64;

// Independent streams of the run's seed.
enum Stream : std::uint64_t { kArrivals, kWarmupArrivals, kPicks, kWarmupPicks, kTaskInit };

std::uint64_t seed_of(std::uint64_t seed, Stream stream) { return Random(seed).fork(stream).next(); }

Timetable timetable_of(const Scenario& scenario) {
  const auto* closed = std::get_if<ClosedModel>(&scenario.load);
  return closed && closed->pacing <= Duration::zero() ? Timetable::unscheduled : Timetable::scheduled;
}

/// A warm-up runs at the pattern's first rate, or at a tenth of its highest where it begins at zero.
std::shared_ptr<const LoadPattern> warmup_pattern_of(const Scenario& scenario) {
  const auto* open = std::get_if<OpenModel>(&scenario.load);
  if (!open || scenario.warmup <= Duration::zero()) return nullptr;
  double rate = open->pattern->rate_at(Duration::zero());
  if (rate <= 0) rate = open->pattern->highest_rate() / 10;
  return static_pattern(std::max<std::int64_t>(std::llround(rate * 1e6), 1));
}

Result failure_of(const std::exception_ptr& thrown) {
  try {
    std::rethrow_exception(thrown);
  } catch (const std::exception& error) {
    return Result::failure(kException, error.what());
  } catch (...) {
    return Result::failure(kException, "something that is not a std::exception was thrown");
  }
}

}  // namespace

std::uint64_t arrivals_seed(std::uint64_t run_seed) { return seed_of(run_seed, kArrivals); }

/// One iteration in flight, in the frame of the coroutine that flies it.
class ShardRun::Flight {
 public:
  Flight(ShardRun& shard, const Start& what)
      : start(what),
        random(shard.picks_.fork(what.index)),
        iteration(Scope(shard.reactor_, what.ledger->recorder(), shard.cancellation_, random),
                  {shard.scenario_.name, shard.scenario_.task.name, what.index, what.times.intended, what.user}),
        head_(shard.flights_) {
    next = head_;
    if (next) next->previous = this;
    head_ = this;
  }
  Flight(const Flight&) = delete;
  Flight& operator=(const Flight&) = delete;
  ~Flight() {
    (previous ? previous->next : head_) = next;
    if (next) next->previous = previous;
  }

  Start start;
  Random random;
  Iteration iteration;
  Flight* next = nullptr;
  Flight* previous = nullptr;

 private:
  Flight*& head_;
};

/// The coroutine that flies one slot's iterations, one after another; it owns itself.
struct ShardRun::Flying {
  struct promise_type : runtime::PooledFrame {
    static constexpr Flying get_return_object() noexcept { return {}; }
    static constexpr std::suspend_never initial_suspend() noexcept { return {}; }
    static constexpr std::suspend_never final_suspend() noexcept { return {}; }
    static constexpr void return_void() noexcept {}
    [[noreturn]] static void unhandled_exception() noexcept { std::terminate(); }
  };
};

ShardRun::Flying ShardRun::fly(ShardRun& shard, Start start) {
  for (;;) {
    std::optional<Start> next;
    {
      Flight flight(shard, start);
      Result result = Result::success();
      try {
        runtime::Co<Result> work = shard.task_->execute(flight.iteration);
        result = co_await work;
      } catch (...) {
        result = failure_of(std::current_exception());
      }
      next = shard.landed(flight, result);
    }
    if (!next) co_return;
    start = *next;
  }
}

ShardRun::ShardRun(std::shared_ptr<const Scenario> scenario, std::uint64_t seed, runtime::Reactor& reactor,
                   ShardShare share, std::move_only_function<void()> on_finished)
    : shared_scenario_(std::move(scenario)),
      scenario_(*shared_scenario_),
      seed_(seed),
      reactor_(reactor),
      share_(share),
      on_finished_(std::move(on_finished)),
      ids_(registry_, scenario_.name, scenario_.task.name),
      warmup_(registry_, ids_, timetable_of(scenario_), scenario_.task.name, reactor.now()),
      measure_(registry_, ids_, timetable_of(scenario_), scenario_.task.name, reactor.now()),
      scratch_(registry_, reactor.now()),
      random_(Random(seed_of(seed, kTaskInit)).fork(share.index)),
      picks_(seed_of(seed, kWarmupPicks)),
      warmup_pattern_(warmup_pattern_of(scenario_)) {
  Launcher& launcher = *this;
  if (const auto* open = std::get_if<OpenModel>(&scenario_.load)) {
    load_ = std::make_unique<OpenLoad>(launcher, share, OpenLoad::Limit{share.of(open->max_in_flight), open->on_limit});
  } else {
    load_ = std::make_unique<ClosedLoad>(launcher, share, std::get<ClosedModel>(scenario_.load));
  }
}

ShardRun::~ShardRun() { assert(!flights_); }

runtime::Co<Status> ShardRun::prepare(HostProbe* host) {
  if (host) host->register_shard(std::size_t(share_.index));
  const Scope scope(reactor_, scratch_, cancellation_, random_);
  TaskContext context(scope,
                      {scenario_.name, scenario_.task.name, std::size_t(share_.index), std::size_t(share_.count)});
  Status status;
  try {
    task_ = scenario_.task.make();
    runtime::Co<Status> work = task_->init(context);
    status = co_await work;
  } catch (...) {
    const Result failure = failure_of(std::current_exception());
    status = fail(kException, "the task's init threw: " + failure.message());
  }
  co_return status;
}

void ShardRun::begin(const Schedule& schedule) {
  schedule_ = schedule;
  noted_at_ = schedule.warmup_begin;
  reactor_.observe_turns(this);
  if (schedule.warmup_begin < schedule.origin) {
    enter_warmup();
  } else {
    enter_measure();
  }
  arm_phase();
}

void ShardRun::steer(const Course& course) {
  if (finished_ || phase_ == Phase::drain || phase_ == Phase::teardown) return;
  course_ = course;
  schedule_.end = course.end;
  if (phase_ != Phase::measure) return;  // it is taken when measuring begins
  phase_end_ = course.end;
  load_->steer(course);
  arm_phase();
}

void ShardRun::enter_warmup() {
  phase_ = Phase::warmup;
  phase_end_ = schedule_.origin;
  if (auto* open = dynamic_cast<OpenLoad*>(load_.get())) {
    const auto& model = std::get<OpenModel>(scenario_.load);
    open->plan({warmup_pattern_,
                {.kind = model.arrivals,
                 .seed = seed_of(seed_, kWarmupArrivals),
                 .length = schedule_.origin - schedule_.warmup_begin,
                 .limit = {}}});
  }
  load_->enter({schedule_.warmup_begin, schedule_.origin, &warmup_});
}

void ShardRun::enter_measure() {
  phase_ = Phase::measure;
  phase_end_ = schedule_.end;
  noted_at_ = schedule_.origin;
  noted_started_ = 0;
  picks_ = Random(seed_of(seed_, kPicks));
  if (auto* open = dynamic_cast<OpenLoad*>(load_.get())) {
    const auto& model = std::get<OpenModel>(scenario_.load);
    open->plan({model.pattern,
                {.kind = model.arrivals,
                 .seed = arrivals_seed(seed_),
                 .length = length_between(schedule_.origin, schedule_.end),
                 .limit = scenario_.iterations}});
  } else if (scenario_.iterations) {
    static_cast<ClosedLoad&>(*load_).allow(share_.of(*scenario_.iterations));
  }
  load_->enter({schedule_.origin, schedule_.end, &measure_});
  if (course_) load_->steer(*course_);
  check_finished();
}

void ShardRun::enter_drain(Load::Ending ending) {
  const TimePoint begin = ending == Load::Ending::scheduled ? schedule_.end : reactor_.now();
  load_->close(ending);
  measure_.close_window();
  phase_ = Phase::drain;
  phase_end_ = begin + scenario_.drain_timeout;
  check_finished();
}

/// Called when a phase's time is over, and before every report, whichever comes first.
void ShardRun::change_phase() {
  const TimePoint now = reactor_.now();
  if (phase_ == Phase::warmup && now >= schedule_.origin) {
    load_->close(Load::Ending::scheduled);
    load_->drop_waiting();
    enter_measure();
    load_->dispatch();
  }
  if (phase_ == Phase::measure && now >= schedule_.end) enter_drain(Load::Ending::scheduled);
  if (phase_ == Phase::drain && now >= phase_end_) cut(scenario_.force_timeout);
  if (phase_ == Phase::teardown && now >= phase_end_) abandon();
  arm_phase();
}

void ShardRun::arm_phase() {
  if (finished_ || phase_end_ == TimePoint::max()) {
    phase_alarm_.cancel();
  } else {
    reactor_.timers().arm(phase_alarm_, phase_end_);
  }
}

void ShardRun::stop() {
  if (finished_ || phase_ == Phase::prepare || phase_ == Phase::drain || phase_ == Phase::teardown) return;
  load_->dispatch();
  change_phase();
  if (phase_ == Phase::warmup) {
    load_->close(Load::Ending::stopped);
    load_->drop_waiting();
  }
  if (phase_ == Phase::warmup || phase_ == Phase::measure) enter_drain(Load::Ending::stopped);
  arm_phase();
}

void ShardRun::cut(Duration force_timeout) {
  if (finished_ || phase_ == Phase::teardown) return;
  if (phase_ != Phase::drain) stop();
  phase_ = Phase::teardown;
  phase_end_ = reactor_.now() + force_timeout;
  load_->drop_waiting();
  cancellation_.request();
  check_finished();
  arm_phase();
}

/// What does not heed its cancellation is counted as interrupted now, and forgotten.
void ShardRun::abandon() {
  const TimePoint now = reactor_.now();
  for (Flight* flight = flights_; flight; flight = flight->next)
    flight->start.ledger->landed(flight->start.times, {.seen = now}, Result::failure(kCancelled), Outcome::interrupted);
  abandoned_ = flights_ != nullptr;
  in_flight_ = 0;
  check_finished();
}

void ShardRun::launch(const Start& start) {
  start.ledger->started(start.times);
  ++in_flight_;
  fly(*this, start);
}

/// The iteration has ended; what its slot does next.
std::optional<Start> ShardRun::landed(Flight& flight, const Result& result) {
  if (abandoned_) return std::nullopt;
  const Start& start = flight.start;
  // What ended within the event that began it, ended now; else when its last event was seen.
  TimePoint end = reactor_.event_time();
  if (end < start.times.began) end = reactor_.now();
  const Outcome outcome = result.ok()                 ? Outcome::success
                          : cancellation_.requested() ? Outcome::interrupted
                                                      : Outcome::failure;
  const bool late = end > load_->next_due() + kPrompt || end <= blind_.seen_until;
  const Duration by = late ? lateness(start.times.began, end) : Duration::zero();
  start.ledger->landed(start.times, {.seen = end, .late = by}, result, outcome);
  if (reactor_.event_time() != streak_event_) {
    streak_event_ = reactor_.event_time();
    streak_ = 0;
  }
  if (++streak_ > kStreak) {
    rest(start);
    return std::nullopt;
  }
  std::optional<Start> next = load_->next(start);
  if (next) {
    next->ledger->started(next->times);
  } else {
    --in_flight_;
    check_finished();
  }
  return next;
}

/// How long ago it may have ended what is seen to end at `seen`, though a start was due long before. The first that is
/// seen of those that ended while the shard did not look may have ended when that began; each other one behind it by as
/// much as it was begun later, and by no more than iterations in their order lie apart. To see them all takes a moment.
Duration ShardRun::lateness(TimePoint began, TimePoint seen) {
  if (seen > blind_.seen_until) {
    const Duration since = seen - load_->next_due();
    const Duration apart = load_->apart();
    // Nobody knows when between two starts it stopped looking.
    blind_ = {
        .from = load_->next_due() - apart / 2, .seen_until = seen + since / 8, .first_began = began, .apart = apart};
  }
  const Duration in_order = std::int64_t(blind_.ended++) * blind_.apart;
  const Duration later = std::clamp(began - blind_.first_began, Duration::zero(), in_order);
  return std::max(seen - blind_.from - later, Duration::zero());
}

/// Iterations that never wait would keep the shard from its sockets and timers: the slot pauses for a turn.
void ShardRun::rest(const Start& landed) {
  rested_.push_back(landed);
  if (!rest_alarm_.armed()) reactor_.timers().arm(rest_alarm_, reactor_.now());
}

void ShardRun::resume_rested() {
  streak_ = 0;
  resuming_.swap(rested_);
  for (const Start& slot : resuming_) {
    --in_flight_;
    if (const std::optional<Start> next = load_->next(slot)) launch(*next);
  }
  resuming_.clear();
  check_finished();
}

void ShardRun::check_finished() {
  const bool over = phase_ == Phase::measure || phase_ == Phase::drain || phase_ == Phase::teardown;
  if (finished_ || in_flight_ > 0 || !over || !load_->exhausted()) return;
  finished_ = true;
  phase_alarm_.cancel();
  on_finished_();
}

void ShardRun::note_rates() {
  const TimePoint now = reactor_.now();
  const bool warming = phase_ == Phase::warmup;
  Ledger& ledger = warming ? warmup_ : measure_;
  const std::uint64_t started = ledger.counts().started;
  const double seconds = std::chrono::duration<double>(now - noted_at_).count();
  if (seconds <= 0) return;
  double target = 0;
  if (const auto* open = std::get_if<OpenModel>(&scenario_.load); open && (warming || phase_ == Phase::measure)) {
    const LoadPattern& pattern = warming ? *warmup_pattern_ : course_ ? *course_->pattern : *open->pattern;
    target = pattern.rate_at(now - (warming ? schedule_.warmup_begin : schedule_.origin)) / double(share_.count);
  }
  if (const auto* closed = std::get_if<ClosedModel>(&scenario_.load); closed && closed->pacing > Duration::zero())
    target = course_ && course_->pauses.resumed(now) != now
                 ? 0
                 : double(share_.of(closed->users)) / std::chrono::duration<double>(closed->pacing).count();
  ledger.rates(target, double(started - std::min(started, noted_started_)) / seconds, now);
  noted_started_ = started;
  noted_at_ = now;
}

ShardReport ShardRun::collect() {
  if (!finished_ && phase_ != Phase::prepare) {
    load_->dispatch();
    change_phase();
  }
  load_->settle();
  note_rates();
  const TimePoint now = reactor_.now();
  ShardReport report;
  report.warmup = warmup_.counts();
  report.measure = measure_.counts();
  report.warmup_interval = warmup_.recorder().swap(now, std::move(reuse_warmup_));
  report.measure_interval = measure_.recorder().swap(now, std::move(reuse_measure_));
  report.opening = opening();
  report.overflowed = registry_.overflowed() > 0;
  return report;
}

Opening ShardRun::opening() const {
  Opening opening = warmup_.opening();
  opening.merge(measure_.opening());
  return opening;
}

void ShardRun::reuse(std::unique_ptr<metrics::Interval> warmup, std::unique_ptr<metrics::Interval> measure) {
  reuse_warmup_ = std::move(warmup);
  reuse_measure_ = std::move(measure);
}

void ShardRun::on_turn(Duration busy) noexcept { (phase_ == Phase::warmup ? warmup_ : measure_).turn(busy); }

runtime::Co<void> ShardRun::teardown() {
  reactor_.observe_turns(nullptr);
  phase_alarm_.cancel();
  rest_alarm_.cancel();
  load_->close(Load::Ending::stopped);
  if (task_ && !abandoned_) {
    try {
      runtime::Co<void> work = task_->teardown();
      co_await work;
    } catch (...) {
      // The numbers are in; a teardown that throws does not change them.
    }
    task_.reset();
  }
}

}  // namespace vajrapulse::engine
