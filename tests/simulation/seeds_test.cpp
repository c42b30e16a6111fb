#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "whole_run.hpp"

namespace vajrapulse::simulation {
namespace {

#ifdef NDEBUG
constexpr std::uint64_t kSeeds = 300;
#else
constexpr std::uint64_t kSeeds = 80;  // sanitizers take ten times as long
#endif

std::string replay(std::uint64_t seed) { return "replay with: simulation_test --seed " + std::to_string(seed); }

TEST(WholeRuns, TheAccountsAddUpAtEveryInstantWhateverTheWeather) {
  engine::LoadCounts all;
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    const Outcome outcome = run_seed(seed);
    EXPECT_THAT(outcome.violations, testing::IsEmpty()) << replay(seed) << "\n" << outcome.plan;
    EXPECT_GT(outcome.steps, 0U) << replay(seed);
    all.succeeded += outcome.load.succeeded;
    all.failed += outcome.load.failed;
    all.interrupted += outcome.load.interrupted;
    all.missed += outcome.load.missed;
    all.dropped_limit += outcome.load.dropped_limit;
    all.dropped_deadline += outcome.load.dropped_deadline;
  }
  // The seeds together have seen every way an arrival can end: otherwise this test proves less than it says.
  EXPECT_GT(all.succeeded, 0U);
  EXPECT_GT(all.failed, 0U);
  EXPECT_GT(all.interrupted, 0U);
  EXPECT_GT(all.missed, 0U);
  EXPECT_GT(all.dropped_limit, 0U);
  EXPECT_GT(all.dropped_deadline, 0U);
}

TEST(WholeRuns, TheSameSeedGivesTheSameRun) {
  for (std::uint64_t seed = 1; seed <= kSeeds / 10; ++seed)
    EXPECT_EQ(run_seed(seed).summary, run_seed(seed).summary) << replay(seed);
}

TEST(WholeRuns, AnotherSeedGivesAnotherRun) { EXPECT_NE(run_seed(1).summary, run_seed(2).summary); }

}  // namespace
}  // namespace vajrapulse::simulation
