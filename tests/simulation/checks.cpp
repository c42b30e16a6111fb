#include "checks.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "vajrapulse/engine/arrivals.hpp"

namespace vajrapulse::simulation {
namespace {

using engine::ClosedModel;
using engine::OpenModel;
using Start = Starts::Start;

/// Stretches in which the load's time stood still.
class Pauses {
 public:
  explicit Pauses(const std::vector<engine::ControlEvent>& events) {
    std::optional<TimePoint> since;
    for (const engine::ControlEvent& event : events) {
      if (event.action == "pause") since = event.at;
      if (event.action == "resume") all_.push_back({*std::exchange(since, std::nullopt), event.at});
    }
  }
  /// When what was due at `time` without pauses is due with them.
  [[nodiscard]] TimePoint shifted(TimePoint time) const {
    for (const auto& [begin, end] : all_)
      if (time >= begin) time += end - begin;
    return time;
  }

 private:
  std::vector<std::pair<TimePoint, TimePoint>> all_;
};

/// Whether pauses are all that was done to the run, and each of them ended: then its arrivals are still known.
bool only_paused(const engine::RunSummary& summary) {
  bool paused = false;
  for (const engine::ControlEvent& event : summary.controls) {
    if (event.action != "pause" && event.action != "resume") return false;
    paused = event.action == "pause";
  }
  return !paused && !summary.run.interrupted;
}

Duration length_of(const engine::Scenario& scenario) {
  const auto* open = std::get_if<OpenModel>(&scenario.load);
  const auto own = open ? open->pattern->length() : std::nullopt;
  return own ? std::min(*own, scenario.duration) : scenario.duration;
}

/// All arrivals of the run, as one shard alone would draw them.
std::vector<Duration> sequence_of(const Ended& ended, const OpenModel& model) {
  const engine::Arrivals::Settings settings{.kind = model.arrivals,
                                            .seed = engine::arrivals_seed(ended.seed),
                                            .length = length_of(ended.scenario),
                                            .limit = ended.scenario.iterations};
  engine::Arrivals arrivals(*model.pattern, settings, {.first = 0, .stride = 1});
  std::vector<Duration> all;
  while (const auto start = arrivals.next())
    all.push_back(*start);
  return all;
}

/// Where a cool-down follows, what is due later is its own.
TimePoint measured_end(const Ended& ended) {
  if (!ended.summary.cooldown) return TimePoint::max();
  return ended.origin + Duration(std::llround(ended.summary.run.duration_s * 1e9));
}

class Check {
 public:
  Check(const Ended& ended, faults::Auditor& auditor)
      : ended_(ended),
        auditor_(auditor),
        measured_(ended.starts.between(ended.origin, measured_end(ended))),
        warmed_(ended.starts.between(TimePoint::min(), ended.origin)),
        cooled_(ended.starts.between(measured_end(ended), TimePoint::max())),
        known_(only_paused(ended.summary) && (ended.prompt || ended.summary.controls.empty())) {}

  void all() {
    count();
    never_early();
    no_index_twice();
    if (const auto* open = std::get_if<OpenModel>(&ended_.scenario.load)) {
      check_open(*open);
    } else if (const auto& closed = std::get<ClosedModel>(ended_.scenario.load); closed.pacing > Duration::zero()) {
      check_paced(closed);
    }
  }

 private:
  void expect(bool holds, std::string_view what) {
    if (!holds) auditor_.complain(std::string(what));
  }

  void count() {
    expect(measured_.size() == ended_.summary.load.started, "the task began more or fewer times than were counted");
    const std::uint64_t warmed = ended_.summary.warmup ? ended_.summary.warmup->started : 0;
    const std::uint64_t cooled = ended_.summary.cooldown ? ended_.summary.cooldown->started : 0;
    expect(cooled_.size() == cooled, "the task began more or fewer times in the cool-down than were counted");
    expect(warmed_.size() == warmed, "the task began more or fewer times in warm-up than were counted");
  }

  void never_early() {
    const auto early = [](const Start& each) { return each.began < each.intended; };
    expect(std::ranges::none_of(ended_.starts.all(), early), "an iteration began before it was due");
  }

  void no_index_twice() {
    std::set<std::uint64_t> seen;
    for (const Start& each : measured_)
      seen.insert(each.index);
    expect(seen.size() == measured_.size(), "an arrival was sent twice");
  }

  void check_open(const OpenModel& model) {
    const engine::LoadCounts& load = ended_.summary.load;
    // Ctrl-C ends each shard where it stands, and a shard that hears of a control too late has gone on meanwhile.
    if (ended_.prompt && !ended_.summary.run.interrupted) {
      const auto beyond = [&](const Start& each) { return each.index >= load.target.value_or(0); };
      expect(std::ranges::none_of(measured_, beyond), "an arrival was sent that is not part of the target");
      expect(std::ranges::is_sorted(measured_, {}, &Start::index), "later arrivals were due earlier");
    }
    if (!known_) return;
    const std::vector<Duration> sequence = sequence_of(ended_, model);
    expect(load.target == sequence.size(), "the target is not the number of arrivals that one shard would draw");
    if (model.arrivals == engine::ArrivalKind::even) {
      const std::uint64_t exact = model.pattern->arrivals_before(length_of(ended_.scenario));
      expect(load.target == std::min(exact, ended_.scenario.iterations.value_or(exact)),
             "the target is not the integral of the rate, rounded up");
    }
    const Pauses pauses(ended_.summary.controls);
    const auto strange = [&](const Start& each) {
      return each.index >= sequence.size() || each.intended != pauses.shifted(ended_.origin + sequence[each.index]);
    };
    expect(std::ranges::none_of(measured_, strange), "an arrival was due when one shard alone would not have had it");
  }

  void check_paced(const ClosedModel& model) {
    std::set<std::pair<std::uint64_t, TimePoint>> seen;
    for (const Start& each : measured_)
      seen.emplace(each.user, each.intended);
    expect(seen.size() == measured_.size(), "a user's turn was taken twice");
    if (!known_) return;
    const Duration length = length_of(ended_.scenario);
    std::set<std::pair<std::uint64_t, TimePoint>> due;
    const Pauses pauses(ended_.summary.controls);
    const engine::Population users = population_of(model);
    for (std::uint64_t user = 0; user < users.most(); ++user) {
      const auto stint = users.stint(user, Duration::zero());
      if (!stint) continue;
      if (!model.ramp) {  // the first at user/users of the pacing
        const Duration first(to_ns(model.pacing) * std::int64_t(user) / std::int64_t(model.users));
        expect(stint->joins == first, "a user does not begin where its share of the pacing is");
      }
      for (Duration turn = stint->joins; turn < std::min(stint->leaves, length); turn += model.pacing)
        due.emplace(user, pauses.shifted(ended_.origin + turn));
    }
    expect(std::ranges::includes(due, seen), "a user's turn was taken when it was not due");
    const std::uint64_t target = ended_.summary.load.target.value_or(0);
    if (!ended_.scenario.iterations) {
      expect(target == due.size(), "the target is not the number of turns that are due");
    } else {
      expect(target <= std::min<std::uint64_t>(due.size(), *ended_.scenario.iterations), "the target is too high");
    }
  }

  const Ended& ended_;
  faults::Auditor& auditor_;
  std::vector<Start> measured_, warmed_, cooled_;
  bool known_;  ///< when every arrival is due
};

}  // namespace

void check_starts(const Ended& ended, faults::Auditor& auditor) { Check(ended, auditor).all(); }

}  // namespace vajrapulse::simulation
