#include "vajrapulse/engine/arrivals.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "vajrapulse/engine/load_language.hpp"

namespace vajrapulse::engine {
namespace {

using namespace std::chrono_literals;

std::shared_ptr<const LoadPattern> load(std::string_view text) {
  auto pattern = parse_load(text);
  EXPECT_TRUE(pattern.has_value()) << pattern.error().text();
  return *pattern;
}

struct Start {
  std::uint64_t k;
  Duration at;
  friend bool operator==(const Start&, const Start&) = default;
  friend auto operator<=>(const Start&, const Start&) = default;
};

std::vector<Start> walk(Arrivals arrivals) {
  std::vector<Start> starts;
  while (const auto at = arrivals.next())
    starts.push_back({arrivals.index(), *at});
  return starts;
}

std::vector<Start> walk_shares(const LoadPattern& pattern, const Arrivals::Settings& settings, std::uint64_t shares) {
  std::vector<Start> all;
  for (std::uint64_t i = 0; i < shares; ++i) {
    const auto part = walk(Arrivals(pattern, settings, {.first = i, .stride = shares}));
    all.insert(all.end(), part.begin(), part.end());
  }
  std::ranges::sort(all);
  return all;
}

TEST(Arrivals, EvenGapsAtAStaticRate) {
  const auto pattern = load("static 1000/s 2s");
  const auto starts = walk(Arrivals(*pattern, {.length = 2s}, {}));
  ASSERT_EQ(starts.size(), 2000U);
  for (std::uint64_t k = 0; k < 2000; ++k)
    EXPECT_EQ(starts[k], (Start{k, k * 1ms}));
}

TEST(Arrivals, ThirdsOfASecondAreRoundedDownAndNeverDrift) {
  const auto pattern = load("static 3/s");
  const auto starts = walk(Arrivals(*pattern, {.length = 1000000s}, {}));
  ASSERT_EQ(starts.size(), 3000000U);
  EXPECT_EQ(starts[1].at, 333333333ns);
  EXPECT_EQ(starts[2].at, 666666666ns);
  EXPECT_EQ(starts[2999998].at, 999999s + 333333333ns);
  EXPECT_EQ(starts[2999997].at, 999999s);
}

TEST(Arrivals, SharesTogetherAreTheGlobalSequence) {
  for (const char* text :
       {"static 977/s 3s", "ramp 0..500/s 3s", "ramp 10..0/s 2s, static 77.7/s 1s, ramp 900/s 3s, hold 1s"}) {
    const auto pattern = load(text);
    for (const ArrivalKind kind : {ArrivalKind::even, ArrivalKind::poisson}) {
      const Arrivals::Settings settings{.kind = kind, .seed = 7, .length = *pattern->length()};
      const auto whole = walk(Arrivals(*pattern, settings, {}));
      EXPECT_FALSE(whole.empty());
      for (const std::uint64_t shares : {2, 3, 4, 16})
        EXPECT_EQ(walk_shares(*pattern, settings, shares), whole) << text;
    }
  }
}

TEST(Arrivals, LimitIsOfAllSharesTogether) {
  const auto pattern = load("static 1000/s");
  const Arrivals::Settings settings{.length = 10s, .limit = 10};
  EXPECT_EQ(walk_shares(*pattern, settings, 4).size(), 10U);
  const Arrivals::Settings poisson{.kind = ArrivalKind::poisson, .seed = 1, .length = 10s, .limit = 10};
  EXPECT_EQ(walk_shares(*pattern, poisson, 4).size(), 10U);
}

TEST(Arrivals, PoissonHasTheRightMeanAndSpread) {
  const auto pattern = load("static 1000/s");
  const auto starts = walk(Arrivals(*pattern, {.kind = ArrivalKind::poisson, .seed = 42, .length = 100s}, {}));
  // Mean and variance of the count are 100,000: within five deviations.
  EXPECT_NEAR(double(starts.size()), 100'000, 5 * std::sqrt(100'000));
  // The chance of a gap above its mean is 1/e.
  std::size_t above = 0;
  for (std::size_t i = 1; i < starts.size(); ++i)
    above += starts[i].at - starts[i - 1].at > 1ms ? 1 : 0;
  EXPECT_NEAR(double(above) / double(starts.size()), std::exp(-1.0), 0.01);
  EXPECT_LT(starts.back().at, 100s);
}

TEST(Arrivals, AnotherSeedGivesOtherArrivals) {
  const auto pattern = load("static 1000/s");
  const auto one = walk(Arrivals(*pattern, {.kind = ArrivalKind::poisson, .seed = 1, .length = 1s}, {}));
  const auto two = walk(Arrivals(*pattern, {.kind = ArrivalKind::poisson, .seed = 2, .length = 1s}, {}));
  EXPECT_NE(one, two);
}

TEST(Arrivals, RemainingCountsWhatNextWillGive) {
  const auto pattern = load("ramp 0..100/s 1s, static 100/s 1s");
  for (const ArrivalKind kind : {ArrivalKind::even, ArrivalKind::poisson}) {
    Arrivals arrivals(*pattern, {.kind = kind, .seed = 3, .length = 2s}, {.first = 1, .stride = 3});
    for (int i = 0; i < 20; ++i)
      (void)arrivals.next();
    const std::uint64_t remaining = arrivals.remaining(Duration::max());
    EXPECT_GT(remaining, 0U);
    EXPECT_EQ(walk(arrivals).size(), remaining);
  }
}

TEST(Arrivals, RemainingStopsAtTheTimeGiven) {
  const auto pattern = load("static 100/s");
  Arrivals arrivals(*pattern, {.length = 10s}, {.first = 1, .stride = 2});
  (void)arrivals.next();  // k = 1; of 3, 5, … 99 come before 1 s, which k = 100 is due at
  EXPECT_EQ(arrivals.remaining(1s), 49U);
  EXPECT_EQ(arrivals.remaining(0s), 0U);
}

// A thousand million a second for a day: drawing them one by one would take days.
TEST(Arrivals, TooManyPoissonArrivalsToDrawAreExpected) {
  const auto pattern = load("static 1000000000/s");
  const Arrivals arrivals(*pattern, {.kind = ArrivalKind::poisson, .seed = 3, .length = 24h},
                          {.first = 0, .stride = 4});
  EXPECT_NEAR(double(arrivals.remaining(Duration::max())), 1e9 * 86400 / 4, 1.0);
}

TEST(Arrivals, AShareBeyondTheLastArrivalIsEmpty) {
  const auto pattern = load("static 1/s 2s");
  Arrivals arrivals(*pattern, {.length = 2s}, {.first = 5, .stride = 8});
  EXPECT_EQ(arrivals.remaining(Duration::max()), 0U);
  EXPECT_FALSE(arrivals.next());
}

}  // namespace
}  // namespace vajrapulse::engine
