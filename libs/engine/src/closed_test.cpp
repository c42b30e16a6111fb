#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "test_trial.hpp"
#include "vajrapulse/metrics/names.hpp"

// Users over time: how they come and go, think, and keep their pacing; what is expected is counted by hand.
namespace vajrapulse::engine {
namespace {

using namespace test;
using testing::ElementsAre;

/// What one iteration was, from the start of measuring.
struct Turn {
  std::uint64_t user;
  Duration begun, ended;
};

/// A run of users whose answers take `service`, and what became of it.
struct Story {
  RunSummary summary;
  std::vector<Turn> turns;
  std::vector<Progress> steps;

  [[nodiscard]] std::set<std::uint64_t> users() const {
    std::set<std::uint64_t> all;
    for (const Turn& turn : turns)
      all.insert(turn.user);
    return all;
  }
  /// How many iterations begin within [begin, end).
  [[nodiscard]] std::size_t begun(Duration begin, Duration end) const {
    return std::size_t(
        std::ranges::count_if(turns, [&](const Turn& turn) { return turn.begun >= begin && turn.begun < end; }));
  }
  /// When user `user` first begins.
  [[nodiscard]] Duration first(std::uint64_t user) const {
    Duration first = Duration::max();
    for (const Turn& turn : turns)
      if (turn.user == user) first = std::min(first, turn.begun);
    return first;
  }
  [[nodiscard]] Duration last(std::uint64_t user) const {
    Duration last = Duration::min();
    for (const Turn& turn : turns)
      if (turn.user == user) last = std::max(last, turn.begun);
    return last;
  }
};

double ns(Duration duration) { return double(to_ns(duration)); }

using Script = std::vector<std::pair<Duration, Control>>;

Story play(const ClosedModel& model, Duration duration, Duration service, const Script& script = {},
           std::size_t shards = 2) {
  Story story;
  const Trial* trial_of = nullptr;
  TimePoint origin;
  Scenario scenario = closed_scenario(1, duration, task("note", [&](Iteration& iteration) -> runtime::Co<Result> {
                                        const std::uint64_t user = iteration.user();
                                        const TimePoint begun = trial_of->now();
                                        co_await iteration.sleep(service);
                                        story.turns.push_back({user, begun - origin, trial_of->now() - origin});
                                        co_return Result::success();
                                      }));
  scenario.load = model;
  Steered trial(std::move(scenario), shards);
  trial_of = &trial;
  origin = trial.origin();
  for (const auto& [at, control] : script)
    trial.tell(at, control);
  story.summary = trial.finish();
  story.steps = trial.witness.steps;
  EXPECT_EQ(story.summary.exit_code, 0);
  EXPECT_EQ(story.summary.load.started, story.turns.size());
  return story;
}

constexpr Duration kNear = 1ms;  // timers' slots, and a shard that hears of the beginning a little late

TEST(Closed, ARampBringsUsersOneByOne) {
  // 10 in 5 s: user u at u/2 s and a quarter.
  const Story story = play({.users = 10, .ramp = ClosedModel::Ramp{.from = 0, .length = 5s}}, 10s, 100ms);
  for (std::uint64_t user = 0; user < 10; ++user)
    EXPECT_NEAR(ns(story.first(user)), ns(250ms + Duration(500ms) * std::int64_t(user)), ns(kNear)) << user;
  // 100 ms each, one after another: user u has (9.75 - u/2)·10 of them.
  EXPECT_NEAR(double(story.turns.size()), 975 - 45 * 5, 10);
  EXPECT_EQ(story.summary.run.load_text, "0 to 10 users over 5s for 10s");
  EXPECT_FALSE(story.summary.load.target) << "nobody fixed when users begin";
}

TEST(Closed, ARampFromSomeToManyBeginsWithSome) {
  const Story story = play({.users = 6, .ramp = ClosedModel::Ramp{.from = 2, .length = 4s}}, 8s, 100ms);
  EXPECT_THAT(story.users(), ElementsAre(0, 1, 2, 3, 4, 5));
  EXPECT_LE(story.first(0), kNear);
  EXPECT_LE(story.first(1), kNear);
  EXPECT_NEAR(ns(story.first(5)), ns(3500ms), ns(kNear));
}

TEST(Closed, UsersThatGoFinishWhatTheyBegan) {
  const Story story = play({.users = 0, .ramp = ClosedModel::Ramp{.from = 4, .length = 4s}}, 8s, 300ms);
  for (std::uint64_t user = 0; user < 4; ++user) {
    const Duration leaves = 500ms + Duration(1s) * std::int64_t(3 - user);
    EXPECT_LT(story.last(user), leaves);
    EXPECT_GE(story.last(user), leaves - 301ms) << "it is busy to its end";
  }
  EXPECT_EQ(story.summary.load.interrupted, 0U);
}

TEST(Closed, WhoThinksPausesAfterEachAnswer) {
  // 100 ms of service and 400 ms of thought: two rounds a second.
  const Story story = play({.users = 3, .think = {400ms, 400ms}}, 10s, 100ms);
  EXPECT_NEAR(double(story.turns.size()), 60, 3);
  EXPECT_EQ(story.summary.run.load_text, "3 users, thinking 400ms for 10s");
  EXPECT_LT(story.summary.metrics.histogram(metrics::names::kExecutionDuration).max(), to_ns(101ms))
      << "thinking is no part of an answer";
}

TEST(Closed, ThoughtsAreEvenBetweenTheirBoundsAndTheSameForAnyShards) {
  const ClosedModel model{.users = 4, .think = {200ms, 600ms}};
  std::map<std::size_t, std::vector<Duration>> begun;
  for (const std::size_t shards : {1, 2, 4}) {
    const Story story = play(model, 200s, 10ms, {}, shards);
    std::map<std::uint64_t, Duration> ended;
    double sum = 0;
    std::size_t thoughts = 0;
    for (const Turn& turn : story.turns) {
      if (const auto last = ended.find(turn.user); last != ended.end()) {
        const Duration thought = turn.begun - last->second;
        EXPECT_GE(thought, 200ms);
        EXPECT_LE(thought, 600ms + kNear);
        sum += double(to_ns(thought));
        ++thoughts;
      }
      ended[turn.user] = turn.ended;
      if (turn.user == 2) begun[shards].push_back(turn.begun);
    }
    // About 1,950 of them, each with a deviation of 400/√12 ms: 3 σ of the mean are 7.9 ms.
    EXPECT_NEAR(sum / double(thoughts), 400e6, 8e6);
  }
  for (const std::size_t shards : {2, 4}) {
    ASSERT_EQ(begun[shards].size(), begun[1].size());
    for (std::size_t i = 0; i < begun[1].size(); ++i)
      EXPECT_NEAR(ns(begun[shards][i]), ns(begun[1][i]), double(i + 1) * 2e6) << i;
  }
}

TEST(Closed, APacedRampIsExactAndMakesNoBursts) {
  // User u of 60 comes at u + 0.5 s, begins at the next moment of its own, and has a turn every second from then on.
  const Duration length = 90s;
  const Story story =
      play({.users = 60, .ramp = ClosedModel::Ramp{.from = 0, .length = 60s}, .pacing = 1s}, length, 50ms);
  const Population plan = Population::ramp(0, 60, 60s, 1s);
  std::uint64_t turns = 0;
  for (std::uint64_t user = 0; user < 60; ++user)
    turns += std::uint64_t(std::ceil(double((length - plan.stint(user, 0s)->joins).count()) / 1e9));
  EXPECT_EQ(story.summary.load.target, turns);
  EXPECT_EQ(story.summary.load.succeeded, turns);
  EXPECT_EQ(story.summary.load.late, 0U);
  for (Duration t = 70s; t < 80s; t += 100ms)  // 60/s by now
    EXPECT_LE(story.begun(t, t + 100ms), 8U) << to_ns(t);
}

TEST(Control, UsersAreAddedAndTakenAway) {
  const Story story =
      play({.users = 4}, 12s, 100ms, {{3s, Control::users(10)}, {6s, Control::users(2)}, {9s, Control::users_auto()}});
  EXPECT_EQ(story.users().size(), 10U);
  EXPECT_NEAR(double(story.begun(1s, 2s)), 40, 4);
  EXPECT_NEAR(double(story.begun(4s, 5s)), 100, 10);
  EXPECT_NEAR(double(story.begun(7s, 8s)), 20, 2);
  EXPECT_NEAR(double(story.begun(10s, 11s)), 40, 4);
  EXPECT_LT(story.last(9), 6s);
  EXPECT_EQ(story.summary.run.duration_s, 12.0);
  std::vector<std::string> actions;
  for (const ControlEvent& event : story.summary.controls)
    actions.push_back(event.action);
  EXPECT_THAT(actions, ElementsAre("users 10", "users 2", "users auto"));
}

TEST(Control, PacedUsersThatComeBeginSpreadOverThePacing) {
  // Four, a turn a second each; from 3 s on eight: those that come begin at 3, 3.25, 3.5 and 3.75 s.
  const Story story = play({.users = 4, .pacing = 1s}, 6s, 50ms, {{3s, Control::users(8)}});
  EXPECT_EQ(story.summary.load.target, 4U * 6 + 4 * 3);
  for (std::uint64_t user = 4; user < 8; ++user)
    EXPECT_NEAR(ns(story.first(user)), ns(3s + Duration(250ms) * std::int64_t(user - 4)), ns(kNear));
}

TEST(Control, PacedUsersThatGoStillTakeTheTurnsThatWereDue) {
  // 2.5 s each, a turn a second: of the two turns due by 3 s… the one that goes at 3 s has begun at 0 and 2.5 s, and
  // owes the third, due at 2 s, which it begins at 5 s.
  const Story story = play({.users = 1, .pacing = 1s}, 10s, 2500ms, {{3s, Control::users(0)}}, 1);
  EXPECT_EQ(story.summary.load.target, 3U);
  EXPECT_EQ(story.summary.load.succeeded, 3U);
  EXPECT_NEAR(ns(story.last(0)), ns(5s), ns(kNear));
}

TEST(Control, UsersChangeInAPauseWhenItIsOver) {
  const Story story =
      play({.users = 2}, 6s, 100ms, {{2s, Control::pause()}, {3s, Control::users(6)}, {4s, Control::resume()}});
  EXPECT_EQ(story.begun(2s + kNear, 4s), 0U);
  EXPECT_NEAR(double(story.begun(4s, 5s)), 60, 6);
  EXPECT_EQ(story.summary.run.duration_s, 8.0);
}

TEST(Control, ThinkingUsersHeedAPauseAndANewNumber) {
  const Story story = play({.users = 4, .think = {400ms, 400ms}}, 8s, 100ms,
                           {{2s, Control::pause()}, {3s, Control::resume()}, {5s, Control::users(1)}});
  EXPECT_EQ(story.begun(2s + kNear, 3s), 0U);
  EXPECT_LT(story.last(3), 5s);
  EXPECT_GT(story.last(0), 8s);
}

TEST(Control, HowManyUsersThereAreIsShown) {
  const Story story =
      play({.users = 10, .ramp = ClosedModel::Ramp{.from = 0, .length = 5s}}, 8s, 100ms, {{6s, Control::users(3)}});
  std::map<std::int64_t, std::uint64_t> users;
  for (const Progress& step : story.steps)
    if (step.phase == Phase::measure && !step.repeated) users[step.elapsed / Duration(1s)] = step.users.value_or(999);
  EXPECT_EQ(users[2], 4U);
  EXPECT_EQ(users[5], 10U);
  EXPECT_EQ(users[7], 3U);
}

TEST(Closed, UsersThatCannotKeepTheirPacingAreSaidTo) {
  const Story late = play({.users = 2, .pacing = 100ms}, 5s, 150ms);
  EXPECT_THAT(late.summary.warnings, testing::Contains(testing::HasSubstr("could not keep their pacing of 100ms")));
  const Story well = play({.users = 2, .pacing = 100ms}, 5s, 50ms);
  EXPECT_THAT(well.summary.warnings, testing::IsEmpty());
}

TEST(Closed, TheSeriesSaysHowManyThereWere) {
  const Story story = play({.users = 10, .ramp = ClosedModel::Ramp{.from = 0, .length = 10s}}, 10s, 100ms);
  std::vector<std::uint64_t> users;
  for (const SeriesPoint& point : story.summary.series)
    if (point.phase == Phase::measure) users.push_back(point.users.value_or(999));
  EXPECT_THAT(users, ElementsAre(1, 2, 3, 4, 5, 6, 7, 8, 9, 10));
}

TEST(Closed, WhereNobodyIsLeftToDoTheIterationsTheRunEnds) {
  for (const std::size_t shards : {1, 2}) {
    Scenario scenario = closed_scenario(1, {}, sleeping(10ms));
    scenario.load = ClosedModel{.users = 0, .ramp = ClosedModel::Ramp{.from = 10, .length = 2s}};
    scenario.iterations = 100'000;
    Trial trial;
    const RunSummary summary = trial.complete(std::move(scenario), shards);
    EXPECT_NEAR(double(summary.load.succeeded), 1000, 20);
    EXPECT_LT(summary.run.duration_s, 2.1);
  }
}

TEST(Closed, AShardWhoseUsersAreGoneEndsItsPart) {
  Scenario scenario = closed_scenario(1, {}, sleeping(10ms));
  scenario.load = ClosedModel{.users = 1, .ramp = ClosedModel::Ramp{.from = 10, .length = 2s}};
  scenario.iterations = 3000;
  Trial trial;
  const RunSummary summary = trial.complete(std::move(scenario), 2);
  EXPECT_GT(summary.load.succeeded, 1500U);
  EXPECT_LE(summary.load.succeeded, 3000U);
}

TEST(Control, UsersThatAreAllSentAwayInAPauseMayComeBack) {
  Scenario scenario = closed_scenario(4, {}, sleeping(10ms));
  scenario.iterations = 4000;
  Steered trial(std::move(scenario), 2);
  trial.tell(1s, Control::pause());
  trial.tell(2s, Control::users(0));
  trial.tell(3s, Control::users(8));
  trial.tell(4s, Control::resume());
  EXPECT_EQ(trial.finish().load.succeeded, 4000U);
}

TEST(Control, UsersChangeAHundredTimesAtMost) {
  Steered trial(closed_scenario(4, 600s, sleeping(10ms)), 2);
  for (int i = 0; i < 100; ++i)
    trial.tell(Duration(1s) * (i + 1), Control::users(4 + std::uint64_t(i % 2)));
  EXPECT_THAT(trial.refusal(Control::users(7)), testing::HasSubstr("changed 100 times"));
  EXPECT_EQ(trial.refusal(Control::stop()), "");
  (void)trial.finish();
}

}  // namespace
}  // namespace vajrapulse::engine
