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
enum Stream : std::uint64_t {
  kArrivals,
  kWarmupArrivals,
  kPicks,
  kWarmupPicks,
  kTaskInit,
  kCooldownArrivals,
  kCooldownPicks,
  kThink,
  kWarmupThink,
  kCooldownThink,
};

struct Streams {
  Stream arrivals, picks, think;
};
constexpr PerPart<Streams> kStreams{{{{kWarmupArrivals, kWarmupPicks, kWarmupThink},
                                      {kArrivals, kPicks, kThink},
                                      {kCooldownArrivals, kCooldownPicks, kCooldownThink}}}};

std::uint64_t seed_of(std::uint64_t seed, Stream stream) { return Random(seed).fork(stream).next(); }

Timetable timetable_of(const Scenario& scenario) {
  const auto* closed = std::get_if<ClosedModel>(&scenario.load);
  return closed && closed->pacing <= Duration::zero() ? Timetable::unscheduled : Timetable::scheduled;
}

std::shared_ptr<const LoadPattern> level_beside(const LoadPattern& pattern, double rate) {
  return static_pattern(std::max<std::int64_t>(std::llround(rate_beside(pattern, rate) * 1e6), 1));
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
        own_wait(shard, what.times),
        random(shard.picks_.fork(what.index)),
        iteration(Scope(shard.reactor_, what.ledger->recorder(), shard.cancellation_, random, &own_wait),
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

  /// Knows what the shard has seen late.
  class Wait final : public OwnWait {
   public:
    Wait(ShardRun& shard, const StartTimes& times)
        : OwnWait(times.began - times.possible), shard_(shard), began_(times.began) {}

   private:
    Duration unseen(TimePoint seen) noexcept override {
      if (seen != seen_) unseen_ = shard_.lateness(began_, seen);
      seen_ = seen;
      return unseen_;
    }
    ShardRun& shard_;
    TimePoint began_;
    TimePoint seen_{};  ///< what was asked last, and the answer: it counts what it is asked
    Duration unseen_{};
  };

  Start start;
  Wait own_wait;
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
      ledgers_{{Ledger(registry_, ids_, timetable_of(scenario_), scenario_.task.name, reactor.now()),
                Ledger(registry_, ids_, timetable_of(scenario_), scenario_.task.name, reactor.now()),
                Ledger(registry_, ids_, timetable_of(scenario_), scenario_.task.name, reactor.now())}},
      scratch_(registry_, reactor.now()),
      random_(Random(seed_of(seed, kTaskInit)).fork(share.index)),
      picks_(seed_of(seed, kWarmupPicks)) {
  Launcher& launcher = *this;
  if (const auto* open = std::get_if<OpenModel>(&scenario_.load)) {
    load_ = std::make_unique<OpenLoad>(launcher, share,
                                       OpenLoad::Limit{share.of(open->max_in_flight), open->on_limit, open->slack});
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
  reactor_.observe_turns(*this);
  enter(schedule.warmup_begin < schedule.origin ? Part::warmup : Part::measure);
  arm_phase();
}

void ShardRun::steer(const Course& course) {
  if (finished_ || phase_ > Phase::measure) return;
  course_ = course;
  schedule_.end = course.end;
  schedule_.cooldown = course.cooldown;
  if (phase_ != Phase::measure) return;  // it is taken when measuring begins
  phase_end_ = course.end;
  load_->steer(course);
  arm_phase();
  check_finished();
}

void ShardRun::enter(Part part) {
  note_rates();
  phase_ = phase_of(part);
  Window window{schedule_.origin, schedule_.end, &ledgers_[part]};
  if (part == Part::warmup) window.begin = schedule_.warmup_begin, window.end = schedule_.origin;
  if (part == Part::cooldown) window.begin = schedule_.end, window.end = schedule_.load_end();
  phase_end_ = window.end;
  noted_at_ = window.begin;
  picks_ = Random(seed_of(seed_, kStreams[part].picks));
  if (auto* open = dynamic_cast<OpenLoad*>(load_.get())) {
    plan_open(*open, part);
  } else {
    plan_closed(static_cast<ClosedLoad&>(*load_), part);
  }
  load_->enter(window);
  if (course_ && part == Part::measure) load_->steer(*course_);
  check_finished();
}

void ShardRun::plan_open(OpenLoad& load, Part part) {
  const auto& model = std::get<OpenModel>(scenario_.load);
  Arrivals::Settings arrivals{.kind = model.arrivals,
                              .seed = seed_of(seed_, kStreams[part].arrivals),
                              .length = length_between(schedule_.origin, schedule_.end),
                              .limit = {}};
  const LoadPattern& measured = course_ ? *course_->pattern : *model.pattern;
  if (part == Part::warmup) {
    arrivals.length = schedule_.origin - schedule_.warmup_begin;
    pattern_ = level_beside(*model.pattern, model.pattern->rate_at(Duration::zero()));
  } else if (part == Part::measure) {
    arrivals.limit = scenario_.iterations;
    pattern_ = model.pattern;
  } else {
    pattern_ = level_beside(measured, rate_at_end(measured, arrivals.length));
    arrivals.length = schedule_.cooldown;
  }
  load.plan({pattern_, arrivals});
}

void ShardRun::plan_closed(ClosedLoad& load, Part part) {
  const auto& model = std::get<ClosedModel>(scenario_.load);
  const Population plan = population_of(model);
  ClosedLoad::Plan of{.population = plan, .iterations = {}, .think_seed = seed_of(seed_, kStreams[part].think)};
  if (part == Part::warmup) {
    of.population = Population::level(warmup_users(model), model.pacing);
  } else if (part == Part::measure) {
    if (scenario_.iterations) of.iterations = share_.of(*scenario_.iterations);
  } else {
    const Population& measured = course_ ? *course_->population : plan;
    const Duration paused = course_ ? course_->pauses.within(schedule_.origin, schedule_.end) : Duration::zero();
    const Duration last = schedule_.end - schedule_.origin - paused - Duration(1);
    of.population = Population::level(users_beside(plan, measured.at(last)), model.pacing);
  }
  load.plan(std::move(of));
}

void ShardRun::enter_drain(Load::Ending ending) {
  const TimePoint begin = ending == Load::Ending::scheduled ? schedule_.load_end() : reactor_.now();
  note_rates();
  load_->close(ending);
  if (phase_ == Phase::cooldown) load_->drop(Load::Waiting::latest);  // only what was measured is waited for
  ledgers_[Part::measure].close_window();
  phase_ = Phase::drain;
  drain_begin_ = begin;
  phase_end_ = schedule_.drain_waits ? TimePoint::max() : std::max(begin, drain_told_) + scenario_.drain_timeout;
  check_finished();
}

void ShardRun::drain_from(TimePoint moment) {
  schedule_.drain_waits = false;
  drain_told_ = moment;
  if (finished_ || phase_ != Phase::drain) return;
  phase_end_ = std::max(drain_begin_, moment) + scenario_.drain_timeout;
  arm_phase();
}

/// Called when a phase's time is over, and before every report, whichever comes first.
void ShardRun::change_phase() {
  const TimePoint now = reactor_.now();
  if (phase_ == Phase::warmup && now >= schedule_.origin) {
    load_->close(Load::Ending::scheduled);
    load_->drop(Load::Waiting::latest);
    enter(Part::measure);
    load_->dispatch();
  }
  if (phase_ == Phase::measure && now >= schedule_.end && schedule_.cooldown > Duration::zero()) {
    load_->close(Load::Ending::scheduled);
    ledgers_[Part::measure].close_window();
    enter(Part::cooldown);
    load_->dispatch();
  }
  const bool loading = phase_ == Phase::measure || phase_ == Phase::cooldown;
  if (loading && now >= schedule_.load_end()) enter_drain(Load::Ending::scheduled);
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
  if (finished_ || phase_ == Phase::prepare || phase_ >= Phase::drain) return;
  load_->dispatch();
  change_phase();
  if (phase_ == Phase::warmup) {
    load_->close(Load::Ending::stopped);
    load_->drop(Load::Waiting::latest);
  }
  if (phase_ < Phase::drain) enter_drain(Load::Ending::stopped);
  arm_phase();
}

void ShardRun::cut(Duration force_timeout) {
  if (finished_ || phase_ == Phase::teardown) return;
  if (phase_ != Phase::drain) stop();
  phase_ = Phase::teardown;
  phase_end_ = reactor_.now() + force_timeout;
  load_->drop(Load::Waiting::all);
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
  if (was_unseen(end)) flight.own_wait.add_unseen(start.times.began, end);
  const EndTime ended{.seen = end, .late = flight.own_wait.total()};
  const TimePoint free = ended.possible(start.times);
  start.ledger->landed(start.times, ended, result, outcome);
  if (reactor_.event_time() != streak_event_) {
    streak_event_ = reactor_.event_time();
    streak_ = 0;
  }
  if (++streak_ > kStreak) {
    rest({start, free});
    return std::nullopt;
  }
  std::optional<Start> next = load_->next(start, free);
  if (next) {
    next->ledger->started(next->times);
  } else {
    --in_flight_;
    check_finished();
  }
  return next;
}

/// Whether what is seen at `seen` may have happened before, while a start was due and the shard did not look.
bool ShardRun::was_unseen(TimePoint seen) const noexcept {
  return seen > load_->next_due() + kPrompt || seen <= blind_.seen_until;
}

/// How long ago it may have ended what is seen to end at `seen`, though a start was due long before. The first that is
/// seen of those that ended while the shard did not look may have ended when that began; each other one behind it by as
/// much as it was begun later, and by no more than iterations in their order lie apart. To see them all takes a moment.
Duration ShardRun::lateness(TimePoint began, TimePoint seen) noexcept {
  if (!was_unseen(seen)) return {};
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
void ShardRun::rest(const Rested& slot) {
  rested_.push_back(slot);
  if (!rest_alarm_.armed()) reactor_.timers().arm(rest_alarm_, reactor_.now());
}

void ShardRun::resume_rested() {
  streak_ = 0;
  resuming_.swap(rested_);
  for (const Rested& slot : resuming_) {
    --in_flight_;
    if (const std::optional<Start> next = load_->next(slot.landed, slot.free)) launch(*next);
  }
  resuming_.clear();
  check_finished();
}

void ShardRun::check_finished() {
  if (finished_ || in_flight_ > 0 || phase_ < Phase::measure || !load_->exhausted()) return;
  finished_ = true;
  phase_alarm_.cancel();
  on_finished_();
}

void ShardRun::note_rates() {
  if (phase_ == Phase::prepare) return;
  const TimePoint now = reactor_.now();
  Ledger& ledger = ledgers_[part_of(phase_)];
  const std::uint64_t started = ledger.counts().started;
  const double seconds = std::chrono::duration<double>(now - noted_at_).count();
  if (seconds <= 0) return;
  double target = 0;
  if (auto* closed = dynamic_cast<ClosedLoad*>(load_.get())) {
    target = closed->rate(now);
  } else if (phase_ < Phase::drain) {
    const bool measuring = phase_ == Phase::measure;
    const LoadPattern& pattern = measuring && course_ ? *course_->pattern : *pattern_;
    const TimePoint begin = phase_ == Phase::warmup ? schedule_.warmup_begin
                            : measuring             ? schedule_.origin
                                                    : schedule_.end;
    target = pattern.rate_at(now - begin) / double(share_.count);
  }
  std::uint64_t& noted = noted_started_[part_of(phase_)];
  ledger.rates(target, double(started - std::exchange(noted, started)) / seconds, now);
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
  for (const Part part : kParts) {
    report.load[part] = ledgers_[part].counts();
    report.intervals[part] = ledgers_[part].recorder().swap(now, std::move(reuse_[part]));
  }
  report.opening = opening();
  report.overflowed = registry_.overflowed() > 0;
  return report;
}

Opening ShardRun::opening() const {
  Opening opening;
  for (const Ledger& ledger : ledgers_.each)
    opening.merge(ledger.opening());
  return opening;
}

void ShardRun::on_turn(Duration busy) noexcept { ledgers_[part_of(phase_)].turn(busy); }

runtime::Co<void> ShardRun::teardown() {
  reactor_.forget_turns(*this);
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
