#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "test_trial.hpp"

namespace vajrapulse::engine {
namespace {

using namespace test;
using testing::ElementsAre;
using testing::HasSubstr;
using After = PlannedScenario::After;

constexpr Duration kFirst = 5ms;  ///< how long before the first scenario begins all shards are told

/// When its iterations were to begin, by the run's clock.
struct Begun {
  std::vector<TimePoint> at;

  NamedTask task(std::string name, Duration length = 1ms) {
    return vajrapulse::task(std::move(name), [this, length](Iteration& iteration) -> runtime::Co<Result> {
      at.push_back(iteration.intended_start());
      co_await iteration.sleep(length);
      co_return iteration.cancellation().requested() ? Result::failure(kCancelled) : Result::success();
    });
  }
};

PlannedScenario planned(std::string name, std::string_view load, NamedTask task) {
  PlannedScenario planned{.scenario = open_scenario(load, std::move(task))};
  planned.scenario.name = std::move(name);
  return planned;
}

RunSummary complete(Trial& trial, std::vector<PlannedScenario> plan, std::size_t shards = 1) {
  trial.begin(std::move(plan), shards);
  return trial.finish();
}

const ScenarioSummary& of(const RunSummary& summary, std::string_view name) {
  for (const ScenarioSummary& each : summary.scenarios)
    if (each.name == name) return each;
  throw std::out_of_range(std::string(name));
}

TEST(SeveralScenarios, TheNextBeginsExactlyAtTheScheduledEndOfTheOneBefore) {
  for (const std::size_t shards : {1U, 3U}) {
    Trial trial;
    Begun first, second, third;
    // Its last iterations go on for a second into the next one.
    auto plan = std::vector{planned("first", "static 10/s 2s", first.task("a", 1s)),
                            planned("second", "static 100/s 1s", second.task("b")),
                            planned("third", "ramp 0..100/s 2s", third.task("c"))};
    plan[1].follows = {0};
    plan[2].follows = {1};
    const RunSummary summary = complete(trial, plan, shards);

    EXPECT_EQ(first.at.size(), 20U);
    EXPECT_EQ(second.at.size(), 100U);
    EXPECT_EQ(third.at.size(), 100U);
    const TimePoint origin = first.at.front();
    EXPECT_EQ(std::ranges::min(second.at) - origin, 2s);
    EXPECT_EQ(of(summary, "second").t, 2.0);
    EXPECT_EQ(of(summary, "third").t, 3.0);
    EXPECT_EQ(summary.run.duration_s, 5.0);
    EXPECT_EQ(summary.load.target, 220U);
    EXPECT_EQ(summary.load.succeeded, 220U);
    EXPECT_EQ(of(summary, "first").load.succeeded, 20U);
    EXPECT_EQ(summary.metrics.counter("vajrapulse.execution.total", {{"scenario", "second"}}), 100U);
    EXPECT_EQ(summary.verdict.status, VerdictStatus::valid);
    EXPECT_EQ(summary.exit_code, 0);
  }
}

TEST(SeveralScenarios, ThoseOfAGroupBeginTogetherAndTheNextWaitsForTheLongest) {
  Trial trial;
  Begun browse, buy, after;
  auto plan =
      std::vector{planned("browse", "static 10/s 1s", browse.task("a")),
                  planned("buy", "static 10/s 3s", buy.task("b")), planned("after", "static 10/s 1s", after.task("c"))};
  plan[2].follows = {0, 1};
  const RunSummary summary = complete(trial, plan);
  EXPECT_EQ(browse.at.front(), buy.at.front());
  EXPECT_EQ(after.at.front() - buy.at.front(), 3s);
  EXPECT_EQ(summary.run.duration_s, 4.0);
  EXPECT_EQ(summary.load.succeeded, 50U);
}

TEST(SeveralScenarios, OneThatWaitsBeginsWhenTheLastIterationHasEndedAndItsDelayIsOver) {
  Trial trial;
  Begun slow, then;
  auto plan = std::vector{planned("slow", "static 10/s 1s", slow.task("a", 2s)),
                          planned("then", "static 10/s 1s", then.task("b"))};
  plan[1].follows = {0};
  plan[1].after = After::last_iteration;
  plan[1].delay = 500ms;
  const RunSummary summary = complete(trial, plan);
  // The last one begins at 900 ms and takes 2 s.
  const Duration between = then.at.front() - slow.at.front();
  EXPECT_GE(between, 2900ms + 500ms);
  EXPECT_LT(between, 2900ms + 500ms + 1ms);
  EXPECT_DOUBLE_EQ(summary.run.duration_s, 2.0);
}

TEST(SeveralScenarios, AConditionSeesWhatTheOnesBeforeDidAndSkips) {
  Trial trial;
  Begun first, second, third;
  auto plan = std::vector{planned("first", "static 10/s 1s", first.task("a", 100ms)),
                          planned("second", "static 10/s 1s", second.task("b")),
                          planned("third", "static 10/s 1s", third.task("c"))};
  plan[1].follows = {0};
  plan[1].after = After::last_iteration;
  std::uint64_t seen = 0;
  plan[1].skip_when = [&](const std::vector<ScenarioResult>& all) -> std::optional<std::string> {
    seen = all[0].load.succeeded;
    return "first.p99 < 50ms does not hold";
  };
  plan[2].follows = {1};
  const RunSummary summary = complete(trial, plan);
  EXPECT_EQ(seen, 10U);
  EXPECT_TRUE(second.at.empty());
  EXPECT_EQ(of(summary, "second").skipped, "first.p99 < 50ms does not hold");
  EXPECT_EQ(third.at.size(), 10U);
  EXPECT_THAT(trial.witness.messages, ElementsAre("scenario 'second' is skipped: first.p99 < 50ms does not hold"));
  EXPECT_EQ(summary.load.target, 20U);
}

TEST(SeveralScenarios, WhatIsNotMeasuredIsInNoTotal) {
  Trial trial;
  Begun warm, load;
  auto plan = std::vector{planned("warm", "static 100/s 1s", warm.task("a")),
                          planned("load", "static 10/s 1s", load.task("b"))};
  plan[0].measured = false;
  plan[1].follows = {0};
  const RunSummary summary = complete(trial, plan);
  EXPECT_EQ(summary.load.target, 10U);
  EXPECT_EQ(summary.metrics.counter("vajrapulse.execution.total"), 10U);
  EXPECT_EQ(summary.run.duration_s, 1.0);
  ASSERT_TRUE(summary.warmup);
  EXPECT_EQ(summary.warmup->started, 100U);
  EXPECT_EQ(summary.series.front().phase, Phase::warmup);
}

TEST(SeveralScenarios, APauseMovesWhatComesBehind) {
  Trial trial;
  Begun first, second;
  auto plan = std::vector{planned("first", "static 10/s 2s", first.task("a")),
                          planned("second", "static 10/s 1s", second.task("b"))};
  plan[1].follows = {0};
  trial.begin(plan);
  trial.run_to(trial.now() + 500ms);
  ASSERT_TRUE(trial.run->control(Control::pause()));
  trial.run_to(trial.now() + 3s);
  ASSERT_TRUE(trial.run->control(Control::resume()));
  const RunSummary summary = trial.finish();
  EXPECT_EQ(first.at.size(), 20U);
  EXPECT_EQ(second.at.front() - first.at.front(), 5s);
  EXPECT_EQ(summary.load.target, 30U);
}

TEST(SeveralScenarios, AStopEndsTheOneThatRunsAndBeginsNoOther) {
  Trial trial;
  Begun first, second;
  auto plan = std::vector{planned("first", "static 10/s 2s", first.task("a")),
                          planned("second", "static 10/s 1s", second.task("b"))};
  plan[1].follows = {0};
  trial.begin(plan);
  trial.run_to(trial.now() + 1s);
  trial.run->stop();
  const RunSummary summary = trial.finish();
  EXPECT_EQ(first.at.size(), 10U);
  EXPECT_TRUE(second.at.empty());
  EXPECT_TRUE(summary.run.interrupted);
}

TEST(SeveralScenarios, AControlForOneReachesThatOneAlone) {
  Trial trial;
  Begun first, second;
  auto plan = std::vector{planned("first", "static 10/s 2s", first.task("a")),
                          planned("second", "static 10/s 2s", second.task("b"))};
  trial.begin(plan);
  trial.run_to(trial.now() + kFirst + 950ms);
  Control faster = Control::rate_hold(100);
  faster.scenario = "second";
  ASSERT_TRUE(trial.run->control(faster));
  EXPECT_THAT(trial.run->control({.action = Control::Action::pause, .scenario = "third"}).error().text(),
              HasSubstr("no scenario is called 'third'; there is: first, second"));
  const RunSummary summary = trial.finish();
  EXPECT_EQ(first.at.size(), 20U);
  EXPECT_EQ(second.at.size(), 110U);
}

TEST(SeveralScenarios, AllDrainAfterTheWholeRun) {
  Trial trial;
  Begun stuck, other;
  auto plan = std::vector{planned("stuck", "static 1/s 1s", stuck.task("a", 1h)),
                          planned("other", "static 10/s 10s", other.task("b"))};
  plan[1].follows = {0};
  const TimePoint before = trial.now();
  const RunSummary summary = complete(trial, plan);
  // It ends 5 s after the run's end, not 5 s after its own.
  EXPECT_EQ(of(summary, "stuck").load.interrupted, 1U);
  EXPECT_GE(trial.now() - before, 16s);
  const metrics::Histogram aged = summary.metrics.histogram("vajrapulse.execution.duration", {{"scenario", "stuck"}});
  EXPECT_NEAR(double(aged.max()), 16e9, 0.02e9);
}

TEST(SeveralScenarios, AStopBeginsTheDrain) {
  for (const std::size_t scenarios : {1U, 2U}) {
    Trial trial;
    Begun stuck, other;
    auto plan = std::vector{planned("stuck", "static 1/s 1h", stuck.task("a", 2h))};
    if (scenarios == 2) plan.push_back(planned("other", "static 10/s 1h", other.task("b")));
    trial.begin(plan);
    trial.run_to(trial.now() + 3s);
    const TimePoint stopped = trial.now();
    trial.run->stop();
    (void)trial.finish();
    EXPECT_GE(trial.now() - stopped, 5s);
    EXPECT_LT(trial.now() - stopped, 6s);
  }
}

TEST(SeveralScenarios, AStopBetweenTwoBeginsNoOther) {
  Trial trial;
  Begun first, second;
  auto plan = std::vector{planned("first", "static 10/s 1s", first.task("a")),
                          planned("second", "static 10/s 1s", second.task("b"))};
  plan[1].follows = {0};
  plan[1].delay = 10s;
  trial.begin(plan);
  trial.run_to(trial.now() + 5s);
  ASSERT_TRUE(trial.run->control(Control::stop()));
  const RunSummary summary = trial.finish();
  EXPECT_TRUE(second.at.empty());
  EXPECT_EQ(summary.load.target, 10U);
  EXPECT_FALSE(summary.run.interrupted);
}

TEST(SeveralScenarios, OneThatEndsTheRunEndsItWithItsLastIteration) {
  Trial trial;
  Begun counted, other;
  auto plan = std::vector{planned("counted", "static 10/s 1h", counted.task("a")),
                          planned("other", "static 10/s 1h", other.task("b"))};
  plan[0].scenario.iterations = 20;
  plan[0].ends_run = true;
  const RunSummary summary = complete(trial, plan);
  EXPECT_EQ(counted.at.size(), 20U);
  EXPECT_LE(other.at.size(), 22U);
  EXPECT_FALSE(summary.run.interrupted);
  EXPECT_EQ(summary.exit_code, 0);
}

TEST(SeveralScenarios, OneThatWouldFollowItselfIsRefused) {
  Trial trial;
  Begun a, b;
  auto plan = std::vector{planned("a", "static 1/s 1s", a.task("a")), planned("b", "static 1/s 1s", b.task("b"))};
  plan[0].follows = {1};
  plan[1].follows = {0};
  trial.begin(plan);
  trial.world.run();
  ASSERT_TRUE(trial.outcome);
  ASSERT_FALSE(*trial.outcome);
  EXPECT_EQ(trial.outcome->error().text(),
            "scenario 'a' would begin only after itself; let it begin after another one, or with the run");
}

TEST(SeveralScenarios, TheWorstScenarioIsTheRunsVerdict) {
  Trial trial;
  Begun fine;
  auto plan =
      std::vector{planned("fine", "static 1000/s 4s", fine.task("a")),
                  planned("late", "static 10/s 1s", vajrapulse::task("b", [&](Iteration& it) -> runtime::Co<Result> {
                            // The shard does nothing else for 300 ms.
                            trial.world.compute(it.reactor(), 300ms);
                            co_return Result::success();
                          }))};
  plan[1].follows = {0};
  const RunSummary summary = complete(trial, plan);
  EXPECT_EQ(of(summary, "fine").verdict.status, VerdictStatus::valid);
  EXPECT_EQ(of(summary, "late").verdict.status, VerdictStatus::invalid);
  EXPECT_EQ(summary.verdict.status, VerdictStatus::invalid);
  EXPECT_EQ(summary.exit_code, 98);
}

}  // namespace
}  // namespace vajrapulse::engine
