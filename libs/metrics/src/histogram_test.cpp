#include "vajrapulse/metrics/histogram.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "vajrapulse/base/random.hpp"

namespace vajrapulse::metrics {
namespace {

std::vector<std::pair<std::int64_t, std::uint64_t>> buckets(const Histogram& histogram) {
  std::vector<std::pair<std::int64_t, std::uint64_t>> all;
  histogram.each([&](std::int64_t low, std::int64_t, std::uint64_t count) { all.emplace_back(low, count); });
  return all;
}

/// Latency-like: spread over `octaves` powers of two from 1 µs on.
std::int64_t any_latency(Random& random, double octaves = 20) {
  return std::int64_t(1000 * std::exp2(random.uniform() * octaves));
}

// From HdrHistogram (Python, 0.10.8): _counts_index_for(value) with (1, 3600000000000, 3).
TEST(Histogram, IsLaidOutAsHdrHistogramIs) {
  const std::vector<std::pair<std::int64_t, std::uint32_t>> kPlaces{{0, 0},
                                                                    {1, 1},
                                                                    {2047, 2047},
                                                                    {2048, 2048},
                                                                    {2049, 2048},
                                                                    {2050, 2049},
                                                                    {4095, 3071},
                                                                    {4096, 3072},
                                                                    {4099, 3072},
                                                                    {4100, 3073},
                                                                    {1'000'000, 11169},
                                                                    {999'999'999, 21363},
                                                                    {3'600'000'000'000, 33420}};
  for (const auto& [value, index] : kPlaces)
    EXPECT_EQ(Histogram::index_of(value), index) << value;
  EXPECT_EQ(Histogram::value_at(2047), 2047);
  EXPECT_EQ(Histogram::value_at(2048), 2048);
  EXPECT_EQ(Histogram::value_at(2049), 2050);
  EXPECT_EQ(Histogram::value_at(3072), 4096);
  EXPECT_EQ(Histogram::value_at(3073), 4100);
}

TEST(Histogram, ABucketIsAtMostAThousandthWide) {
  Random random(3);
  for (int i = 0; i < 10'000; ++i) {
    const auto value = std::int64_t(random.below(std::uint64_t{Histogram::kHighest}) >> random.below(41));
    const std::uint32_t index = Histogram::index_of(value);
    const std::int64_t low = Histogram::value_at(index), next = Histogram::value_at(index + 1);
    ASSERT_LE(low, value);
    ASSERT_LT(value, next);
    ASSERT_LE(double(next - low), std::max(1.0, double(low) / 1000)) << value;
  }
}

TEST(Histogram, EmptyIsZeroEverywhere) {
  const Histogram empty;
  EXPECT_TRUE(empty.empty());
  EXPECT_EQ(empty.min(), 0);
  EXPECT_EQ(empty.max(), 0);
  EXPECT_EQ(empty.mean(), 0);
  EXPECT_EQ(empty.stddev(), 0);
  EXPECT_EQ(empty.percentile(99), 0);
}

TEST(Histogram, CountSumAndExtremesAreExact) {
  Histogram histogram;
  for (const std::int64_t value : {123'456'789, 987'654'321, 5, 1'000'003})
    histogram.record(value);
  EXPECT_EQ(histogram.count(), 4u);
  EXPECT_EQ(histogram.min(), 5);
  EXPECT_EQ(histogram.max(), 987'654'321);
  EXPECT_DOUBLE_EQ(histogram.mean(), 1'112'111'118 / 4.0);
}

TEST(Histogram, SmallValuesHaveTheTextbookDeviation) {
  Histogram histogram;
  for (const std::int64_t value : {2, 4, 4, 4, 5, 5, 7, 9})
    histogram.record(value);
  EXPECT_DOUBLE_EQ(histogram.mean(), 5);
  EXPECT_DOUBLE_EQ(histogram.stddev(), 2);
}

TEST(Histogram, PercentileIsTheNearestRank) {
  Histogram histogram;
  for (std::int64_t value = 1; value <= 1000; ++value)
    histogram.record(value);
  EXPECT_EQ(histogram.percentile(0), 1);
  EXPECT_EQ(histogram.percentile(50), 500);
  EXPECT_EQ(histogram.percentile(50.01), 501);
  EXPECT_EQ(histogram.percentile(99), 990);
  EXPECT_EQ(histogram.percentile(99.9), 999);  // 99.9 % of 1,000 in binary fractions would be rank 1,000
  EXPECT_EQ(histogram.percentile(100), 1000);
  EXPECT_EQ(histogram.percentile(250), 1000);
}

TEST(Histogram, PercentilesAreThoseOfTheSortedValuesWithinOneBucket) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    Random random(seed);
    Histogram histogram;
    std::vector<std::int64_t> values(1 + random.below(5000));
    for (std::int64_t& value : values)
      histogram.record(value = any_latency(random));
    std::ranges::sort(values);
    for (const double percentile : {1.0, 25.0, 50.0, 75.0, 90.0, 95.0, 99.0, 99.9, 99.99}) {
      const auto rank = std::size_t(std::ceil(percentile * double(values.size()) / 100 - 1e-9));
      const std::int64_t exact = values[std::max<std::size_t>(rank, 1) - 1];
      const std::int64_t told = histogram.percentile(percentile);
      ASSERT_GE(told, exact) << "seed " << seed << ", p" << percentile;
      ASSERT_LE(double(told), double(exact) * 1.001) << "seed " << seed << ", p" << percentile;
      ASSERT_LE(told, values.back());
    }
  }
}

TEST(Histogram, NeverSaysMoreThanTheMaximum) {
  Histogram histogram;
  histogram.record(1'000'001);  // its bucket reaches to 1,000,447
  EXPECT_EQ(histogram.percentile(50), 1'000'001);
}

TEST(Histogram, NegativeValuesAreZero) {
  Histogram histogram;
  histogram.record(-1);
  histogram.record(INT64_MIN);
  EXPECT_EQ(histogram.count_at(0), 2u);
  EXPECT_EQ(histogram.max(), 0);
  EXPECT_EQ(histogram.saturated(), 0u);
}

TEST(Histogram, AboveTheRangeSaturatesAndKeepsTheMaximum) {
  Histogram histogram;
  histogram.record(1000);
  histogram.record(Histogram::kHighest);
  histogram.record(Histogram::kHighest + 1);
  histogram.record(INT64_MAX);
  EXPECT_EQ(histogram.count(), 4u);
  EXPECT_EQ(histogram.saturated(), 2u);
  EXPECT_EQ(histogram.count_at(33420), 3u);
  EXPECT_EQ(histogram.max(), INT64_MAX);
  EXPECT_EQ(histogram.percentile(25), 1000);
  EXPECT_EQ(histogram.percentile(100), INT64_MAX);
}

TEST(Histogram, RecordingManyAtOnceIsRecordingEach) {
  Histogram one_by_one, at_once;
  for (int i = 0; i < 1000; ++i)
    one_by_one.record(77'777);
  at_once.record(77'777, 1000);
  at_once.record(5, 0);
  EXPECT_EQ(buckets(one_by_one), buckets(at_once));
  EXPECT_EQ(one_by_one.sum(), at_once.sum());
  EXPECT_EQ(at_once.min(), 77'777);
}

class HistogramMerge : public testing::TestWithParam<std::uint64_t> {
 protected:
  HistogramMerge() {
    Random random(GetParam());
    for (Histogram& part : parts)
      for (std::uint64_t i = random.below(3000); i > 0; --i) {
        const std::int64_t value = any_latency(random, 36);
        part.record(value);
        all.record(value);
      }
  }
  static void expect_same(const Histogram& a, const Histogram& b) {
    EXPECT_EQ(buckets(a), buckets(b));
    EXPECT_EQ(a.count(), b.count());
    EXPECT_EQ(a.min(), b.min());
    EXPECT_EQ(a.max(), b.max());
    EXPECT_EQ(a.sum(), b.sum());
    EXPECT_EQ(a.saturated(), b.saturated());
  }
  Histogram parts[3];
  Histogram all;
};

TEST_P(HistogramMerge, IsExact) {
  Histogram merged;
  for (const Histogram& part : parts)
    merged.merge(part);
  expect_same(merged, all);
}

TEST_P(HistogramMerge, OrderAndGroupingDoNotMatter) {
  Histogram right = parts[1];
  right.merge(parts[2]);
  right.merge(parts[0]);
  expect_same(right, all);
  Histogram empty;
  right.merge(empty);
  expect_same(right, all);
}

INSTANTIATE_TEST_SUITE_P(Seeds, HistogramMerge, testing::Range<std::uint64_t>(1, 21));

TEST(Histogram, ClearKeepsTheMemoryAndForgetsTheValues) {
  Histogram histogram;
  for (int i = 0; i < 40; ++i)
    histogram.record(std::int64_t{1} << i);
  const std::size_t memory = histogram.memory_bytes();
  histogram.clear();
  EXPECT_TRUE(histogram.empty());
  EXPECT_TRUE(buckets(histogram).empty());
  EXPECT_EQ(histogram.memory_bytes(), memory);
  for (int i = 0; i < 40; ++i)
    histogram.record(std::int64_t{1} << i);
  EXPECT_EQ(histogram.memory_bytes(), memory);
}

TEST(Histogram, MemoryGrowsOnlyWhereValuesFall) {
  Histogram histogram;
  EXPECT_LT(histogram.memory_bytes(), 2500u);
  for (int i = 0; i < 10'000; ++i)
    histogram.record(1'000'000 + i);
  EXPECT_LT(histogram.memory_bytes(), 5'000u);
}

TEST(Histogram, CopiesAreTheirOwnAndMovedFromAreEmpty) {
  Histogram original;
  original.record(42);
  Histogram copy = original;
  copy.record(43);
  EXPECT_EQ(original.count(), 1u);
  Histogram moved = std::move(copy);
  EXPECT_EQ(moved.count(), 2u);
  EXPECT_EQ(copy.percentile(50), 0);  // NOLINT(bugprone-use-after-move): empty, as promised
  original = moved;
  EXPECT_EQ(original.max(), 43);
}

}  // namespace
}  // namespace vajrapulse::metrics
