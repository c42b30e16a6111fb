#include "vajrapulse/engine/run.hpp"

#include <algorithm>
#include <deque>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "alarm_clock.hpp"
#include "merged_run.hpp"
#include "scenario_run.hpp"
#include "turns.hpp"
#include "vajrapulse/base/name_hash.hpp"

namespace vajrapulse::engine {
namespace {

// A scenario hears of its beginning so long before: later than any control that may still move the end of the one
// before it (they take effect 50 ms ahead), and early enough for a shard that is busy.
constexpr Duration kAhead = std::chrono::milliseconds(40);

// The message that says so reaches all shards within that time.
constexpr Duration kTogether = std::chrono::milliseconds(5);

/// Each scenario draws from a seed of its own, which does not change when others are added.
std::uint64_t seed_of(std::uint64_t seed, std::string_view scenario, std::size_t scenarios) {
  if (scenarios == 1) return seed;
  return Random(seed).fork(name_hash(scenario)).next();
}

int exit_code_of(const RunSummary& summary, bool strict) {
  if (summary.load.succeeded == 0) return 1;
  if (summary.verdict.status == VerdictStatus::invalid) return 98;
  return strict && summary.verdict.status == VerdictStatus::degraded ? 98 : 0;
}

std::vector<PlannedScenario> alone(Scenario scenario) {
  std::vector<PlannedScenario> plan;
  plan.push_back({.scenario = std::move(scenario)});
  return plan;
}

}  // namespace

struct Run::Impl final : private ScenarioListener {
  Impl(RunSettings run_settings, std::vector<PlannedScenario> scenarios, runtime::Reactor& control_reactor,
       const std::vector<runtime::Reactor*>& reactors);

  runtime::Co<Expected<RunSummary>> execute();
  runtime::Co<Status> prepare();
  runtime::Co<void> play();
  void find_origin();
  runtime::Co<void> play_one(std::size_t number, TimePoint at);
  [[nodiscard]] Status check() const;
  [[nodiscard]] RunSummary finish();

  /// Begins what is due, skips what is not to be; gives when to look again.
  TimePoint take_turns();
  void skip(std::size_t number, TimePoint at, std::string why);
  [[nodiscard]] std::optional<std::string> why_not(std::size_t number) const;
  [[nodiscard]] std::vector<ScenarioResult> results() const;
  [[nodiscard]] bool all_settled() const;
  [[nodiscard]] bool some_to_come() const;
  void release_drains();
  struct Part;
  [[nodiscard]] static std::optional<TimePoint> end_of_load(const Part& part);

  void stop();
  void stop_arrivals();
  Expected<TimePoint> steer(const Control& wanted);
  [[nodiscard]] const ScenarioRun& current() const;
  void look_at_host(Phase before, Phase now);
  [[nodiscard]] bool measured(const ScenarioRun& run) const;
  [[nodiscard]] std::string scenario_names() const;
  [[nodiscard]] Progress merged_progress(Phase phase) const;

  void show(Progress progress);
  void on_progress(ScenarioRun& of, Progress progress) override;
  void on_interval(ScenarioRun& of, TimePoint begin, Phase phase, const metrics::Snapshot& interval) override;
  void on_message(ScenarioRun& of, const std::string& line) override;
  void on_change(ScenarioRun& of) override;

  /// One scenario and how far it is.
  struct Part {
    template <class... Args>
    explicit Part(Args&&... args) : run(std::forward<Args>(args)...) {}

    ScenarioRun run;
    std::optional<std::string> skipped;
    bool told = false;  ///< it has been told when it begins
    Progress last;
  };
  [[nodiscard]] Part& part_of(const ScenarioRun& run);
  [[nodiscard]] static bool active(const Part& part) { return part.told && !part.run.over(); }

