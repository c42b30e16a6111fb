#include "vajrapulse/engine/population.hpp"

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

TEST(Population, ARampBringsOneAfterAnother) {
  // From 10 to 20 in 5 s: one every half second, the first at once.
  const Population up = Population::ramp(10, 20, 5s);
  EXPECT_EQ(up.at(0s), 11U);
  EXPECT_EQ(up.at(499ms), 11U);
  EXPECT_EQ(up.at(500ms), 12U);
  EXPECT_EQ(up.at(4499ms), 19U);
  EXPECT_EQ(up.at(4500ms), 20U);
  EXPECT_EQ(up.at(1h), 20U);
  EXPECT_EQ(up.stint(9, 0s), (Stint{0s, kForEver}));
  EXPECT_EQ(up.stint(10, 0s), (Stint{0s, kForEver}));
  EXPECT_EQ(up.stint(19, 0s), (Stint{4500ms, kForEver}));
}

TEST(Population, ARampDownLetsTheLastGoFirst) {
  const Population down = Population::ramp(20, 10, 5s);
  EXPECT_EQ(down.at(0s), 20U);
  EXPECT_EQ(down.at(499ms), 20U);
  EXPECT_EQ(down.at(500ms), 19U);
  EXPECT_EQ(down.at(5s), 10U);
  EXPECT_EQ(down.stint(19, 0s), (Stint{0s, 500ms}));
  EXPECT_EQ(down.stint(19, 500ms), std::nullopt);
  EXPECT_EQ(down.stint(10, 0s), (Stint{0s, 5s}));
  EXPECT_EQ(down.stint(9, 0s), (Stint{0s, kForEver}));
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
  // At 4 s of a ramp 0..10 in 10 s five are there; the other five never come.
  const Population cut = Population::ramp(0, 10, 10s).changed(4s, 5);
  EXPECT_EQ(cut.at(3s), 4U);
  EXPECT_EQ(cut.at(4s), 5U);
  EXPECT_EQ(cut.stint(4, 0s), (Stint{4s, kForEver}));
  EXPECT_EQ(cut.stint(5, 0s), std::nullopt);
}

TEST(Population, ItReturnsToThePlan) {
  const Population plan = Population::ramp(0, 100, 100s);
  const Population back = plan.changed(10s, 50).returned(20s, plan);
  EXPECT_EQ(back.at(19s), 50U);
  for (const Duration t : {20s, 21s, 50s, 99s, 100s, 200s})
    EXPECT_NEAR(double(back.at(t)), double(plan.at(t)), 1) << to_ns(t);
  EXPECT_EQ(plan.changed(10s, 7).returned(300s, plan).at(300s), 100U) << "the ramp is over: at once";
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
