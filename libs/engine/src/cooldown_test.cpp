#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "test_trial.hpp"
#include "vajrapulse/metrics/names.hpp"

// The cool-down mirrors the warm-up: the load goes on at its last rate, in the series, and in no result.
namespace vajrapulse::engine {
namespace {

using namespace test;
namespace names = metrics::names;

std::uint64_t completed_in(const RunSummary& summary, Phase phase) {
  std::uint64_t sum = 0;
  for (const SeriesPoint& point : summary.series)
    if (point.phase == phase) sum += point.completed;
  return sum;
}

TEST(CoolDown, IsKeptOutOfTheResultAndSeenInTheSeries) {
  Trial trial;
  Scenario scenario = open_scenario("ramp 100..200/s 2s", sleeping(5ms));
  scenario.cooldown = 3s;
  const RunSummary summary = trial.complete(std::move(scenario), 2);
  EXPECT_EQ(summary.load.target, 300U);
  EXPECT_EQ(summary.load.succeeded, 300U);
  EXPECT_EQ(summary.run.duration_s, 2.0);
  EXPECT_EQ(summary.metrics.histogram(names::kResponseTime).count(), 300U);
  ASSERT_TRUE(summary.cooldown);
  EXPECT_EQ(summary.cooldown->duration_s, 3.0);
  EXPECT_NEAR(double(summary.cooldown->started), 600, 1);  // 200/s, less a nanosecond's worth of the ramp
  EXPECT_EQ(completed_in(summary, Phase::measure) + completed_in(summary, Phase::drain), 300U);
  EXPECT_EQ(completed_in(summary, Phase::cooldown), summary.cooldown->started);
  EXPECT_GE(summary.series.back().t, 4.0);
  EXPECT_EQ(trial.witness.responses_in_intervals, 300U);
}

TEST(CoolDown, ALoadThatEndsAtNothingGoesOnAtATenthOfItsHighest) {
  Trial trial;
  Scenario scenario = open_scenario("ramp 1000..0/s 2s", sleeping(1ms));
  scenario.cooldown = 1s;
  EXPECT_EQ(trial.complete(std::move(scenario)).cooldown->started, 100U);
}

TEST(CoolDown, WhatIsMeasuredAndSlowEndsInIt) {
  // Two seconds each, at most 50 at once: of 100 arrivals in the first second half wait, and begin when the cool-down
  // is sent; they are before those that come with it.
  Trial trial;
  Scenario scenario = open_scenario("static 100/s 1s", sleeping(2s));
  std::get<OpenModel>(scenario.load).max_in_flight = 50;
  scenario.cooldown = 4s;
  scenario.drain_timeout = 30s;
  const RunSummary summary = trial.complete(std::move(scenario), 2);
  EXPECT_EQ(summary.load.target, 100U);
  EXPECT_EQ(summary.load.succeeded, 100U);
  EXPECT_EQ(summary.load.dropped(), 0U);
  EXPECT_EQ(summary.cooldown->started, 50U) << "at 3 s those that waited since 1 s; the rest ends with the cool-down";
  EXPECT_NEAR(double(summary.metrics.histogram(names::kStartDelay).max()) * 1e-6, 1500, 20);
  EXPECT_EQ(completed_in(summary, Phase::drain), 100U);
}

TEST(CoolDown, TheDrainComesAfterIt) {
  Trial trial;
  Scenario scenario = open_scenario("static 10/s 1s", sleeping(60s));
  scenario.cooldown = 3s;
  scenario.drain_timeout = 5s;
  const TimePoint begin = trial.now();
  const RunSummary summary = trial.complete(std::move(scenario));
  EXPECT_EQ(summary.load.interrupted, 10U);
  EXPECT_NEAR(double(to_ns(trial.now() - begin)), 9e9, 1e7);
}

TEST(CoolDown, PacedUsersTakeTheirOverdueTurnsFirst) {
  // One user, a turn a second, 1.5 s each: of four due in 4 s the last begins at 4.5 s, in the cool-down.
  Trial trial;
  Scenario scenario = closed_scenario(1, 4s, sleeping(1500ms));
  std::get<ClosedModel>(scenario.load).pacing = 1s;
  scenario.cooldown = 3s;
  const RunSummary summary = trial.complete(std::move(scenario));
  EXPECT_EQ(summary.load.target, 4U);
  EXPECT_EQ(summary.load.succeeded, 4U);
  EXPECT_EQ(summary.cooldown->started, 1U) << "at 6 s, when it has made up for what it owed";
}

TEST(CoolDown, UsersGoOnAsManyAsThereWere) {
  Trial trial;
  Scenario scenario = closed_scenario(0, 2s, sleeping(100ms));
  scenario.load = ClosedModel{.users = 5, .ramp = ClosedModel::Ramp{.from = 0, .length = 1s}};
  scenario.cooldown = 2s;
  const RunSummary summary = trial.complete(std::move(scenario));
  EXPECT_NEAR(double(summary.cooldown->started), 100, 6);
}

TEST(CoolDown, AStopEndsTheRunWithoutOne) {
  for (const bool by_control : {true, false}) {
    Steered trial(
        [] {
          Scenario scenario = open_scenario("static 100/s 10s", sleeping(1ms));
          scenario.cooldown = 5s;
          return scenario;
        }(),
        2);
    if (by_control) {
      trial.tell(2s, Control::stop());
    } else {
      trial.run_to(trial.origin() + 2s);
      trial.run->stop();
    }
    const RunSummary summary = trial.finish();
    EXPECT_FALSE(summary.cooldown);
    EXPECT_NEAR(double(summary.load.started), 200, 1);
    EXPECT_LT(trial.now() - trial.origin(), 3s);
  }
}

TEST(CoolDown, CanItselfBeStopped) {
  Steered trial(
      [] {
        Scenario scenario = open_scenario("static 100/s 2s", sleeping(1ms));
        scenario.cooldown = 60s;
        return scenario;
      }(),
      2);
  trial.run_to(trial.origin() + 4s);
  trial.run->stop();
  const RunSummary summary = trial.finish();
  EXPECT_EQ(summary.load.succeeded, 200U);
  EXPECT_NEAR(summary.cooldown->duration_s, 2.0, 0.01);
  EXPECT_NEAR(double(summary.cooldown->started), 200, 1);
  EXPECT_EQ(summary.run.duration_s, 2.0);
}

TEST(CoolDown, IsNoJumpForWhoTurnedTheRateDown) {
  Scenario scenario = open_scenario("static 100000/s 4s", sleeping(1ms));
  scenario.cooldown = 40s;
  Steered trial(std::move(scenario), 2);
  trial.tell(50ms, Control::rate_hold(0.05));
  EXPECT_EQ(trial.finish().cooldown->started, 2U);
}

TEST(CoolDown, WhatItSentAndOnlyEndsInTheDrainIsInTheSeriesToo) {
  Trial trial;
  Scenario scenario = open_scenario("static 100/s 1s", sleeping(700ms));
  scenario.cooldown = 3300ms;
  const RunSummary summary = trial.complete(std::move(scenario), 2);
  EXPECT_EQ(summary.cooldown->started, 330U);
  EXPECT_EQ(completed_in(summary, Phase::cooldown), 330U);
  EXPECT_EQ(completed_in(summary, Phase::measure) + completed_in(summary, Phase::drain), 100U);
}

TEST(CoolDown, LeavesTheRatesOfWhatWasMeasuredAlone) {
  Trial trial;
  Scenario scenario = open_scenario("static 100/s 20s", sleeping(1ms));
  scenario.cooldown = 3300ms;
  const RunSummary summary = trial.complete(std::move(scenario), 2);
  EXPECT_LE(summary.metrics.gauge(names::kActualTps).max, 110);
}

TEST(CoolDown, FollowsTheRateThatARunWasToldLast) {
  Steered trial(
      [] {
        Scenario scenario = open_scenario("static 100/s 4s", sleeping(1ms));
        scenario.cooldown = 1s;
        return scenario;
      }(),
      2);
  trial.tell(2s, Control::rate_hold(300));
  EXPECT_EQ(trial.finish().cooldown->started, 300U);
}

TEST(CoolDown, WhatItCouldNotSendEndsWithIt) {
  // Four users that cannot keep their pacing: what is owed of the measured second is sent first, and what the cool-down
  // itself then owes is forgotten, not sent for seconds after it.
  Trial trial;
  Scenario scenario = closed_scenario(4, 1s, sleeping(20ms));
  std::get<ClosedModel>(scenario.load).pacing = 10ms;
  scenario.cooldown = 3s;
  const TimePoint begin = trial.now();
  const RunSummary summary = trial.complete(std::move(scenario));
  EXPECT_EQ(summary.load.target, 400U);
  EXPECT_EQ(summary.load.succeeded, 400U);
  EXPECT_NEAR(double(summary.cooldown->started), 400, 8) << "200/s, less the second that the measured ones took";
  EXPECT_NEAR(double(to_ns(trial.now() - begin)), 4e9, 1e8);
}

TEST(CoolDown, AStopByControlEndsItAndInterruptsNothing) {
  Scenario scenario = open_scenario("static 100/s 1s", sleeping(1ms));
  scenario.cooldown = 60s;
  Steered trial(std::move(scenario), 2);
  trial.run_to(trial.origin() + 2s);
  EXPECT_THAT(trial.refusal(Control::pause()), testing::HasSubstr("cool-down"));
  EXPECT_EQ(trial.refusal(Control::stop()), "");
  const RunSummary summary = trial.finish();
  EXPECT_EQ(summary.exit_code, 0);
  EXPECT_FALSE(summary.run.interrupted);
  EXPECT_NEAR(summary.cooldown->duration_s, 1.0, 0.01);
  EXPECT_EQ(summary.controls.size(), 1U);
}

TEST(CoolDown, AWarmUpThatIsCutShortSaysHowLongItWas) {
  Scenario scenario = open_scenario("static 100/s 5s", sleeping(1ms));
  scenario.warmup = 10s;
  Steered trial(std::move(scenario), 2);
  trial.run_to(trial.origin() - 6s);
  trial.run->stop();
  EXPECT_NEAR(trial.finish().warmup->duration_s, 4.0, 0.01);
}

}  // namespace
}  // namespace vajrapulse::engine
