#include "vajrapulse/engine/run.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "alarm_clock.hpp"
#include "run_record.hpp"
#include "shard_group.hpp"
#include "steering.hpp"
#include "vajrapulse/base/units.hpp"
#include "vajrapulse/runtime/errors.hpp"

namespace vajrapulse::engine {
namespace {

// The message that says when to begin has to reach every shard before it is time.
constexpr Duration kLeadOfOne = std::chrono::microseconds(300);
constexpr Duration kLeadOfMany = std::chrono::milliseconds(2);
// The last arrivals come first: where shard and control thread share a processor, one of them has to wait.
constexpr Duration kGrace = std::chrono::microseconds(200);
// When it is asked whether the target can be reached at all.
constexpr Duration kFirstLook = std::chrono::milliseconds(500);
constexpr Duration kLookEvery = std::chrono::milliseconds(250);
constexpr Duration kLastLook = std::chrono::seconds(10);
// A second stop leaves iterations this long to heed their cancellation.
constexpr Duration kStopNow = std::chrono::seconds(1);

/// A slot or a user is the least that a shard can have: further shards would have nothing to do.
std::size_t shards_of_use(const Scenario& scenario, std::size_t shards) {
  const auto* open = std::get_if<OpenModel>(&scenario.load);
  const std::uint64_t total = open ? open->max_in_flight : population_of(std::get<ClosedModel>(scenario.load)).most();
  return std::size_t(std::clamp<std::uint64_t>(total, 1, shards));
}

std::optional<Duration> length_of(const Scenario& scenario) {
  std::optional<Duration> length;
  if (scenario.duration > Duration::zero()) length = scenario.duration;
  if (const auto* open = std::get_if<OpenModel>(&scenario.load))
    if (const auto own = open->pattern->length()) length = std::min(length.value_or(*own), *own);
  return length;
}

bool is_connection_level(ErrorKind kind) {
  return kind == runtime::kConnectionRefused || kind == runtime::kDnsFailure || kind == runtime::kUnreachable ||
         kind.name().starts_with("tls-");
}

int exit_code_of(const RunSummary& summary, bool strict) {
  if (summary.load.succeeded == 0) return 1;
  if (summary.verdict.status == VerdictStatus::invalid) return 98;
  return strict && summary.verdict.status == VerdictStatus::degraded ? 98 : 0;
}

void cut_short(std::optional<PhaseCounts>& phase, TimePoint begin, TimePoint over) {
  if (!phase) return;
  phase->duration_s = std::min(phase->duration_s, std::chrono::duration<double>(over - begin).count());
  if (phase->duration_s <= 0) phase.reset();
}

}  // namespace

struct Run::Impl {
  enum class Figures { fresh, repeated };
  Impl(RunSettings run_settings, Scenario run_scenario, runtime::Reactor& control_reactor,
       std::vector<runtime::Reactor*> reactors)
      : settings(std::move(run_settings)),
        shared_scenario(std::make_shared<const Scenario>(std::move(run_scenario))),
        scenario(*shared_scenario),
        control(control_reactor),
        io(reactors.front()->name()),
        alarm(control),
        steering(scenario),
        record(settings, scenario, control, steering) {
    reactors.resize(shards_of_use(scenario, reactors.size()));
    shards.emplace(shared_scenario, settings.seed, control, std::move(reactors), [this] { on_all_finished(); });
  }

  runtime::Co<Expected<RunSummary>> execute();
  runtime::Co<void> run_load();
  runtime::Co<void> look_at_opening();
  runtime::Co<void> take_interval();
  void begin();
  Expected<TimePoint> steer(const Control& wanted);
  void stop();
  void stop_arrivals();
  void on_all_finished();
  void show(Phase phase, Figures figures = Figures::fresh);
  void say(const std::string& line);
  [[nodiscard]] Phase phase_at(TimePoint time) const;
  /// An interval ends where measuring begins, however late it is taken.
  [[nodiscard]] bool crosses_origin() const { return taken_until < schedule.origin && control.now() > schedule.origin; }
  [[nodiscard]] TimePoint interval_due() const;
  [[nodiscard]] RunSummary finish();

