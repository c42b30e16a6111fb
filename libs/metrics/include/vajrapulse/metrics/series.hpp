#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "vajrapulse/metrics/histogram.hpp"

namespace vajrapulse::metrics {

/// How a run went over time, in bounded memory whatever its length.
///
/// Holds at most `most_points` points and `most_bytes` of their histograms. When either is full, neighbours of
/// the same phase merge in pairs, and later points become as wide: counts add, and percentiles are those of all
/// values, because each point keeps its counts of values (every bucket that is not zero, in a few bytes).
class Series {
 public:
  struct Counts {
    std::uint64_t started = 0;
    std::uint64_t completed = 0;
    std::uint64_t failed = 0;
    std::uint64_t in_flight = 0;  ///< at the point's end; the later one's when points merge
    std::uint64_t users = 0;      ///< the same of a closed model's users
  };

  struct Point {
    double t = 0;       ///< seconds from the start of measuring, of the point's begin
    double span_s = 0;  ///< how long it lasts
    int phase = 0;
    Counts counts;
    std::int64_t p50_ns = 0;
    std::int64_t p99_ns = 0;
  };

  struct Limits {
    std::size_t most_points = 2'000;
    std::size_t most_bytes = std::size_t{4} << 20;
  };

  Series() : Series(Limits{}) {}
  explicit Series(Limits limits) : limits_(limits) {}

  /// Adds what happened in [t, t + span_s). In order of time.
  void add(double t, double span_s, int phase, const Counts& counts, const Histogram& values);

  /// All points in order of time.
  [[nodiscard]] std::vector<Point> points() const;
  [[nodiscard]] std::size_t size() const noexcept { return points_.size(); }
  [[nodiscard]] std::size_t memory_bytes() const noexcept;

 private:
  /// A histogram's non-zero buckets as LEB128 pairs: distance from the one before, count.
  using Compact = std::vector<std::uint8_t>;
  struct Stored {
    Point point;
    std::int64_t max_ns = 0;
    Compact values;
  };

  static Compact compact(const Histogram& histogram);
  static void add_to(Histogram& histogram, const Compact& values);
  static void absorb(Stored& into, const Stored& later);
  [[nodiscard]] bool full() const noexcept;
  void halve();

  Limits limits_;
  double width_s_ = 0;  ///< how long a point may become before the next one begins
  std::size_t bytes_ = 0;
  std::vector<Stored> points_;
};

}  // namespace vajrapulse::metrics
