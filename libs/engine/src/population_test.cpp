#include "vajrapulse/engine/population.hpp"

#include <algorithm>
#include <vector>

#include <gtest/gtest.h>

#include "vajrapulse/base/random.hpp"

namespace vajrapulse::engine {
namespace {

using namespace std::chrono_literals;
using Stint = Population::Stint;

constexpr Duration kForEver = Duration::max();

TEST(Population, ALevelIsThereFromTheBeginning) {
  const Population four = Population::level(4);
  EXPECT_EQ(four.at(0s), 4U);
  EXPECT_EQ(four.at(24h), 4U);
  EXPECT_EQ(four.most(), 4U);
  EXPECT_EQ(four.stint(3, 0s), (Stint{0s, kForEver}));
  EXPECT_EQ(four.stint(4, 0s), std::nullopt);
}

TEST(Population, ASpreadDelaysTheBeginningAndNotTheCount) {
  const Population four = Population::level(4, 2s);
  EXPECT_EQ(four.at(0s), 4U);
  EXPECT_EQ(four.stint(0, 0s), (Stint{0s, kForEver}));
  EXPECT_EQ(four.stint(3, 0s), (Stint{1500ms, kForEver}));
}

TEST(Population, ARampIsTheLineRounded) {
  // From 10 to 20 in 5 s, one every half second: 11 from where the line passes 10.5.
  const Population up = Population::ramp(10, 20, 5s);
  EXPECT_EQ(up.at(0s), 10U);
  EXPECT_EQ(up.at(249ms), 10U);
  EXPECT_EQ(up.at(250ms), 11U);
  EXPECT_EQ(up.at(2500ms), 15U);
  EXPECT_EQ(up.at(4749ms), 19U);
  EXPECT_EQ(up.at(4750ms), 20U);
  EXPECT_EQ(up.at(1h), 20U);
  EXPECT_EQ(up.stint(9, 0s), (Stint{0s, kForEver}));
  EXPECT_EQ(up.stint(10, 0s), (Stint{250ms, kForEver}));
  EXPECT_EQ(up.stint(19, 0s), (Stint{4750ms, kForEver}));
}

TEST(Population, ARampDownLetsTheLastGoFirst) {
  const Population down = Population::ramp(20, 10, 5s);
  EXPECT_EQ(down.at(0s), 20U);
  EXPECT_EQ(down.at(249ms), 20U);
  EXPECT_EQ(down.at(250ms), 19U);
  EXPECT_EQ(down.at(4749ms), 11U);
  EXPECT_EQ(down.at(4750ms), 10U);
  EXPECT_EQ(down.stint(19, 0s), (Stint{0s, 250ms}));
  EXPECT_EQ(down.stint(19, 250ms), std::nullopt);
  EXPECT_EQ(down.stint(10, 0s), (Stint{0s, 4750ms}));
  EXPECT_EQ(down.stint(9, 0s), (Stint{0s, kForEver}));
}

TEST(Population, UserTimeIsCountedToTheMomentAUserComesOrGoes) {
  const auto seconds = [](const Population& population, Duration begin, Duration end) {
    return population.user_time(begin, end) / 1e9;
  };
  const Population up = Population::ramp(10, 20, 5s);
  EXPECT_NEAR(seconds(up, 0s, 1s), 10 * 0.25 + 11 * 0.5 + 12 * 0.25, 1e-6);
  EXPECT_NEAR(seconds(up, 0s, 250ms), 2.5, 1e-6);
  EXPECT_NEAR(seconds(up, 0s, 5s), 75, 1e-6) << "what lies under the line";
  EXPECT_NEAR(seconds(up, 5s, 8s), 60, 1e-6);
  const Population down = Population::ramp(20, 10, 5s);
  EXPECT_NEAR(seconds(down, 1s, 2s), 18 * 0.25 + 17 * 0.5 + 16 * 0.25, 1e-6);
  EXPECT_NEAR(seconds(Population::level(3).changed(2s, 7).changed(4s, 0), 1s, 10s), 3 + 14, 1e-6);
  // 2 in 4 s, one comes after 1 s and one after 3 s; nobody comes after 2 s.
  EXPECT_NEAR(seconds(Population::ramp(0, 2, 4s).changed(2s, 1), 0s, 4s), 1 + 2, 1e-6);
  EXPECT_EQ(seconds(up, 3s, 3s), 0);
}

TEST(Population, TheMostWithinAStretchAreThereAtOneOfItsEndsOrAChange) {
  const Population up = Population::ramp(10, 20, 5s);
  EXPECT_EQ(up.most(0s, 250ms), 10U);
  EXPECT_EQ(up.most(0s, 251ms), 11U);
  EXPECT_EQ(Population::ramp(20, 10, 5s).most(1s, 2s), 18U);
  const Population changed = Population::level(3).changed(2s, 7).changed(4s, 1);
  EXPECT_EQ(changed.most(0s, 2s), 3U);
  EXPECT_EQ(changed.most(1s, 9s), 7U);
  EXPECT_EQ(changed.most(4s, 9s), 1U);
  EXPECT_EQ(changed.most(4s, 4s), 0U);
}

TEST(Population, OneMoreUserComesInTheMiddle) {
  EXPECT_EQ(Population::ramp(1, 2, 10s).stint(1, 0s), (Stint{5s, kForEver}));
  EXPECT_EQ(Population::ramp(2, 1, 10s).stint(1, 0s), (Stint{0s, 5s}));
}

TEST(Population, AChangeBringsOrSendsAtOnce) {
  const Population more = Population::level(2).changed(10s, 6, 1s).changed(20s, 1);
  EXPECT_EQ(more.at(9999ms), 2U);
  EXPECT_EQ(more.at(10s), 6U);
  EXPECT_EQ(more.at(20s), 1U);
  EXPECT_EQ(more.most(), 6U);
  EXPECT_EQ(more.stint(0, 0s), (Stint{0s, kForEver}));
  EXPECT_EQ(more.stint(1, 0s), (Stint{0s, 20s}));
  EXPECT_EQ(more.stint(2, 0s), (Stint{10s, 20s}));
  EXPECT_EQ(more.stint(5, 0s), (Stint{10750ms, 20s}));
}

TEST(Population, AUserThatComesBackHasTwoStints) {
  const Population twice = Population::level(3).changed(10s, 1).changed(20s, 3, 2s);
  EXPECT_EQ(twice.stint(2, 0s), (Stint{0s, 10s}));
  EXPECT_EQ(twice.stint(2, 10s), (Stint{21s, kForEver}));
  EXPECT_EQ(twice.stint(2, 1h), (Stint{21s, kForEver}));
}

TEST(Population, AChangeCutsARampShort) {
  // At 4.5 s of a ramp 0..10 in 10 s five are there; the other five never come.
  const Population cut = Population::ramp(0, 10, 10s).changed(4500ms, 5);
  EXPECT_EQ(cut.at(4499ms), 4U);
  EXPECT_EQ(cut.at(4500ms), 5U);
  EXPECT_EQ(cut.stint(4, 0s), (Stint{4500ms, kForEver}));
  EXPECT_EQ(cut.stint(5, 0s), std::nullopt);
}

TEST(Population, ItReturnsToThePlan) {
  const Population plan = Population::ramp(0, 100, 100s);
  const Population back = plan.changed(10s, 50).returned(20s, plan);
  EXPECT_EQ(back.at(19s), 50U);
  for (const Duration t : {20s, 21s, 50s, 99s, 100s, 200s})
    EXPECT_EQ(back.at(t), plan.at(t)) << to_ns(t);
  EXPECT_EQ(plan.changed(10s, 7).returned(300s, plan).at(300s), 100U) << "the ramp is over: at once";
  const Population slow = Population::ramp(0, 2, 600s);
  EXPECT_EQ(slow.returned(1s, slow).at(1s), 0U);
  EXPECT_EQ(slow.returned(1s, slow).stint(1, 0s), slow.stint(1, 0s));
}

TEST(Population, AChangeLeavesThoseAloneWhoHaveNotBegunYet) {
  const Population calm = Population::level(1000, 60s);
  for (const Population& changed : {calm.changed(1s, 1001, 60s), calm.returned(1s, calm, 60s)})
    for (std::uint64_t user = 0; user < 1000; ++user)
      ASSERT_EQ(changed.stint(user, 0s), calm.stint(user, 0s)) << user;
}

TEST(Population, WhoComesInARhythmComesInNoBursts) {
  // One a second, in a rhythm of a second: all at the same moment of it, were each not given its own.
  const Population up = Population::ramp(0, 60, 60s, 1s);
  std::vector<std::int64_t> moments;
  for (std::uint64_t user = 0; user < 60; ++user) {
    const auto stint = up.stint(user, 0s);
    ASSERT_TRUE(stint);
    const Duration due = Duration(500ms) + Duration(1s) * std::int64_t(user);
    EXPECT_GE(stint->joins, due);
    EXPECT_LT(stint->joins, due + 1s);
    moments.push_back(to_ns(stint->joins) % 1'000'000'000);
  }
  std::ranges::sort(moments);
  for (std::size_t i = 1; i < moments.size(); ++i) {
    const std::int64_t gap = moments[i] - moments[i - 1];  // of 60 multiples of the golden ratio: three lengths
    EXPECT_GT(gap, 7'000'000);
    EXPECT_LT(gap, 31'000'000);
  }
}

/// `at` and `stint` say the same in two ways.
TEST(Population, WhoIsThereIsWhoHasAStint) {
  Random random(20261126);
  for (int round = 0; round < 200; ++round) {
    const auto some = [&] { return random.next() % 40; };
    const auto time = [&] { return Duration(std::int64_t(random.next() % 1000)); };
    Population population = Population::ramp(some(), some(), time());
    const Population plan = population;
    Duration at{};
    for (int change = 0; change < 4; ++change) {
      at += time();
      population = random.next() % 4 == 0 ? population.returned(at, plan) : population.changed(at, some());
    }
    for (Duration t{}; t < Duration(5000); t += Duration(1 + std::int64_t(random.next() % 50))) {
      std::uint64_t there = 0;
      for (std::uint64_t user = 0; user < 60; ++user) {
        const auto stint = population.stint(user, t);
        if (stint && stint->joins <= t) ++there;
        ASSERT_EQ(stint && stint->joins <= t, user < population.at(t)) << user << " at " << t.count();
      }
      ASSERT_EQ(there, population.at(t));
      ASSERT_LE(there, population.most());
    }
  }
}

}  // namespace
}  // namespace vajrapulse::engine
