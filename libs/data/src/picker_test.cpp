#include "vajrapulse/data/picker.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>

#include "permutation.hpp"

namespace vajrapulse::data {
namespace {

using testing::ElementsAre;

Picker picker_of(const PickSettings& settings, std::uint64_t rows, std::vector<double> weights = {}) {
  auto picker = Picker::make(settings, rows, weights);
  if (!picker) throw std::runtime_error(picker.error().text());
  return *picker;
}

std::vector<std::uint64_t> picked(const Picker& picker, std::uint64_t count) {
  std::vector<std::uint64_t> rows;
  for (std::uint64_t k = 0; k < count; ++k)
    rows.push_back(picker.pick(k, 0).value_or(999));
  return rows;
}

TEST(Picker, RoundRobinGoesRound) { EXPECT_THAT(picked(picker_of({}, 3), 7), ElementsAre(0, 1, 2, 0, 1, 2, 0)); }

TEST(Picker, RoundRobinMayEnd) {
  EXPECT_THAT(picked(picker_of({.on_end = OnEnd::fail}, 3), 5), ElementsAre(0, 1, 2, 999, 999));
}

TEST(Picker, UniqueGivesEachRowOnceAlsoBehindAWarmUp) {
  EXPECT_THAT(picked(picker_of({.mode = Pick::unique}, 5), 2), ElementsAre(0, 1));
  EXPECT_THAT(picked(picker_of({.mode = Pick::unique, .offset = 2}, 5), 5), ElementsAre(2, 3, 4, 999, 999));
}

TEST(Picker, AUserKeepsItsRow) {
  const Picker picker = picker_of({.mode = Pick::per_user}, 4);
  for (std::uint64_t k = 0; k < 10; ++k) {
    EXPECT_EQ(picker.pick(k, 2), 2u);
    EXPECT_EQ(picker.pick(k, 7), 3u);
  }
}

// The first numbers of SplitMix64 from 1234567, as Rosetta Code has them ("Pseudo-random numbers/Splitmix64").
TEST(Picker, RandomIsTheHighHalfOfAHashTimesTheRows) {
  const Picker picker = picker_of({.mode = Pick::random, .seed = 1234567}, std::uint64_t{1} << 32);
  EXPECT_THAT(picked(picker, 3),
              ElementsAre(6457827717110365317u >> 32, 3203168211198807973u >> 32, 9817491932198370423u >> 32));
}

TEST(Picker, WeightsAreKept) {
  const std::vector<double> weights{1, 0, 3, 6};
  const Picker picker = picker_of({.mode = Pick::weighted, .seed = 3, .weights = "share"}, 4, weights);
  constexpr int kPicks = 100'000;
  std::map<std::uint64_t, int> counts;
  for (std::uint64_t k = 0; k < kPicks; ++k)
    ++counts[*picker.pick(k, 0)];
  EXPECT_EQ(counts.count(1), 0u);
  for (std::size_t row : {0u, 2u, 3u}) {
    const double share = weights[row] / 10;
    EXPECT_NEAR(counts[row], kPicks * share, 4 * std::sqrt(kPicks * share * (1 - share))) << row;
  }
}

TEST(Picker, OneRowMayHaveAllTheWeight) {
  std::vector<double> weights(1000, 0.0);
  weights[123] = 1e-300;
  const Picker picker = picker_of({.mode = Pick::weighted, .weights = "share"}, 1000, weights);
  for (std::uint64_t k = 0; k < 10'000; ++k)
    ASSERT_EQ(picker.pick(k, 0), 123u);
}

TEST(Picker, AShuffleGivesEachRowOnceARound) {
  for (std::uint64_t rows = 1; rows < 200; ++rows) {
    const Picker picker = picker_of({.mode = Pick::shuffle, .seed = rows}, rows);
    for (std::uint64_t round = 0; round < 3; ++round) {
      std::set<std::uint64_t> seen;
      for (std::uint64_t k = 0; k < rows; ++k)
        seen.insert(*picker.pick(round * rows + k, 0));
      ASSERT_EQ(seen.size(), rows);
      ASSERT_EQ(*seen.rbegin(), rows - 1);
    }
  }
}

TEST(Picker, AShuffleIsInAnotherOrderEachRoundAndForEachSeed) {
  std::set<std::vector<std::uint64_t>> orders;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const Picker picker = picker_of({.mode = Pick::shuffle, .seed = seed}, 50);
    const auto rows = picked(picker, 100);
    orders.emplace(rows.begin(), rows.begin() + 50);
    orders.emplace(rows.begin() + 50, rows.end());
  }
  EXPECT_EQ(orders.size(), 40u);
}

// 24 orders of 4 rows, each expected 1,000 times; the 0.999 quantile of chi squared with 23 degrees of freedom is 49.7.
TEST(Picker, AllOrdersOfAShuffleAreLikely) {
  std::map<std::vector<std::uint64_t>, double> counts;
  for (std::uint64_t key = 0; key < 24'000; ++key) {
    const Picker picker = picker_of({.mode = Pick::shuffle, .seed = key}, 4);
    ++counts[picked(picker, 4)];
  }
  EXPECT_EQ(counts.size(), 24u);
  double chi_squared = 0;
  for (const auto& [order, count] : counts)
    chi_squared += (count - 1000) * (count - 1000) / 1000;
  EXPECT_LT(chi_squared, 49.7);
}

TEST(Picker, PermutationsOfManyRowsStayWithinThem) {
  const std::uint64_t rows = (std::uint64_t{1} << 40) + 1;
  std::set<std::uint64_t> seen;
  for (std::uint64_t k = 0; k < 10'000; ++k) {
    const std::uint64_t row = permuted(k, rows, 99);
    ASSERT_LT(row, rows);
    seen.insert(row);
  }
  EXPECT_EQ(seen.size(), 10'000u);
}

TEST(Picker, WindowsAreShuffledOneAfterAnother) {
  const Picker picker = picker_of({.mode = Pick::shuffle_in_windows, .seed = 5, .window = 10}, 25);
  for (std::uint64_t round = 0; round < 2; ++round) {
    for (std::uint64_t window = 0; window < 3; ++window) {
      std::set<std::uint64_t> seen;
      const std::uint64_t first = 10 * window;
      const std::uint64_t end = std::min<std::uint64_t>(first + 10, 25);
      for (std::uint64_t k = first; k < end; ++k)
        seen.insert(*picker.pick(25 * round + k, 0));
      EXPECT_EQ(seen.size(), end - first);
      EXPECT_EQ(*seen.begin(), first);
      EXPECT_EQ(*seen.rbegin(), end - 1);
    }
  }
}

TEST(Picker, WhatMakesNoSenseIsRefused) {
  const auto why = [](const PickSettings& settings) {
    auto sound = check(settings);
    return sound ? "" : sound.error().text();
  };
  EXPECT_EQ(
      why({.mode = Pick::unique, .on_end = OnEnd::wrap}),
      "pick: unique gives each row once, and on-end: wrap would give them again; write pick: round-robin, or another "
      "on-end such as stop-scenario");
  EXPECT_EQ(why({.mode = Pick::random, .on_end = OnEnd::fail}), "pick: random never comes to an end; leave on-end out");
  EXPECT_EQ(why({.mode = Pick::per_user, .on_end = OnEnd::wrap}),
            "pick: per-user never comes to an end; leave on-end out");
  EXPECT_EQ(why({.mode = Pick::weighted}),
            "pick: weighted needs a column of weights; name it, for example weights: share");
  EXPECT_EQ(why({.mode = Pick::shuffle, .weights = "share"}),
            "pick: shuffle does not go by weights; write pick: weighted, or leave weights out");
  EXPECT_EQ(why({.mode = Pick::shuffle_in_windows, .window = 1}),
            "a window of 1 rows cannot be shuffled; write a window of 2 to 1048576");
  EXPECT_EQ(why({.mode = Pick::shuffle, .on_end = OnEnd::stop_run}), "");
  for (const std::vector<double>& weights : {std::vector<double>{0, 0}, {1, -1}, {1, NAN}, {1}, {1e308, 1e308}})
    EXPECT_FALSE(Picker::make({.mode = Pick::weighted, .weights = "share"}, 2, weights));
}

TEST(PickWords, AreReadAndNearOnesNamed) {
  EXPECT_EQ(*parse_pick("per-user"), Pick::per_user);
  EXPECT_EQ(parse_pick("uniqe").error().text(), "'uniqe' is no way to pick rows; write unique");
  EXPECT_EQ(*parse_on_end("stop-run"), OnEnd::stop_run);
  EXPECT_EQ(parse_on_end("explode").error().text(),
            "'explode' is no on-end; write one of wrap, stop-scenario, stop-run, fail");
  EXPECT_EQ(word_of(Pick::shuffle_in_windows), "shuffle-in-windows");
}

}  // namespace
}  // namespace vajrapulse::data