  RunSettings settings;
  std::vector<PlannedScenario> plan;
  runtime::Reactor& control;
  std::string_view io;
  AlarmClock alarm;
  Turns turns;
  std::deque<Part> parts;
  std::optional<TimePoint> origin;  ///< measuring began with the first scenario: t = 0
  HostRecord host;                  ///< over all that is measured, where there are several
  std::optional<TimePoint> host_since;
  GeneratorFacts facts;
  std::optional<TimePoint> drains_from;  ///< all have been told so
  bool interrupted = false;
  bool stopped = false;
  bool cut = false;
  bool ending = false;  ///< the load is over; the shards are being taken down and hear no more
};

Run::Impl::Impl(RunSettings run_settings, std::vector<PlannedScenario> scenarios, runtime::Reactor& control_reactor,
                const std::vector<runtime::Reactor*>& reactors)
    : settings(std::move(run_settings)),
      plan(std::move(scenarios)),
      control(control_reactor),
      io(reactors.front()->name()),
      alarm(control),
      turns(plan),
      host(settings.host) {
  RunSettings of_each = settings;
  of_each.observers.clear();
  of_each.warnings.clear();
  of_each.publish_host = plan.size() == 1;
  of_each.most_points = std::max<std::size_t>(settings.most_points / std::max<std::size_t>(plan.size(), 1), 20);
  for (const PlannedScenario& planned : plan)
    parts.emplace_back(of_each, seed_of(settings.seed, planned.scenario.name, plan.size()), planned.scenario, control,
                       reactors, *this);
}

Run::Impl::Part& Run::Impl::part_of(const ScenarioRun& run) {
  return *std::ranges::find_if(parts, [&](const Part& part) { return &part.run == &run; });
}

Status Run::Impl::check() const {
  if (Status status = turns.check(); !status) return status;
  for (const Part& part : parts)
    if (Status status = part.run.check(); !status) return status;
  return {};
}

runtime::Co<Status> Run::Impl::prepare() {
  Status first;
  for (Part& part : parts) {
    auto preparing = part.run.prepare();
    Status status = co_await preparing;
    if (!status && first) first = std::move(status);
    if (!first || stopped) break;
  }
  co_return first;
}

runtime::Co<void> Run::Impl::play_one(std::size_t number, TimePoint at) {
  const bool waited_for = turns.awaited(number);
  const auto drain = waited_for || plan.size() == 1 ? ScenarioRun::Drain::at_its_end : ScenarioRun::Drain::when_told;
  auto playing = parts[number].run.play(at, drain);
  co_await playing;
  turns.ended(number, parts[number].run.finished_at());
  const Scenario& scenario = parts[number].run.scenario();
  const bool all_done =
      scenario.iterations && parts[number].run.record().measured_load().started >= *scenario.iterations;
  if (plan[number].ends_run && all_done && !stopped) stop_arrivals();
  alarm.nudge();
}

std::vector<ScenarioResult> Run::Impl::results() const {
  std::vector<ScenarioResult> all;
  for (const Part& part : parts) {
    const RunRecord& record = part.run.record();
    all.push_back({.name = part.run.scenario().name,
                   .skipped = part.skipped.has_value(),
                   .load = record.measured_load(),
                   .metrics = record.measured(),
                   .measured_s = part.told ? record.measured_s() : 0,
                   .open_model = std::holds_alternative<OpenModel>(part.run.scenario().load),
                   .verdict = part.told ? record.judge_so_far().status : VerdictStatus::valid});
  }
  return all;
}

std::optional<std::string> Run::Impl::why_not(std::size_t number) const {
  return plan[number].skip_when ? plan[number].skip_when(results()) : std::nullopt;
}

void Run::Impl::skip(std::size_t number, TimePoint at, std::string why) {
  for (RunObserver* observer : settings.observers)
    observer->on_message("scenario '" + plan[number].scenario.name + "' is skipped: " + why);
  parts[number].skipped = std::move(why);
  turns.skipped(number, at);
}

TimePoint Run::Impl::take_turns() {
  TimePoint next = TimePoint::max();
  for (std::size_t i = 0; i < parts.size(); ++i)
    if (active(parts[i])) turns.ends(i, end_of_load(parts[i]));
  // What is skipped may be what another has waited for: again from the start.
  for (std::size_t i = 0; i < parts.size() && !stopped; ++i) {
    if (parts[i].told || parts[i].skipped) continue;
    const auto due = turns.due(i);
    if (!due) continue;
    if (*due - kAhead > control.now()) {
      next = std::min(next, *due - kAhead);
      continue;
    }
    if (auto why = why_not(i)) {
      skip(i, *due, std::move(*why));
      i = std::size_t(-1);
      continue;
    }
    parts[i].told = true;
    runtime::spawn(play_one(i, *due));
    turns.ends(i, end_of_load(parts[i]));
    i = std::size_t(-1);
  }
  return next;
}

bool Run::Impl::some_to_come() const {
  return !stopped && std::ranges::any_of(parts, [](const Part& part) { return !part.told && !part.skipped; });
}

bool Run::Impl::all_settled() const { return !some_to_come() && std::ranges::none_of(parts, active); }

/// When its load ends, or did; nothing while nobody knows.
std::optional<TimePoint> Run::Impl::end_of_load(const Part& part) {
  const TimePoint planned = part.run.schedule().load_end();
  const TimePoint end = part.run.over() ? std::min(planned, part.run.finished_at())
                                        : std::min(planned, part.run.stopped_at().value_or(TimePoint::max()));
  return end == TimePoint::max() ? std::nullopt : std::optional(end);
}

/// Nothing more will begin: the run's end is known, and with it the end of the drain. A stop, a pause may still move
/// it.
void Run::Impl::release_drains() {
  if (plan.size() == 1 || some_to_come()) return;  // a single one drains at its own end
  TimePoint end = TimePoint::min();
  for (const Part& part : parts) {
    if (!part.told) continue;
    const auto of_part = end_of_load(part);
    if (!of_part) return;  // iterations end it: then it says so itself
    end = std::max(end, *of_part);
  }
  if (drains_from == end) return;
  drains_from = end;
  for (Part& part : parts)
    if (active(part)) part.run.drain_from(end);
}

/// Those that begin with the run may have warm-ups of different lengths.
void Run::Impl::find_origin() {
  for (const Part& part : parts)
    if (part.told) origin = std::min(origin.value_or(TimePoint::max()), part.run.schedule().origin);
}

runtime::Co<void> Run::Impl::play() {
  // All that begin with the run begin at one moment.
  turns.begun(control.now() + (plan.size() > 1 ? kTogether : Duration::zero()));
  for (;;) {
    const TimePoint next = take_turns();
    if (!origin) find_origin();
    if (all_settled()) co_return;
    release_drains();
    co_await alarm.until(std::min(next, control.now() + std::chrono::hours(1)));
  }
}

runtime::Co<Expected<RunSummary>> Run::Impl::execute() {
  if (Status status = check(); !status) co_return std::unexpected(std::move(status.error()));
  show({.phase = Phase::prepare, .scenario = plan.front().scenario.name, .scenarios = plan.size()});
  auto preparing = prepare();
  Status prepared = co_await preparing;
  if (prepared && !stopped) {
    auto load = play();
    co_await load;
  }
  ending = true;
  for (Part& part : parts) {
    auto teardown = part.run.teardown();
    co_await teardown;
  }
  if (!prepared && !interrupted) co_return std::unexpected(std::move(prepared.error()));
  co_return finish();
}

RunSummary Run::Impl::finish() {
  std::vector<FinishedScenario> finished;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    Part& part = parts[i];
    finished.push_back({.scenario = part.run.scenario(),
                        .schedule = part.run.schedule(),
                        .summary = part.run.summarize(),
                        .measured = plan[i].measured,
                        .begun = part.told,
                        .skipped = part.skipped.value_or("")});
  }
  const bool early = std::ranges::any_of(parts, [](const Part& part) {
    if (part.skipped) return false;
    return !part.told || (part.run.stopped_at() && *part.run.stopped_at() < part.run.schedule().end);
  });
  RunSummary summary = merge(settings, std::move(finished), facts);
  summary.run.io = io;
  summary.run.interrupted = interrupted && early;
  summary.exit_code = exit_code_of(summary, settings.strict);
  if (std::ranges::any_of(parts, [](const Part& part) { return part.run.gave_up(); })) summary.exit_code = 1;
  show(merged_progress(Phase::done));
  for (RunObserver* observer : settings.observers)
    observer->on_summary(summary);
  return summary;
}

