#include <algorithm>
#include <cmath>
#include <map>
#include <vector>

#include <gtest/gtest.h>

#include "load_windows.hpp"
#include "test_trial.hpp"
#include "vajrapulse/engine/arrivals.hpp"
#include "vajrapulse/engine/load_language.hpp"

namespace vajrapulse::engine {
namespace {

using test::kLoadWindows;
using test::LoadWindows;
using namespace std::chrono_literals;

std::shared_ptr<const LoadPattern> load(std::string_view text) {
  auto pattern = parse_load(text);
  EXPECT_TRUE(pattern.has_value()) << text << ": " << pattern.error().text();
  return *pattern;
}

/// When iterations were started, and when the first was meant to be: the begin of the load.
struct Noted {
  std::vector<TimePoint> starts;
  TimePoint begin = TimePoint::max();
};

NamedTask noting(const test::Trial& trial, Noted& noted) {
  return task("note", [&trial, &noted](Iteration& iteration) -> runtime::Co<Result> {
    noted.starts.push_back(trial.now());
    noted.begin = std::min(noted.begin, iteration.intended_start());
    co_return Result::success();
  });
}

/// In whole runs over the simulated reactor: how many iterations were started before the end of each 100 ms.
std::vector<std::uint64_t> started_by_window(const LoadWindows& expected, std::size_t shards) {
  test::Trial trial;
  Noted noted;
  trial.complete(test::open_scenario(expected.load, noting(trial, noted)), shards);
  std::vector<std::uint64_t> counts(expected.owed.size());
  for (std::size_t i = 0; i < counts.size(); ++i)
    counts[i] = std::uint64_t(std::ranges::count_if(
        noted.starts, [&](TimePoint at) { return at - noted.begin < 100ms * std::int64_t(i + 1); }));
  return counts;
}

TEST(LoadPatterns, EveryWindowOf100MsStartsWhatTheIntegralSays) {
  for (const LoadWindows& expected : kLoadWindows)
    for (const std::size_t shards : {1, 3})
      EXPECT_EQ(started_by_window(expected, shards), expected.owed) << expected.load << ", shards: " << shards;
}

TEST(LoadPatterns, EveryWindowOf100MsIsOwedWhatTheIntegralSays) {
  for (const LoadWindows& expected : kLoadWindows) {
    const auto pattern = load(expected.load);
    for (std::size_t i = 0; i < expected.owed.size(); ++i)
      EXPECT_EQ(pattern->arrivals_before(100ms * std::int64_t(i + 1)), expected.owed[i]) << expected.load << " " << i;
    EXPECT_EQ(pattern->length(), 100ms * std::int64_t(expected.owed.size()));
  }
}

std::vector<Duration> walk(const LoadPattern& pattern, const Arrivals::Settings& settings, Arrivals::Share share = {}) {
  std::vector<Duration> starts;
  Arrivals arrivals(pattern, settings, share);
  while (const auto at = arrivals.next())
    starts.push_back(*at);
  return starts;
}

TEST(LoadPatterns, AnyPartitionIsTheOneSequence) {
  for (const LoadWindows& each : kLoadWindows) {
    const auto pattern = load(each.load);
    for (const ArrivalKind kind : {ArrivalKind::even, ArrivalKind::poisson}) {
      const Arrivals::Settings settings{.kind = kind, .seed = 11, .length = *pattern->length()};
      const std::vector<Duration> whole = walk(*pattern, settings);
      for (const std::uint64_t shares : {2, 3, 7, 16}) {
        std::vector<Duration> merged(whole.size());
        std::size_t count = 0;
        for (std::uint64_t first = 0; first < shares; ++first) {
          std::uint64_t k = first;
          for (const Duration at : walk(*pattern, settings, {.first = first, .stride = shares})) {
            ASSERT_LT(k, merged.size()) << each.load;
            merged[k] = at;
            k += shares;
            ++count;
          }
        }
        EXPECT_EQ(count, whole.size()) << each.load;
        EXPECT_EQ(merged, whole) << each.load;
      }
    }
  }
}

// Quantiles of χ² (any table has them): with this many degrees of freedom, in one case of a thousand it is below the
// first, and in one above the second.
const std::map<std::size_t, std::pair<double, double>> kChiSquare{
    {20, {5.921, 45.315}}, {25, {8.649, 52.620}}, {30, {11.588, 59.703}}, {40, {17.916, 73.402}}};

TEST(LoadPatterns, PoissonCountsPassTheChiSquareTest) {
  int tested = 0;
  for (const LoadWindows& each : kLoadWindows) {
    const auto pattern = load(each.load);
    constexpr int kSeeds = 200;
    std::vector<double> counts(each.owed.size());
    for (std::uint64_t seed = 1; seed <= kSeeds; ++seed)
      for (const Duration at : walk(*pattern, {ArrivalKind::poisson, seed, *pattern->length(), {}}))
        counts[std::size_t(at / 100ms)] += 1;
    double chi_square = 0;
    std::size_t windows = 0;
    for (std::size_t i = 0; i < counts.size(); ++i) {
      const Duration begin = 100ms * std::int64_t(i);
      const double expected = kSeeds * (pattern->expected_before(begin + 100ms) - pattern->expected_before(begin));
      if (expected < 5) {
        EXPECT_LE(counts[i], 20) << each.load;  // also where nothing, or next to nothing, is to come
        continue;
      }
      chi_square += (counts[i] - expected) * (counts[i] - expected) / expected;
      ++windows;
    }
    const auto bounds = kChiSquare.find(windows);
    if (bounds == kChiSquare.end()) continue;
    EXPECT_GT(chi_square, bounds->second.first) << each.load;
    EXPECT_LT(chi_square, bounds->second.second) << each.load;
    ++tested;
  }
  EXPECT_GE(tested, 9);
}

/// The largest distance between how the gaps, measured in expected arrivals, are spread and 1 − e^(−x).
double kolmogorov_smirnov(const LoadPattern& pattern, const std::vector<Duration>& starts) {
  std::vector<double> shares;
  double before = 0;
  for (const Duration at : starts) {
    const double now = pattern.expected_before(at);
    shares.push_back(-std::expm1(before - now));
    before = now;
  }
  std::ranges::sort(shares);
  double distance = 0;
  const auto n = double(shares.size());
  for (std::size_t i = 0; i < shares.size(); ++i)
    distance = std::max({distance, shares[i] - double(i) / n, double(i + 1) / n - shares[i]});
  return distance;
}

TEST(LoadPatterns, PoissonGapsPassTheKolmogorovSmirnovTest) {
  constexpr double kOneInAThousand = 1.949;  // of √n·D, for large n
  for (const LoadWindows& each : kLoadWindows) {
    const auto pattern = load(each.load);
    for (const std::uint64_t seed : {1, 2, 3}) {
      const auto starts = walk(*pattern, {ArrivalKind::poisson, seed, *pattern->length(), {}});
      ASSERT_GT(starts.size(), 500U);
      EXPECT_LT(kolmogorov_smirnov(*pattern, starts) * std::sqrt(double(starts.size())), kOneInAThousand)
          << each.load << ", seed " << seed;
    }
  }
}

// The test can fail: gaps that are all equal are no Poisson process.
TEST(LoadPatterns, EvenGapsFailTheKolmogorovSmirnovTest) {
  const auto pattern = load("static 1000/s 1s");
  EXPECT_GT(kolmogorov_smirnov(*pattern, walk(*pattern, {.length = 1s})) * std::sqrt(1000.0), 1.949);
}

}  // namespace
}  // namespace vajrapulse::engine
