#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "whole_run.hpp"

namespace vajrapulse::simulation {
namespace {

#ifdef NDEBUG
constexpr std::uint64_t kSeedsInABlock = 625;
#else
constexpr std::uint64_t kSeedsInABlock = 200;  // sanitizers take ten times as long
#endif
constexpr std::uint64_t kBlocks = 8;

std::string replay(std::uint64_t seed, const Outcome& outcome) {
  return "replay with: simulation_test --seed " + std::to_string(seed) + "\n" + outcome.plan;
}

/// Blocks of seeds, so that as many processes as there are cores can share them.
class WholeRuns : public testing::TestWithParam<std::uint64_t> {
 protected:
  [[nodiscard]] static std::uint64_t first() { return 1 + GetParam() * kSeedsInABlock; }
  [[nodiscard]] static std::uint64_t last() { return first() + kSeedsInABlock - 1; }
};

TEST_P(WholeRuns, WhatIsSentAndCountedIsTrueWhateverTheWeather) {
  engine::LoadCounts all;
  std::uint64_t controls = 0;
  for (std::uint64_t seed = first(); seed <= last(); ++seed) {
    const Outcome outcome = run_seed(seed);
    EXPECT_THAT(outcome.violations, testing::IsEmpty()) << replay(seed, outcome);
    EXPECT_GT(outcome.steps, 0U) << replay(seed, outcome);
    all.succeeded += outcome.load.succeeded;
    all.failed += outcome.load.failed;
    all.interrupted += outcome.load.interrupted;
    all.missed += outcome.load.missed;
    all.dropped_limit += outcome.load.dropped_limit;
    all.dropped_deadline += outcome.load.dropped_deadline;
    controls += outcome.controls;
  }
  // The seeds together have seen every way an arrival can end: otherwise this test proves less than it says.
  EXPECT_GT(all.succeeded, 0U);
  EXPECT_GT(all.failed, 0U);
  EXPECT_GT(all.interrupted, 0U);
  EXPECT_GT(all.missed, 0U);
  EXPECT_GT(all.dropped_limit, 0U);
  EXPECT_GT(all.dropped_deadline, 0U);
  EXPECT_GT(controls, 0U);
}

TEST_P(WholeRuns, TheSameSeedGivesTheSameRun) {
  for (std::uint64_t seed = first(); seed <= last(); seed += 10) {
    const Outcome outcome = run_seed(seed);
    EXPECT_EQ(run_seed(seed).summary, outcome.summary) << replay(seed, outcome);
  }
}

INSTANTIATE_TEST_SUITE_P(Block, WholeRuns, testing::Range<std::uint64_t>(0, kBlocks));

TEST(WholeRun, AnotherSeedGivesAnotherRun) { EXPECT_NE(run_seed(1).summary, run_seed(2).summary); }

}  // namespace
}  // namespace vajrapulse::simulation
