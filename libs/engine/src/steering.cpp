#include "steering.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "exact_pattern.hpp"
#include "vajrapulse/base/units.hpp"

namespace vajrapulse::engine {
namespace {

using Action = Control::Action;

constexpr Duration kLead = std::chrono::milliseconds(50);
constexpr std::size_t kMostChanges = 100;
constexpr double kHighest = double(kHighestRate) / 1e6;

std::uint64_t millionths(double value) { return std::uint64_t(std::llround(value * 1e6)); }

bool is_rate(Action action) {
  return action == Action::rate_scale || action == Action::rate_hold || action == Action::rate_auto;
}

bool is_users(Action action) { return action == Action::users_hold || action == Action::users_auto; }

}  // namespace

Steering::Steering(const Scenario& scenario) : scenario_(scenario) {
  if (!scenario.iterations) course_.cooldown = scenario.cooldown;  // nobody knows when the last one ends
  if (const auto* closed = std::get_if<ClosedModel>(&scenario.load))
    course_.population = std::make_shared<const Population>(population_of(*closed));
  const auto* open = std::get_if<OpenModel>(&scenario.load);
  if (!open) return;
  pattern_ = std::make_shared<Segmented>(open->pattern);
  course_.pattern = open->pattern;
}

void Steering::begin(TimePoint origin, TimePoint end) {
  origin_ = course_.from = origin;
  course_.end = end;
}

Status Steering::check(const Control& control) const {
  if (!control.scenario.empty() && control.scenario != scenario_.name)
    return fail(kUsage, "no scenario is called '" + control.scenario + "'", "there is: " + scenario_.name);
  if (state_.stopped) return fail(kUsage, describe(control) + ": the load has been told to stop", "nothing can follow");
  if (control.action == Action::pause && state_.paused) return fail(kUsage, "pause: it is paused", "resume goes on");
  if (control.action == Action::resume && !state_.paused)
    return fail(kUsage, "resume: it is not paused", "pause comes first");
  if (is_users(control.action)) return check_users(control);
  return is_rate(control.action) ? check_rate(control) : Status{};
}

Status Steering::check_users(const Control& control) const {
  if (!course_.population)
    return fail(kUsage, describe(control) + ": this load has a rate and no users",
                "rate x1.5, rate 500/s and rate auto can be given to it");
  if (course_.population->changes() >= kMostChanges)
    return fail(kUsage, describe(control) + ": users have been changed 100 times, the most that a run takes",
                "pause, resume and stop can still be given to it");
  if (control.action == Action::users_auto) return {};
  if (!(control.value >= 0 && control.value <= double(kMostUsers)) || control.value != std::floor(control.value))
    return fail(kUsage, describe(control) + " is out of range", "give a whole number up to 10000000");
  return {};
}

Status Steering::check_rate(const Control& control) const {
  if (!pattern_)
    return fail(kUsage, describe(control) + ": this load has users and no rate",
                "users 20, users auto, pause, resume and stop can be given to it");
  if (control.action == Action::rate_auto) return {};
  const bool scale = control.action == Action::rate_scale;
  if (!(control.value >= 1e-6))
    return fail(kUsage, describe(control) + " is out of range",
                scale ? "give a factor above 0, for example 1.5" : "give 0.000001/s or more, for example 500/s");
  const double planned = scale ? std::get<OpenModel>(scenario_.load).pattern->highest_rate() : 1;
  if (!(control.value <= kHighest && control.value * planned <= kHighest))
    return fail(kUsage, describe(control) + " is more than 1000000000/s", "give less");
  return {};
}

Expected<Course> Steering::apply(const Control& control, TimePoint now) {
  if (Status status = check(control); !status) return std::unexpected(std::move(status.error()));
  const Duration lead = std::max(control.lead, kLead);
  const TimePoint earliest = std::max(origin_, course_.from);
  if (lead > TimePoint::max() - now || std::max(now + lead, earliest) >= course_.end)
    return fail(kUsage, describe(control) + ": the load ends before it could take effect",
                "controls take " + format_duration(lead));
  const TimePoint at = std::max(now + lead, earliest);
  course_.from = at;
  switch (control.action) {
    case Action::pause: pause(at); break;
    case Action::resume: resume(at); break;
    case Action::rate_scale:
      state_.held.reset();
      state_.scale = control.value;
      break;
    case Action::rate_hold:
      state_.scale = 1;
      state_.held = control.value;
      break;
    case Action::rate_auto:
      state_.scale = 1;
      state_.held.reset();
      break;
    case Action::stop:
      state_.stopped = true;
      course_.end = at;
      course_.cooldown = {};
      break;
    case Action::users_hold:
      state_.users = std::uint64_t(control.value);
      follow_users(at);
      break;
    case Action::users_auto:
      state_.users.reset();
      follow_users(at);
      break;
  }
  if (control.action != Action::stop) follow_rate();
  note(control, at);
  return course_;
}

void Steering::stop_beside(const Control& control, TimePoint now) {
  state_.stopped = true;
  note(control, now);
}

void Steering::note(const Control& control, TimePoint at) {
  events_.push_back({.t = std::chrono::duration<double>(at - origin_).count(),
                     .at = at,
                     .action = describe(control),
                     .reason = control.reason});
}

void Steering::pause(TimePoint at) {
  state_.paused = true;
  course_.pauses.begin(at);
  left_ = course_.end == TimePoint::max() ? Duration::max() : course_.end - at;
  course_.end = TimePoint::max();
}

void Steering::resume(TimePoint at) {
  state_.paused = false;
  course_.pauses.end(at);
  if (left_ != Duration::max()) course_.end = at + left_;
}

void Steering::follow_rate() {
  if (!pattern_) return;
  using Kind = Segmented::Rate::Kind;
  const Segmented::Rate rate = state_.paused ? Segmented::Rate{Kind::none, 0}
                               : state_.held ? Segmented::Rate{Kind::level, millionths(*state_.held)}
                                             : Segmented::Rate{Kind::follow, millionths(state_.scale)};
  pattern_ = pattern_->changed(course_.from - origin_, rate);
  course_.pattern = pattern_;
}

/// The pattern's time has no pauses, and stands still in one.
Duration Steering::planned(TimePoint time) const { return time - origin_ - course_.pauses.within(origin_, time); }

std::uint64_t Steering::users_at(TimePoint time) const {
  if (!course_.population) return 0;
  const TimePoint last = course_.end == TimePoint::max() ? course_.end : course_.end - Duration(1);
  return course_.population->at(planned(std::clamp(time, origin_, std::max(origin_, last))));
}

metrics::Gauge Steering::users_within(TimePoint begin, TimePoint end) const {
  const Population& population = *course_.population;
  const Pauses& pauses = course_.pauses;
  metrics::Gauge gauge{.last = double(users_at(end - Duration(1))), .weight_ns = (end - begin).count()};
  while (begin < end) {
    const Duration from = planned(begin);
    if (const TimePoint resumed = std::min(pauses.resumed(begin), end); resumed > begin) {  // as many as it found
      const double waiting = double(population.at(from));
      gauge.weighted_sum += waiting * double((resumed - begin).count());
      gauge.max = std::max(gauge.max, waiting);
      begin = resumed;
      continue;
    }
    const TimePoint until = std::min(pauses.next_after(begin), end);
    gauge.weighted_sum += population.user_time(from, from + (until - begin));
    gauge.max = std::max(gauge.max, double(population.most(from, from + (until - begin))));
    begin = until;
  }
  return gauge;
}

void Steering::follow_users(TimePoint at) {
  const auto& model = std::get<ClosedModel>(scenario_.load);
  const Population& now = *course_.population;
  course_.population =
      std::make_shared<const Population>(state_.users ? now.changed(planned(at), *state_.users, model.pacing)
                                                      : now.returned(planned(at), population_of(model), model.pacing));
}

}  // namespace vajrapulse::engine
