#include <cmath>

#include <gtest/gtest.h>

#include "vajrapulse/base/random.hpp"
#include "vajrapulse/engine/adaptive.hpp"

namespace vajrapulse::engine {
namespace {

using namespace std::chrono_literals;

void expect_reach(const AdaptiveSettings& settings, Duration length, const AdaptiveReach& expected) {
  const AdaptiveReach reach = reach_of(settings, length);
  EXPECT_EQ(reach.fewest, expected.fewest);
  EXPECT_EQ(reach.most, expected.most);
  EXPECT_DOUBLE_EQ(reach.lowest_tps, expected.lowest_tps);
  EXPECT_DOUBLE_EQ(reach.highest_tps, expected.highest_tps);
}

TEST(AdaptiveReach, WithoutAHighestRateItIsAStepUpAtEachDecision) {
  // 10/s at first, 10 more every 5 s: 5·(10 + 20 + 30 + 40 + 50 + 60). Down to 1/s at the first decision: 50 + 25.
  expect_reach({}, 30s, {.fewest = 75, .most = 1050, .lowest_tps = 1, .highest_tps = 60});
}

TEST(AdaptiveReach, AnIntervalThatIsCutShortCountsInPart) {
  // 50 + 100 + 2·30; 50 + 5 + 2·1.
  expect_reach({}, 12s, {.fewest = 57, .most = 210, .lowest_tps = 1, .highest_tps = 30});
  expect_reach({}, 3s, {.fewest = 30, .most = 30, .lowest_tps = 10, .highest_tps = 10});
  expect_reach({}, 5s, {.fewest = 50, .most = 50, .lowest_tps = 10, .highest_tps = 10});
}

TEST(AdaptiveReach, EndsAtTheHighestAndAtTheLowestRate) {
  // 5·(10 + 20 + 25 + 25 + 25 + 25).
  expect_reach({.max_tps = 25}, 30s, {.fewest = 75, .most = 650, .lowest_tps = 1, .highest_tps = 25});
  // 100, 80, 60, 40, 30, 30 for a second each; always 100/s upwards.
  expect_reach({.initial_tps = 100, .ramp_interval = 1s, .min_tps = 30, .max_tps = 100}, 6s,
               {.fewest = 340, .most = 600, .lowest_tps = 30, .highest_tps = 100});
  expect_reach({.initial_tps = 7, .min_tps = 7, .max_tps = 7}, 366 * 24h,
               {.fewest = 221356800, .most = 221356800, .lowest_tps = 7, .highest_tps = 7});
}

TEST(AdaptiveReach, NoLoadPassesABillionASecond) {
  // Two seconds at 0.5·10⁹, 10⁹ from then on.
  expect_reach({.initial_tps = 5e8, .ramp_increment = 1e9, .ramp_decrement = 1e9, .ramp_interval = 2s, .min_tps = 5e8},
               5s, {.fewest = 2'500'000'000, .most = 4'000'000'000, .lowest_tps = 5e8, .highest_tps = 1e9});
}

TEST(AdaptiveReach, IsWhatTheStateMachineCanDo) {
  const AdaptiveInput good{.started = 10, .completed = 10};
  const AdaptiveInput bad{.started = 10};
  Random random(7);
  for (int round = 0; round < 200; ++round) {
    AdaptiveSettings settings{.initial_tps = double(20 + random.below(50)),
                              .ramp_increment = double(1 + random.below(30)),
                              .ramp_decrement = double(1 + random.below(30)),
                              .ramp_interval = 1s,
                              .min_tps = double(1 + random.below(20))};
    if (random.below(2) == 0) settings.max_tps = double(70 + random.below(100));
    const auto intervals = std::int64_t(1 + random.below(40));
    const AdaptiveReach reach = reach_of(settings, Duration(1s) * intervals);
    Adaptive up(settings);
    Adaptive down(settings);
    Adaptive some(settings);
    double most = 0;
    double fewest = 0;
    double between = 0;
    for (std::int64_t i = 0; i < intervals; ++i) {
      if (i > 0) {
        up.decide(good);
        down.decide(bad);
        some.decide(random.below(3) == 0 ? bad : good);
      }
      most += up.tps();
      fewest += down.tps();
      between += some.tps();
    }
    EXPECT_EQ(double(reach.most), most);
    EXPECT_EQ(double(reach.fewest), fewest);
    EXPECT_LE(double(reach.fewest), between);
    EXPECT_GE(double(reach.most), between);
    EXPECT_EQ(reach.highest_tps, up.tps());
    EXPECT_EQ(reach.lowest_tps, down.tps());
  }
}

}  // namespace
}  // namespace vajrapulse::engine