/// The one that runs; of several at once the first. Before any has begun the first of all, at the end the last.
const ScenarioRun& Run::Impl::current() const {
  const Part* found = &parts.front();
  for (const Part& part : parts) {
    if (!part.told) continue;
    found = &part;
    if (active(part) && part.run.phase_at(control.now()) < Phase::drain) break;
  }
  return found->run;
}

void Run::Impl::show(Progress progress) {
  if (settings.observers.empty()) return;
  progress.scenarios = parts.size();
  progress.scenarios_begun = std::size_t(std::ranges::count_if(parts, [](const Part& part) { return part.told; }));
  for (RunObserver* observer : settings.observers)
    observer->on_progress(progress);
}

/// What all that are active do together.
Progress Run::Impl::merged_progress(Phase phase) const {
  const ScenarioRun& shown = current();
  if (parts.size() == 1) return shown.progress(phase);
  ProgressSum sum;
  for (const Part& part : parts)
    if (active(part) || &part.run == &shown) sum.add(part.last, part.run.scenario().name);
  Progress progress = std::move(sum).take();
  if (phase == Phase::done) progress.phase = phase;
  return progress;
}

void Run::Impl::on_progress(ScenarioRun& of, Progress progress) {
  Part& part = part_of(of);
  if (plan.size() > 1 && measured(of)) look_at_host(part.last.phase, progress.phase);
  progress.scenario = of.scenario().name;
  part.last = std::move(progress);
  if (parts.size() == 1) return show(part.last);
  if (&of == &current()) show(merged_progress(part.last.phase));
}

/// From the moment the first scenario is measured to the moment the last one has been.
void Run::Impl::look_at_host(Phase before, Phase now) {
  if (now == Phase::measure && !host_since) {
    host_since = control.now();
    host.start();
  } else if (now == Phase::measure || before == Phase::measure) {
    facts = host.facts(std::chrono::duration<double>(control.now() - *host_since).count());
  }
}

