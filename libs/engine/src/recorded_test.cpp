#include <gtest/gtest.h>

#include <vector>

#include "vajrapulse/engine/arrivals.hpp"
#include "vajrapulse/engine/recorded_pattern.hpp"

namespace vajrapulse::engine {
namespace {

using namespace std::chrono_literals;
using Repeat = RecordedArrivals::Repeat;

std::shared_ptr<const LoadPattern> made(RecordedArrivals arrivals) {
  auto pattern = recorded_pattern(std::move(arrivals));
  EXPECT_TRUE(pattern) << pattern.error().text();
  return pattern ? *pattern : nullptr;
}

std::vector<Duration> walk(const LoadPattern& pattern, Duration length, Arrivals::Share share = {}) {
  Arrivals arrivals(pattern, {.length = length}, share);
  std::vector<Duration> starts;
  while (const auto start = arrivals.next())
    starts.push_back(*start);
  return starts;
}

const std::vector<Duration> kStarts = {0ms, 250ms, 250ms, 1s, 2500ms};

TEST(Recorded, EachArrivalIsDueWhenItWasRecorded) {
  const auto pattern = made({.starts = kStarts, .length = 3s});
  EXPECT_EQ(walk(*pattern, 1h), kStarts);
  EXPECT_EQ(pattern->length(), Duration(3s));
  EXPECT_FALSE(pattern->start_of(5));
  EXPECT_EQ(walk(*pattern, 1s), (std::vector<Duration>{0ms, 250ms, 250ms})) << "starts lie in [0, length)";
}

TEST(Recorded, TheIntegralCountsArrivals) {
  const auto pattern = made({.starts = kStarts, .length = 3s});
  // Λ at the times named: k at arrival k, evenly between two, n at the end.
  const std::pair<Duration, double> expected[] = {{0ms, 0},      {125ms, 0.5}, {250ms, 1},    {625ms, 2.5}, {1s, 3},
                                                  {1750ms, 3.5}, {2500ms, 4},  {2750ms, 4.5}, {3s, 5},      {1h, 5}};
  for (const auto& [at, arrivals] : expected)
    EXPECT_DOUBLE_EQ(pattern->expected_before(at), arrivals) << at.count();
  const std::pair<Duration, std::uint64_t> counts[] = {
      {0ms, 0}, {1ns, 1}, {250ms, 1}, {250ms + 1ns, 3}, {1s, 3}, {1s + 1ns, 4}, {2500ms, 4}, {3s, 5}, {1h, 5}};
  for (const auto& [at, arrivals] : counts)
    EXPECT_EQ(pattern->arrivals_before(at), arrivals) << at.count();
}

TEST(Recorded, TheInverseGoesEvenlyFromOneArrivalToTheNext) {
  const auto pattern = made({.starts = kStarts, .length = 3s});
  EXPECT_EQ(pattern->inverse(0), Duration(0));
  EXPECT_EQ(pattern->inverse(0.5), Duration(125ms));
  EXPECT_EQ(pattern->inverse(1.75), Duration(250ms)) << "both at once";
  EXPECT_EQ(pattern->inverse(2.5), Duration(625ms));
  EXPECT_EQ(pattern->inverse(4.5), Duration(2750ms));
  EXPECT_FALSE(pattern->inverse(5));
}

TEST(Recorded, TheRateIsTheMeanOfEachSecond) {
  const auto pattern = made({.starts = kStarts, .length = 3500ms});
  EXPECT_DOUBLE_EQ(pattern->rate_at(0s), 3);
  EXPECT_DOUBLE_EQ(pattern->rate_at(999ms), 3);
  EXPECT_DOUBLE_EQ(pattern->rate_at(1500ms), 1);
  EXPECT_DOUBLE_EQ(pattern->rate_at(3400ms), 1 / 1.5) << "the last one takes the half second behind it";
  EXPECT_DOUBLE_EQ(pattern->rate_at(3500ms), 0);
  EXPECT_DOUBLE_EQ(pattern->highest_rate(), 3);
  EXPECT_DOUBLE_EQ(made({.starts = {0ms, 100ms}, .length = 200ms})->highest_rate(), 10);
}

TEST(Recorded, TwiceAsFastHalvesEveryGap) {
  const auto fast = made({.starts = kStarts, .length = 3s, .speed_millionths = 2'000'000});
  EXPECT_EQ(walk(*fast, 1h), (std::vector<Duration>{0ms, 125ms, 125ms, 500ms, 1250ms}));
  EXPECT_EQ(fast->length(), Duration(1500ms));
  const auto slow = made({.starts = {0ns, 100ns}, .length = 200ns, .speed_millionths = 300'000});
  EXPECT_EQ(walk(*slow, 1h), (std::vector<Duration>{0ns, 333ns})) << "rounded down";
}

TEST(Recorded, ARepeatedOneStartsOverAtItsLength) {
  const auto pattern = made({.starts = kStarts, .length = 3s, .repeat = Repeat::for_ever});
  EXPECT_FALSE(pattern->length());
  EXPECT_EQ(pattern->start_of(5), Duration(3s));
  EXPECT_EQ(pattern->start_of(5'000'002), Duration(3s) * 1'000'000 + Duration(250ms));
  EXPECT_EQ(pattern->arrivals_before(3s), 5u);
  EXPECT_EQ(pattern->arrivals_before(3s + 1ns), 6u);
  EXPECT_EQ(pattern->arrivals_before(7s), 2u * 5 + 3);
  EXPECT_DOUBLE_EQ(pattern->expected_before(3625ms), 5 + 2.5);
  EXPECT_EQ(pattern->inverse(7.5), Duration(3625ms));
  EXPECT_DOUBLE_EQ(pattern->rate_at(6500ms), 3);
  EXPECT_FALSE(pattern->start_of(std::uint64_t(-1))) << "beyond what nanoseconds hold";
  EXPECT_EQ(walk(*pattern, 5s).size(), 9u);
}

TEST(Recorded, SharesTogetherGiveTheRecording) {
  const auto pattern = made({.starts = kStarts, .length = 3s, .repeat = Repeat::for_ever});
  const auto whole = walk(*pattern, 30s);
  ASSERT_EQ(whole.size(), 50u);
  for (const std::uint64_t shares : {2u, 3u, 7u}) {
    std::vector<Duration> all(whole.size());
    for (std::uint64_t i = 0; i < shares; ++i) {
      const auto own = walk(*pattern, 30s, {.first = i, .stride = shares});
      for (std::size_t j = 0; j < own.size(); ++j)
        all.at(i + j * shares) = own[j];
    }
    EXPECT_EQ(all, whole);
  }
}

// Of a Poisson process with expectation 1,000 in each half: five deviations are 5·√1000 = 158.
TEST(Recorded, PoissonArrivalsHaveTheRecordedDensity) {
  std::vector<Duration> starts;
  for (int i = 0; i < 1'000; ++i)
    starts.emplace_back(1ms * i);  // the first second
  for (int i = 0; i < 1'000; ++i)
    starts.emplace_back(1s + 9ms * i);  // nine more
  const auto pattern = made({.starts = starts, .length = 10s});
  Arrivals arrivals(*pattern, {.kind = ArrivalKind::poisson, .seed = 3, .length = 10s}, {});
  int early = 0;
  int late = 0;
  while (const auto start = arrivals.next())
    ++(*start < 1s ? early : late);
  EXPECT_NEAR(early, 1'000, 158);
  EXPECT_NEAR(late, 1'000, 158);
}

TEST(Recorded, WhatCannotBeReplayedIsRefused) {
  const auto slow = recorded_pattern({.starts = {0s, 10h}, .length = 20h, .speed_millionths = 1'000, .name = "x.csv"});
  ASSERT_FALSE(slow);
  EXPECT_NE(slow.error().message.find("366 days"), std::string::npos);
  EXPECT_NE(slow.error().message.find("x.csv"), std::string::npos);
  const auto fast = recorded_pattern({.starts = {0ns, 0ns, 1ns}, .length = 2ns});
  ASSERT_FALSE(fast);
  EXPECT_NE(fast.error().message.find("1000000000"), std::string::npos);
}

TEST(Recorded, ItsTextNamesFileSpeedAndRepeat) {
  EXPECT_EQ(made({.starts = {0s}, .length = 1s, .name = "a.log"})->text(), "replay a.log: 1 arrival in 1 s");
  EXPECT_EQ(
      made(
          {.starts = kStarts, .length = 3s, .speed_millionths = 1'500'000, .repeat = Repeat::for_ever, .name = "a.log"})
          ->text(),
      "replay a.log: 5 arrivals in 3 s, 1.5 × as fast, again and again");
}

}  // namespace
}  // namespace vajrapulse::engine
