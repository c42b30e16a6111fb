// A shard that its host holds up just when the run goes from one phase to the next.
#include <utility>

#include <gtest/gtest.h>

#include "test_trial.hpp"

namespace vajrapulse::engine::test {
namespace {

std::uint64_t started_in(const RunSummary& summary, bool warmup) {
  std::uint64_t sum = 0;
  for (const SeriesPoint& point : summary.series)
    if ((point.phase == Phase::warmup) == warmup) sum += point.started;
  return sum;
}

/// A user whose turns are 100 ms apart and take 20 ms.
Scenario paced_scenario(Duration duration) {
  Scenario scenario = closed_scenario(1, duration, sleeping(20ms));
  std::get<ClosedModel>(scenario.load).pacing = 100ms;
  return scenario;
}

/// Held up from 210 to 380 ms: what ends at 220 ms and the window's end at 250 ms are seen together, and late.
RunSummary held_up(Scenario scenario) {
  Trial trial;
  const TimePoint begin = trial.now();
  trial.begin(std::move(scenario));
  trial.run_to(begin + 210ms);
  trial.world.freeze(*trial.shards[0], 170ms);
  return trial.finish();
}

// Turns at 0, 100 and 200 ms; one at 300 ms would be due after the end.
TEST(HeldUp, APacedUserTakesNoTurnThatIsDueAfterTheEnd) {
  const RunSummary summary = held_up(paced_scenario(250ms));
  EXPECT_EQ(summary.load.target, 3);
  EXPECT_EQ(summary.load.started, 3);
}

// The same turns in warm-up, and then those of the measured phase: at 0, 100 and 200 ms of it.
TEST(HeldUp, APacedUserTakesNoTurnOfWarmupThatIsDueAfterIt) {
  Scenario scenario = paced_scenario(300ms);
  scenario.warmup = 250ms;
  const RunSummary summary = held_up(std::move(scenario));
  EXPECT_EQ(summary.warmup->started, 3);
  EXPECT_EQ(summary.load.target, 3);
  EXPECT_EQ(summary.load.started, 3);
}

// Two users, each with a turn every 100 ms, may begin four iterations together. The shard is held up from 10 ms until
// after the end: it has begun one, the idle user's turns (50, 150, 250 ms) are missed, and the other's that wait may
// use up what is left of the four, and not more.
TEST(HeldUp, TurnsThatWereMissedCountAmongTheIterationsAllowed) {
  Trial trial;
  Scenario scenario = closed_scenario(2, 300ms, sleeping(20ms));
  std::get<ClosedModel>(scenario.load).pacing = 100ms;
  scenario.iterations = 4;
  const TimePoint begin = trial.now();
  trial.begin(std::move(scenario));
  trial.run_to(begin + 10ms);
  trial.world.freeze(*trial.shards[0], 400ms);
  EXPECT_EQ(trial.finish().load.target, 4);
}

// The shard is held up from within warm-up until after the end: all there is to see comes in one piece, behind the end.
TEST(HeldUp, WhatWasMeasuredIsInTheSeriesHoweverLateWarmupIsSeenToEnd) {
  Trial trial;
  Scenario scenario = open_scenario("static 100/s 300ms", sleeping(1ms));
  scenario.warmup = 100ms;
  trial.settings.interval = 20ms;
  const TimePoint begin = trial.now();
  trial.begin(std::move(scenario), 2);
  trial.run_to(begin + 50ms);
  trial.world.freeze(*trial.shards[0], 2s);
  const RunSummary summary = trial.finish();
  EXPECT_EQ(summary.load.target, 30);
  EXPECT_EQ(summary.load.missed, 15);
  EXPECT_EQ(started_in(summary, false), 15);
  EXPECT_EQ(started_in(summary, true), summary.warmup->started);
  EXPECT_EQ(trial.witness.responses_in_intervals, 15);
}

}  // namespace
}  // namespace vajrapulse::engine::test
