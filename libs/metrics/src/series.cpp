#include "vajrapulse/metrics/series.hpp"

#include <algorithm>
#include <utility>

namespace vajrapulse::metrics {
namespace {

void put_leb128(std::vector<std::uint8_t>& out, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7)
    out.push_back(std::uint8_t(value | 0x80));
  out.push_back(std::uint8_t(value));
}

std::uint64_t take_leb128(const std::uint8_t*& at) noexcept {
  std::uint64_t value = 0;
  for (int shift = 0;; shift += 7) {
    const std::uint64_t byte = *at++;
    value |= (byte & 0x7f) << shift;
    if (byte < 0x80) return value;
  }
}

}  // namespace

Series::Compact Series::compact(const Histogram& histogram) {
  Compact out;
  std::uint32_t last = 0;
  histogram.each([&](std::int64_t low, std::int64_t, std::uint64_t count) {
    const std::uint32_t index = Histogram::index_of(low);
    put_leb128(out, index - std::exchange(last, index));
    put_leb128(out, count);
  });
  out.shrink_to_fit();
  return out;
}

void Series::add_to(Histogram& histogram, const Compact& values) {
  std::uint32_t index = 0;
  for (const std::uint8_t* at = values.data(); at != values.data() + values.size();) {
    index += std::uint32_t(take_leb128(at));
    histogram.record_bucket(index, take_leb128(at));
  }
}

void Series::absorb(Stored& into, const Stored& later) {
  Histogram both;
  add_to(both, into.values);
  add_to(both, later.values);
  Point& point = into.point;
  point.span_s = later.point.t + later.point.span_s - point.t;
  point.counts.started += later.point.counts.started;
  point.counts.completed += later.point.counts.completed;
  point.counts.failed += later.point.counts.failed;
  point.counts.in_flight = later.point.counts.in_flight;
  into.max_ns = std::max(into.max_ns, later.max_ns);
  point.p50_ns = std::min(both.percentile(50), into.max_ns);
  point.p99_ns = std::min(both.percentile(99), into.max_ns);
  into.values = compact(both);
}

void Series::add(double t, double span_s, int phase, const Counts& counts, const Histogram& values) {
  Stored next{.point = {.t = t,
                        .span_s = span_s,
                        .phase = phase,
                        .counts = counts,
                        .p50_ns = values.percentile(50),
                        .p99_ns = values.percentile(99)},
              .max_ns = values.max(),
              .values = compact(values)};
  // Half of what comes must still fit: seconds are never exactly a second long.
  if (!points_.empty() && points_.back().point.phase == phase && points_.back().point.span_s + span_s / 2 < width_s_) {
    Stored& last = points_.back();
    bytes_ -= last.values.size();
    absorb(last, next);
    bytes_ += last.values.size();
  } else {
    bytes_ += next.values.size();
    points_.push_back(std::move(next));
  }
  if (full()) halve();
}

bool Series::full() const noexcept {
  return points_.size() > limits_.most_points || (bytes_ > limits_.most_bytes && points_.size() > 1);
}

void Series::halve() {
  std::vector<Stored> merged;
  double widest = 0;
  for (std::size_t i = 0; i < points_.size();) {
    merged.push_back(std::move(points_[i++]));
    Stored& point = merged.back();
    if (i < points_.size() && points_[i].point.phase == point.point.phase) absorb(point, points_[i++]);
    widest = std::max(widest, point.point.span_s);
  }
  points_ = std::move(merged);
  width_s_ = widest;
  bytes_ = 0;
  for (const Stored& point : points_)
    bytes_ += point.values.size();
}

std::vector<Series::Point> Series::points() const {
  std::vector<Point> all;
  all.reserve(points_.size());
  for (const Stored& stored : points_)
    all.push_back(stored.point);
  return all;
}

std::size_t Series::memory_bytes() const noexcept {
  std::size_t bytes = sizeof(*this) + points_.capacity() * sizeof(Stored);
  for (const Stored& stored : points_)
    bytes += stored.values.capacity();
  return bytes;
}

}  // namespace vajrapulse::metrics