bool Run::Impl::measured(const ScenarioRun& run) const {
  for (std::size_t i = 0; i < parts.size(); ++i)
    if (&parts[i].run == &run) return plan[i].measured;
  return true;
}

void Run::Impl::on_interval(ScenarioRun& of, TimePoint begin, Phase phase, const metrics::Snapshot& interval) {
  const double t = std::chrono::duration<double>(begin - origin.value_or(of.schedule().origin)).count();
  const Phase shown = measured(of) || phase >= Phase::drain ? phase : Phase::warmup;
  for (RunObserver* observer : settings.observers)
    observer->on_interval(t, shown, interval);
}

void Run::Impl::on_message(ScenarioRun& of, const std::string& line) {
  const std::string text = plan.size() > 1 ? of.scenario().name + ": " + line : line;
  for (RunObserver* observer : settings.observers)
    observer->on_message(text);
}

void Run::Impl::on_change(ScenarioRun& of) {
  if (of.gave_up() && !stopped) stop_arrivals();
  alarm.nudge();
}

void Run::Impl::stop_arrivals() {
  stopped = true;
  const bool begun = std::ranges::any_of(parts, [](const Part& part) { return part.told; });
  for (Part& part : parts)
    if (part.told || !begun) part.run.stop_arrivals();
  alarm.nudge();
}

void Run::Impl::stop() {
  const bool again = interrupted;
  interrupted = true;
  if (ending) return;
  if (!stopped) return stop_arrivals();
  if (!again || std::exchange(cut, true)) return;
  for (Part& part : parts)
    if (part.told) part.run.cut();
}

/// Of several that run, all that can do it; an Error when none can, the first one's.
Expected<TimePoint> Run::Impl::steer(const Control& wanted) {
  if (ending) return fail(kUsage, describe(wanted) + ": the load is over", "nothing can be changed any more");
  if (wanted.action == Control::Action::stop && wanted.scenario.empty() && some_to_come()) {
    stopped = true;  // also between two scenarios, when there is none to hear of it
    alarm.nudge();
    for (Part& part : parts)
      if (active(part)) std::ignore = part.run.control(wanted);  // one that is over already need not hear of it
    return control.now();
  }
  std::optional<Expected<TimePoint>> answer;
  for (Part& part : parts) {
    const bool meant = wanted.scenario.empty() ? active(part) && part.run.phase_at(control.now()) < Phase::drain
                                               : part.run.scenario().name == wanted.scenario;
    if (!meant) continue;
    Expected<TimePoint> when = part.run.control(wanted);
    if (!answer || (when && !*answer)) answer = std::move(when);
  }
  if (!answer && wanted.scenario.empty()) answer = const_cast<ScenarioRun&>(current()).control(wanted);
  if (!answer) return fail(kUsage, "no scenario is called '" + wanted.scenario + "'", "there is: " + scenario_names());
  if (*answer && wanted.action == Control::Action::stop && wanted.scenario.empty()) stopped = true;
  return std::move(*answer);
}

std::string Run::Impl::scenario_names() const {
  std::string names;
  for (const PlannedScenario& planned : plan)
    names += (names.empty() ? "" : ", ") + planned.scenario.name;
  return names;
}

Run::Run(RunSettings settings, Scenario scenario, runtime::Reactor& control, std::vector<runtime::Reactor*> shards)
    : Run(std::move(settings), alone(std::move(scenario)), control, std::move(shards)) {}

Run::Run(RunSettings settings, std::vector<PlannedScenario> scenarios, runtime::Reactor& control,
         std::vector<runtime::Reactor*> shards)
    : impl_(std::make_unique<Impl>(std::move(settings), std::move(scenarios), control, shards)) {}

Run::~Run() = default;

runtime::Co<Expected<RunSummary>> Run::execute() {
  for (RunObserver* observer : impl_->settings.observers)
    observer->on_begin(*this);
  return impl_->execute();
}

void Run::stop() { impl_->stop(); }

void Run::say(const std::string& line) {
  for (RunObserver* observer : impl_->settings.observers)
    observer->on_message(line);
}

runtime::Reactor& Run::reactor() const noexcept { return impl_->control; }

const ControlState& Run::control_state() const { return impl_->current().control_state(); }

std::uint64_t Run::users() const {
  std::uint64_t users = 0;
  for (const Impl::Part& part : impl_->parts)
    if (impl_->parts.size() == 1 || Impl::active(part)) users += part.run.users();
  return users;
}

Expected<TimePoint> Run::control(const Control& control) { return impl_->steer(control); }

}  // namespace vajrapulse::engine
