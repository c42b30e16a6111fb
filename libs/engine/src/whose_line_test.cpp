// A line for a slot, and whose it is: by arithmetic.
#include <array>
#include <utility>

#include <gtest/gtest.h>

#include "test_trial.hpp"
#include "vajrapulse/metrics/names.hpp"

namespace vajrapulse::engine::test {
namespace {

/// One slot, and an arrival every 10 ms.
Scenario one_slot(NamedTask task) {
  Scenario scenario = open_scenario("static 100/s 1s", std::move(task));
  std::get<OpenModel>(scenario.load).max_in_flight = 1;
  return scenario;
}

/// p50, p90 and p99, in milliseconds.
std::array<double, 3> milliseconds(const RunSummary& summary, std::string_view name) {
  const metrics::Histogram histogram = summary.metrics.histogram(name);
  return {double(histogram.percentile(50)) * 1e-6, double(histogram.percentile(90)) * 1e-6,
          double(histogram.percentile(99)) * 1e-6};
}

// Held up for 100 ms, the shard is ten arrivals behind and makes good 1 ms with each: it needs the rest of the run for
// it. Had it not been held up, each would have taken its 9 ms.
TEST(WhoseLine, WhatOnePauseMadeIsTheGeneratorsUntilItIsGone) {
  Trial trial;
  const TimePoint begin = trial.now();
  trial.begin(one_slot(sleeping(9ms)));
  trial.run_to(begin + 101ms);
  trial.world.freeze(*trial.shards[0], 100ms);
  const RunSummary summary = trial.finish();
  EXPECT_GT(milliseconds(summary, metrics::names::kResponseTime)[0], 45);
  for (const double without : milliseconds(summary, metrics::names::kResponseTimeLessLag))
    EXPECT_NEAR(without, 9, 0.1);
  EXPECT_EQ(summary.verdict.status, VerdictStatus::invalid);
}

// 11 ms every 10 ms: the line grows by 1 ms with each arrival, and nobody was late.
TEST(WhoseLine, WhatTheTargetMakesIsTheTargets) {
  Trial trial;
  const RunSummary summary = trial.complete(one_slot(sleeping(11ms)));
  const auto with = milliseconds(summary, metrics::names::kResponseTime);
  EXPECT_NEAR(with[0], 11 + 49, 1);
  EXPECT_EQ(milliseconds(summary, metrics::names::kResponseTimeLessLag), with);
  EXPECT_EQ(summary.verdict.status, VerdictStatus::valid);
}

// The turns that a paced user is behind with are a line, too. It is idle when the shard is held up.
TEST(WhoseLine, APacedUserIsASlot) {
  Scenario scenario = closed_scenario(1, 1s, sleeping(9ms));
  std::get<ClosedModel>(scenario.load).pacing = 10ms;
  Trial trial;
  const TimePoint begin = trial.now();
  trial.begin(std::move(scenario));
  trial.run_to(begin + 109ms + 500us);
  trial.world.freeze(*trial.shards[0], 100ms);
  const RunSummary summary = trial.finish();
  EXPECT_GT(milliseconds(summary, metrics::names::kResponseTime)[0], 45);
  EXPECT_NEAR(milliseconds(summary, metrics::names::kResponseTimeLessLag)[0], 9, 0.1);
}

}  // namespace
}  // namespace vajrapulse::engine::test
