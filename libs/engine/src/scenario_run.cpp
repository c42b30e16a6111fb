#include "scenario_run.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

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

void cut_short(std::optional<PhaseCounts>& phase, TimePoint begin, TimePoint over) {
  if (!phase) return;
  phase->duration_s = std::min(phase->duration_s, std::chrono::duration<double>(over - begin).count());
  if (phase->duration_s <= 0) phase.reset();
}

}  // namespace

ScenarioRun::ScenarioRun(const RunSettings& settings, std::uint64_t seed, Scenario scenario, runtime::Reactor& control,
                         std::vector<runtime::Reactor*> reactors, ScenarioListener& listener)
    : settings_(settings),
      shared_scenario_(std::make_shared<const Scenario>(std::move(scenario))),
      control_(control),
      listener_(listener),
      alarm_(control),
      steering_(*shared_scenario_),
      record_(settings_, *shared_scenario_, control, steering_) {
  settings_.seed = seed;
  reactors.resize(shards_of_use(*shared_scenario_, reactors.size()));
  shards_.emplace(shared_scenario_, seed, control, std::move(reactors), [this] { on_all_finished(); });
}

void ScenarioRun::show(Phase phase, Figures figures) {
  Progress progress = record_.progress(phase);
  progress.repeated = figures == Figures::repeated;
  listener_.on_progress(*this, std::move(progress));
}

Status ScenarioRun::check() const {
  if (!length_of(scenario()) && !scenario().iterations)
    return fail(kUsage, "nothing says when this run ends", "give a duration, a number of iterations, or both");
  return {};
}

Phase ScenarioRun::phase_at(TimePoint time) const {
  if (stopped_at_ && time >= *stopped_at_) return Phase::drain;
  if (time < schedule_.origin) return Phase::warmup;
  if (time < schedule_.end) return Phase::measure;
  return time < schedule_.load_end() ? Phase::cooldown : Phase::drain;
}

void ScenarioRun::begin(std::optional<TimePoint> at, Drain drain) {
  const TimePoint earliest = control_.now() + (shards_->size() > 1 ? kLeadOfMany : kLeadOfOne);
  schedule_.warmup_begin = std::max(at.value_or(earliest), earliest);
  schedule_.drain_waits = drain == Drain::when_told;
  schedule_.origin = schedule_.warmup_begin + scenario().warmup;
  const std::optional<Duration> length = length_of(scenario());
  schedule_.end = length ? schedule_.origin + *length : TimePoint::max();
  schedule_.cooldown = steering_.course().cooldown;
  steering_.begin(schedule_.origin, schedule_.end);
  taken_until_ = schedule_.warmup_begin;
  if (settings_.fail_fast) next_look_ = schedule_.warmup_begin + kFirstLook;
  record_.plan(schedule_);
  begun_ = true;
  shards_->begin(schedule_);
  if (scenario().warmup <= Duration::zero()) record_.start_measuring();
}

/// The end of the second or of the phase, whichever comes first.
TimePoint ScenarioRun::interval_due() const {
  const TimePoint now = control_.now();
  const auto second_after = [&](TimePoint from) {
    const Duration since = std::max(now - from, Duration::zero());
    return from + (since / settings_.interval + 1) * settings_.interval;
  };
  if (schedule_.warmup_begin < schedule_.origin && now < schedule_.origin)
    return std::min(second_after(schedule_.warmup_begin), schedule_.origin);
  const TimePoint due = second_after(schedule_.origin);
  if (now < schedule_.end) return std::min(due, schedule_.end);
  return now < schedule_.load_end() ? std::min(due, schedule_.load_end()) : due;
}

runtime::Co<void> ScenarioRun::look_at_opening() {
  auto asked = shards_->opening();
  const Opening opening = co_await asked;
  const TimePoint now = control_.now();
  if (opening.succeeded > 0 || opening.mixed || now > schedule_.warmup_begin + kLastLook) {
    next_look_.reset();
  } else if (opening.completed > 0 && is_connection_level(opening.kind)) {
    next_look_.reset();
    cannot_reach_ = opening.kind.name();
    listener_.on_message(*this, "the target cannot be reached (" + cannot_reach_ + "): the run ends");
    stop_arrivals();
  } else {
    next_look_ = now + kLookEvery;
  }
}

/// Collects what the shards recorded since the last time.
runtime::Co<void> ScenarioRun::take_interval() {
  const TimePoint until = crosses_origin() ? schedule_.origin : std::max(control_.now(), taken_until_);
  const Stretch stretch{taken_until_, until, phase_at(taken_until_)};
  if (until >= schedule_.origin) record_.start_measuring();
  if (until >= schedule_.end) record_.stop_measuring(schedule_.end);
  auto asked = shards_->collect();
  std::vector<ShardReport> reports = co_await asked;
  taken_until_ = until;
  record_.add(reports, stretch);
  shards_->reuse(std::move(reports));
  listener_.on_interval(*this, stretch.begin, stretch.phase, record_.interval());
  if (const auto& leftover = record_.leftover())
    listener_.on_interval(*this, stretch.begin, leftover->phase, leftover->snapshot);
  show(phase_at(until));
}

