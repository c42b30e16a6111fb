#include "vajrapulse/metrics/series.hpp"

#include <gtest/gtest.h>

#include "vajrapulse/base/random.hpp"

namespace vajrapulse::metrics {
namespace {

constexpr int kWarmup = 1, kMeasure = 2;

Histogram of(std::int64_t value, std::uint64_t times = 1) {
  Histogram histogram;
  histogram.record(value, times);
  return histogram;
}

TEST(Series, KeepsPointsAsTheyCome) {
  Series series;
  series.add(-1, 1, kWarmup, {.started = 10, .completed = 9, .failed = 1, .in_flight = 1}, of(500));
  series.add(0, 1, kMeasure, {.started = 20, .completed = 21, .failed = 0, .in_flight = 0}, of(700));
  const auto points = series.points();
  ASSERT_EQ(points.size(), 2u);
  EXPECT_EQ(points[0].t, -1);
  EXPECT_EQ(points[0].phase, kWarmup);
  EXPECT_EQ(points[0].p99_ns, 500);
  EXPECT_EQ(points[1].counts.completed, 21u);
}

TEST(Series, MergedPointsHaveTheTruePercentiles) {
  Series series({.most_points = 2});
  // 90 fast and 10 slow ones; then 100 slow ones: together the median is slow, which no average of medians says.
  Histogram mixed = of(1'000, 90);
  mixed.record(2'000, 10);
  series.add(0, 1, kMeasure, {}, mixed);
  series.add(1, 1, kMeasure, {}, of(2'000, 100));
  series.add(2, 1, kMeasure, {}, of(5));
  const auto points = series.points();
  ASSERT_EQ(points.size(), 2u);
  EXPECT_EQ(points[0].span_s, 2);
  EXPECT_EQ(points[0].p50_ns, 2'000);
  EXPECT_EQ(points[1].t, 2);
}

TEST(Series, MergesCountsAndKeepsTheLastInFlight) {
  Series series({.most_points = 1});
  series.add(0, 1, kMeasure, {.started = 1, .completed = 2, .failed = 3, .in_flight = 4}, of(1));
  series.add(1, 1, kMeasure, {.started = 10, .completed = 20, .failed = 30, .in_flight = 40}, of(1));
  const auto points = series.points();
  ASSERT_EQ(points.size(), 1u);
  EXPECT_EQ(points[0].counts.started, 11u);
  EXPECT_EQ(points[0].counts.completed, 22u);
  EXPECT_EQ(points[0].counts.failed, 33u);
  EXPECT_EQ(points[0].counts.in_flight, 40u);
}

TEST(Series, PhasesNeverMerge) {
  Series series({.most_points = 4});
  for (int i = 0; i < 64; ++i)
    series.add(i - 3, 1, i < 3 ? kWarmup : kMeasure, {.started = 1}, of(i));
  std::uint64_t warmup = 0, measured = 0;
  for (const auto& point : series.points()) {
    EXPECT_EQ(point.t < 0, point.phase == kWarmup);
    (point.phase == kWarmup ? warmup : measured) += point.counts.started;
  }
  EXPECT_EQ(warmup, 3u);
  EXPECT_EQ(measured, 61u);
}

TEST(Series, StaysWithinItsBoundsAndLosesNothing) {
  Random random(5);
  Series series;
  std::uint64_t started = 0;
  for (int second = 0; second < 10'000; ++second) {
    Histogram values;
    for (int i = 0; i < 200; ++i)
      values.record(std::int64_t(50'000 * random.exponential()));
    series.add(second, 1, kMeasure, {.started = 200}, values);
    ASSERT_LE(series.size(), 2'000u);
    ASSERT_LE(series.memory_bytes(), std::size_t{6} << 20);
    started += 200;
  }
  std::uint64_t told = 0;
  double end = 0;
  for (const auto& point : series.points()) {
    EXPECT_EQ(point.t, end);  // no gaps, no overlaps
    end = point.t + point.span_s;
    told += point.counts.started;
    EXPECT_NEAR(double(point.p50_ns), 34'657, 12'000);  // ln 2 × the mean
  }
  EXPECT_EQ(end, 10'000);
  EXPECT_EQ(told, started);
  EXPECT_GE(series.size(), 500u);
}

TEST(Series, PointsAreEvenlyWideAfterMerging) {
  Series series({.most_points = 100});
  for (int second = 0; second < 1'000; ++second)
    series.add(second + 0.001 * (second % 3), 0.999, kMeasure, {}, of(1));
  const auto points = series.points();
  for (std::size_t i = 0; i + 1 < points.size(); ++i)
    EXPECT_NEAR(points[i].span_s, 16, 0.1) << i;
}

}  // namespace
}  // namespace vajrapulse::metrics