  RunSettings settings;
  std::shared_ptr<const Scenario> shared_scenario;
  const Scenario& scenario;
  runtime::Reactor& control;
  std::string_view io;
  AlarmClock alarm;
  Steering steering;
  RunRecord record;
  std::optional<ShardGroup> shards;
  Schedule schedule;
  TimePoint taken_until;               ///< intervals up to here are in the record
  std::optional<TimePoint> next_look;  ///< when the opening is looked at again
  std::optional<TimePoint> stopped_at;
  TimePoint finished_at;
  bool steered = false;         ///< a control has been given, and not been shown
  bool interval_asked = false;  ///< the interval ends here, before its second is over
  bool interrupted = false;
  bool cut = false;
  bool load_begun = false;
  bool ending = false;       ///< the load is over; the shards are being taken down and hear no more
  std::string cannot_reach;  ///< the kind of failure, when the run was ended for it
};

void Run::Impl::show(Phase phase, Figures figures) {
  if (settings.observers.empty()) return;
  Progress progress = record.progress(phase);
  progress.repeated = figures == Figures::repeated;
  for (RunObserver* observer : settings.observers)
    observer->on_progress(progress);
}

void Run::Impl::say(const std::string& line) {
  for (RunObserver* observer : settings.observers)
    observer->on_message(line);
}

Phase Run::Impl::phase_at(TimePoint time) const {
  if (stopped_at && time >= *stopped_at) return Phase::drain;
  if (time < schedule.origin) return Phase::warmup;
  if (time < schedule.end) return Phase::measure;
  return time < schedule.load_end() ? Phase::cooldown : Phase::drain;
}

void Run::Impl::begin() {
  const TimePoint now = control.now();
  schedule.warmup_begin = now + (shards->size() > 1 ? kLeadOfMany : kLeadOfOne);
  schedule.origin = schedule.warmup_begin + scenario.warmup;
  const std::optional<Duration> length = length_of(scenario);
  schedule.end = length ? schedule.origin + *length : TimePoint::max();
  schedule.cooldown = steering.course().cooldown;
  steering.begin(schedule.origin, schedule.end);
  taken_until = schedule.warmup_begin;
  if (settings.fail_fast) next_look = schedule.warmup_begin + kFirstLook;
  record.plan(schedule);
  load_begun = true;
  shards->begin(schedule);
  if (scenario.warmup <= Duration::zero()) record.start_measuring();
}

/// The end of the second or of the phase, whichever comes first.
TimePoint Run::Impl::interval_due() const {
  const TimePoint now = control.now();
  const auto second_after = [&](TimePoint from) {
    const Duration since = std::max(now - from, Duration::zero());
    return from + (since / settings.interval + 1) * settings.interval;
  };
  if (schedule.warmup_begin < schedule.origin && now < schedule.origin)
    return std::min(second_after(schedule.warmup_begin), schedule.origin);
  const TimePoint due = second_after(schedule.origin);
  if (now < schedule.end) return std::min(due, schedule.end);
  return now < schedule.load_end() ? std::min(due, schedule.load_end()) : due;
}

runtime::Co<void> Run::Impl::look_at_opening() {
  auto asked = shards->opening();
  const Opening opening = co_await asked;
  const TimePoint now = control.now();
  if (opening.succeeded > 0 || opening.mixed || now > schedule.warmup_begin + kLastLook) {
    next_look.reset();
  } else if (opening.completed > 0 && is_connection_level(opening.kind)) {
    next_look.reset();
    cannot_reach = opening.kind.name();
    say("the target cannot be reached (" + cannot_reach + "): the run ends");
    stop_arrivals();
  } else {
    next_look = now + kLookEvery;
  }
}

/// Collects what the shards recorded since the last time.
runtime::Co<void> Run::Impl::take_interval() {
  const TimePoint until = crosses_origin() ? schedule.origin : control.now();
  const Stretch stretch{taken_until, until, phase_at(taken_until)};
  if (until >= schedule.origin) record.start_measuring();
  if (until >= schedule.end) record.stop_measuring(schedule.end);
  auto asked = shards->collect();
  std::vector<ShardReport> reports = co_await asked;
  taken_until = until;
  record.add(reports, stretch);
  shards->reuse(std::move(reports));
  const double t = std::chrono::duration<double>(stretch.begin - schedule.origin).count();
  for (RunObserver* observer : settings.observers) {
    observer->on_interval(t, stretch.phase, record.interval());
    if (const auto& leftover = record.leftover()) observer->on_interval(t, leftover->phase, leftover->snapshot);
  }
  show(phase_at(until));
}

runtime::Co<void> Run::Impl::run_load() {
  begin();
  show(phase_at(schedule.warmup_begin));
  for (;;) {
    const TimePoint due = interval_due();
    const TimePoint ended = due == schedule.end ? due + kGrace : due;
    const TimePoint wake = next_look ? std::min(ended, *next_look) : ended;
    co_await alarm.until(wake);
    const bool over = shards->all_finished();
    if (std::exchange(steered, false) && !over) show(phase_at(control.now()), Figures::repeated);
    if (!over && next_look && control.now() >= *next_look) {
      auto look = look_at_opening();
      co_await look;
    }
    if (!over && !std::exchange(interval_asked, false) && control.now() < due) continue;
    if (over) record.stop_measuring(stopped_at.value_or(finished_at));
    const bool crossing = crosses_origin();
    auto interval = take_interval();
    co_await interval;
    if (!over) continue;
    if (crossing) {
      auto rest = take_interval();
      co_await rest;
    }
    co_return;
  }
}

runtime::Co<Expected<RunSummary>> Run::Impl::execute() {
  if (!length_of(scenario) && !scenario.iterations)
    co_return fail(kUsage, "nothing says when this run ends", "give a duration, a number of iterations, or both");
  show(Phase::prepare);
  auto preparing = shards->prepare(settings.host);
  Status prepared = co_await preparing;
  if (prepared && !stopped_at) {
    auto load = run_load();
    co_await load;
  }
  ending = true;
  auto teardown = shards->teardown();
  co_await teardown;
  if (!prepared && !interrupted) co_return std::unexpected(std::move(prepared.error()));
  co_return finish();
}

RunSummary Run::Impl::finish() {
  RunSummary summary = record.summarize();
  summary.run.io = io;
  summary.run.shards = shards->size();
  summary.run.interrupted = interrupted && (!load_begun || !stopped_at || *stopped_at < schedule.end);
  // Who stops before the end cuts short what comes before it, and leaves out what comes after it.
  const TimePoint over = stopped_at.value_or(finished_at);
  cut_short(summary.warmup, schedule.warmup_begin, over);
  cut_short(summary.cooldown, schedule.end, over);
  if (!cannot_reach.empty()) {
    const auto& errors = summary.metrics.errors();
    const std::string sample = errors.empty() || errors.front().sample.empty() ? "" : ": " + errors.front().sample;
    summary.warnings.push_back(fmt::format("every iteration failed with {}{}; the run was ended after {}", cannot_reach,
                                           sample, format_duration(*stopped_at - schedule.warmup_begin)));
  }
  summary.abandoned = shards->any_abandoned();
  if (summary.abandoned)
    summary.warnings.emplace_back("some iterations did not end when they were cancelled and were given up");
  summary.exit_code = exit_code_of(summary, settings.strict);
  show(Phase::done);
  for (RunObserver* observer : settings.observers)
    observer->on_summary(summary);
  return summary;
}

void Run::Impl::on_all_finished() {
  finished_at = control.now();
  alarm.nudge();
}

void Run::Impl::stop_arrivals() {
  stopped_at = control.now();
  if (!load_begun) {
    shards->cancel_prepare();
    return;
  }
  record.stop_measuring(*stopped_at);
  shards->stop();
  interval_asked = true;
  alarm.nudge();
}

/// The end of the run is moved rather than the arrivals stopped: so what was due before it has one answer.
Expected<TimePoint> Run::Impl::steer(const Control& wanted) {
  if (!load_begun)
    return fail(kUsage, describe(wanted) + ": the load has not begun", "wait for the first progress of a phase");
  const bool cooling = control.now() >= schedule.end && control.now() < schedule.load_end();
  if (wanted.action == Control::Action::stop && cooling && !stopped_at) {
    steering.stop_beside(wanted, control.now());
    stop_arrivals();
    return control.now();
  }
  if (cooling)
    return fail(kUsage, describe(wanted) + ": measuring is over, this is the cool-down",
                "only stop can be given to it");
  if (ending || stopped_at || shards->all_finished() || control.now() >= schedule.end)
    return fail(kUsage, describe(wanted) + ": the load is over", "nothing can be changed any more");
  if (wanted.action == Control::Action::stop && control.now() < schedule.origin) {
    steering.stop_beside(wanted, control.now());
    stop_arrivals();
    return control.now();
  }
  auto course = steering.apply(wanted, control.now());
  if (!course) return std::unexpected(std::move(course.error()));
  schedule.end = course->end;
  schedule.cooldown = course->cooldown;
  record.steer(schedule);
  shards->steer(*course);
  steered = true;
  alarm.nudge();
  return course->from;
}

void Run::Impl::stop() {
  const bool again = interrupted;
  interrupted = true;
  if (ending) return;
  if (!stopped_at) {
    stop_arrivals();
  } else if (again && load_begun && !cut) {
    cut = true;
    shards->cut(std::min(kStopNow, scenario.force_timeout));
  }
}

Run::Run(RunSettings settings, Scenario scenario, runtime::Reactor& control, std::vector<runtime::Reactor*> shards)
    : impl_(std::make_unique<Impl>(std::move(settings), std::move(scenario), control, std::move(shards))) {}

Run::~Run() = default;

runtime::Co<Expected<RunSummary>> Run::execute() {
  for (RunObserver* observer : impl_->settings.observers)
    observer->on_begin(*this);
  return impl_->execute();
}

void Run::stop() { impl_->stop(); }

const ControlState& Run::control_state() const { return impl_->steering.state(); }

std::uint64_t Run::users() const { return impl_->steering.users_at(impl_->control.now()); }

Expected<TimePoint> Run::control(const Control& control) { return impl_->steer(control); }

}  // namespace vajrapulse::engine