runtime::Co<Status> ScenarioRun::prepare() { return shards_->prepare(settings_.host); }

runtime::Co<void> ScenarioRun::teardown() { return shards_->teardown(); }

runtime::Co<void> ScenarioRun::play(std::optional<TimePoint> at, Drain drain) {
  begin(at, drain);
  show(phase_at(schedule_.warmup_begin));
  for (;;) {
    const TimePoint due = interval_due();
    const TimePoint ended = due == schedule_.end ? due + kGrace : due;
    const TimePoint wake = next_look_ ? std::min(ended, *next_look_) : ended;
    co_await alarm_.until(wake);
    const bool over = shards_->all_finished();
    if (std::exchange(steered_, false) && !over) show(phase_at(control_.now()), Figures::repeated);
    if (!over && next_look_ && control_.now() >= *next_look_) {
      auto look = look_at_opening();
      co_await look;
    }
    if (!over && !std::exchange(interval_asked_, false) && control_.now() < due) continue;
    if (over) record_.stop_measuring(stopped_at_.value_or(finished_at_));
    const bool crossing = crosses_origin();
    auto interval = take_interval();
    co_await interval;
    if (!over) continue;
    if (crossing) {
      auto rest = take_interval();
      co_await rest;
    }
    break;
  }
  over_ = true;
  listener_.on_change(*this);
}

RunSummary ScenarioRun::summarize() {
  RunSummary summary = record_.summarize();
  summary.run.shards = shards_->size();
  // Who stops before the end cuts short what comes before it, and leaves out what comes after it.
  const TimePoint over = stopped_at_.value_or(finished_at_);
  cut_short(summary.warmup, schedule_.warmup_begin, over);
  cut_short(summary.cooldown, schedule_.end, over);
  if (!cannot_reach_.empty()) {
    const auto& errors = summary.metrics.errors();
    const std::string sample = errors.empty() || errors.front().sample.empty() ? "" : ": " + errors.front().sample;
    summary.warnings.push_back(fmt::format("every iteration failed with {}{}; the run was ended after {}",
                                           cannot_reach_, sample,
                                           format_duration(*stopped_at_ - schedule_.warmup_begin)));
  }
  summary.abandoned = shards_->any_abandoned();
  if (summary.abandoned)
    summary.warnings.emplace_back("some iterations did not end when they were cancelled and were given up");
  return summary;
}

void ScenarioRun::on_all_finished() {
  finished_at_ = control_.now();
  alarm_.nudge();
}

void ScenarioRun::cut() {
  if (begun_ && !std::exchange(cut_, true)) shards_->cut(std::min(kStopNow, scenario().force_timeout));
}

void ScenarioRun::stop_arrivals() {
  if (stopped_at_ || over_) return;
  stopped_at_ = control_.now();
  if (!begun_) {
    shards_->cancel_prepare();
    return;
  }
  record_.stop_measuring(*stopped_at_);
  shards_->stop();
  interval_asked_ = true;
  alarm_.nudge();
  listener_.on_change(*this);
}

/// The end of the run is moved rather than the arrivals stopped: so what was due before it has one answer.
Expected<TimePoint> ScenarioRun::control(const Control& wanted) {
  if (!begun_)
    return fail(kUsage, describe(wanted) + ": the load has not begun", "wait for the first progress of a phase");
  const bool cooling = control_.now() >= schedule_.end && control_.now() < schedule_.load_end();
  if (wanted.action == Control::Action::stop && cooling && !stopped_at_) {
    steering_.stop_beside(wanted, control_.now());
    stop_arrivals();
    return control_.now();
  }
  if (cooling)
    return fail(kUsage, describe(wanted) + ": measuring is over, this is the cool-down",
                "only stop can be given to it");
  if (over_ || stopped_at_ || shards_->all_finished() || control_.now() >= schedule_.end)
    return fail(kUsage, describe(wanted) + ": the load is over", "nothing can be changed any more");
  if (wanted.action == Control::Action::stop && control_.now() < schedule_.origin) {
    steering_.stop_beside(wanted, control_.now());
    stop_arrivals();
    return control_.now();
  }
  auto course = steering_.apply(wanted, control_.now());
  if (!course) return std::unexpected(std::move(course.error()));
  schedule_.end = course->end;
  schedule_.cooldown = course->cooldown;
  record_.steer(schedule_);
  shards_->steer(*course);
  steered_ = true;
  alarm_.nudge();
  listener_.on_change(*this);
  return course->from;
}

}  // namespace vajrapulse::engine
