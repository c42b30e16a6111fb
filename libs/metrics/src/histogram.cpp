#include "vajrapulse/metrics/histogram.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace vajrapulse::metrics {

Histogram::Histogram(Histogram&& other) noexcept
    : pages_(std::exchange(other.pages_, {})),
      counts_(std::exchange(other.counts_, {})),
      count_(std::exchange(other.count_, 0)),
      saturated_(std::exchange(other.saturated_, 0)),
      min_(std::exchange(other.min_, INT64_MAX)),
      max_(std::exchange(other.max_, 0)),
      sum_(std::exchange(other.sum_, Wide(0))) {}

Histogram& Histogram::operator=(Histogram&& other) noexcept {
  if (this == &other) return *this;
  pages_ = std::exchange(other.pages_, {});
  counts_ = std::exchange(other.counts_, {});
  count_ = std::exchange(other.count_, 0);
  saturated_ = std::exchange(other.saturated_, 0);
  min_ = std::exchange(other.min_, INT64_MAX);
  max_ = std::exchange(other.max_, 0);
  sum_ = std::exchange(other.sum_, Wide(0));
  return *this;
}

Histogram::Histogram(const Histogram& other) { merge(other); }

Histogram& Histogram::operator=(const Histogram& other) {
  if (this == &other) return *this;
  clear();
  merge(other);
  return *this;
}

Histogram::PageRange Histogram::used() const noexcept {
  if (empty()) return {};
  return {.begin = index_of(min_) / kPageSize, .end = index_of(max_) / kPageSize + 1};
}

std::uint64_t* Histogram::page_for(std::uint32_t page) {
  if (pages_[page] == 0) {
    const std::size_t begin = std::max<std::size_t>(counts_.size(), kPageSize);
    counts_.resize(begin + kPageSize);
    pages_[page] = std::uint16_t(begin / kPageSize);
  }
  return counts_.data() + pages_[page] * kPageSize;
}

void Histogram::record(std::int64_t value, std::uint64_t times) noexcept {
  if (times == 0) return;
  value = std::max<std::int64_t>(value, 0);
  if (value > kHighest) saturated_ += times;
  const std::uint32_t index = index_of(value);
  page_for(index / kPageSize)[index % kPageSize] += times;
  count_ += times;
  sum_ += Wide(std::uint64_t(value)) * times;
  min_ = std::min(min_, value);
  max_ = std::max(max_, value);
}

void Histogram::record_bucket(std::uint32_t index, std::uint64_t times) noexcept {
  if (times == 0) return;
  const std::int64_t low = value_at(index), high = value_at(index + 1) - 1;
  if (low > kHighest) return record(low, times);
  page_for(index / kPageSize)[index % kPageSize] += times;
  count_ += times;
  sum_ += Wide(std::uint64_t(low + (high - low) / 2)) * times;
  min_ = std::min(min_, low);
  max_ = std::max(max_, std::min(high, kHighest));
}

void Histogram::merge(const Histogram& other) {
  const PageRange range = other.used();
  for (std::uint32_t i = range.begin; i < range.end; ++i) {
    if (other.pages_[i] == 0) continue;
    std::uint64_t* mine = page_for(i);
    const std::uint64_t* theirs = other.counts_.data() + other.pages_[i] * kPageSize;
    for (std::uint32_t j = 0; j < kPageSize; ++j)
      mine[j] += theirs[j];
  }
  count_ += other.count_;
  saturated_ += other.saturated_;
  sum_ += other.sum_;
  min_ = std::min(min_, other.min_);
  max_ = std::max(max_, other.max_);
}

void Histogram::clear() noexcept {
  if (!empty()) std::ranges::fill(counts_, 0);
  count_ = 0;
  saturated_ = 0;
  min_ = INT64_MAX;
  max_ = 0;
  sum_ = 0;
}

void Histogram::reserve_like(const Histogram& other) {
  counts_.reserve(other.counts_.size());
  for (std::uint32_t i = 0; i < kPages; ++i)
    if (other.pages_[i] != 0) page_for(i);
}

double Histogram::stddev() const noexcept {
  if (empty()) return 0;
  const double center = mean();
  double squares = 0;
  each([&](std::int64_t low, std::int64_t high, std::uint64_t count) {
    const double distance = double(low) + double(high - low) / 2 - center;
    squares += distance * distance * double(count);
  });
  return std::sqrt(squares / double(count_));
}

std::int64_t Histogram::percentile(double percentile) const noexcept {
  if (empty()) return 0;
  // 99.9 is not a binary fraction; as 99,900,000 millionths the rank is exact.
  constexpr std::uint64_t kAll = 100'000'000;
  const auto part = std::uint64_t(std::llround(std::clamp(percentile, 0.0, 100.0) * 1e6));
  const auto rank = std::max<std::uint64_t>(1, std::uint64_t((Wide(part) * count_ + kAll - 1) / kAll));
  if (rank > count_ - saturated_) return max_;
  const PageRange range = used();
  std::uint64_t seen = 0;
  for (std::uint32_t i = range.begin; i < range.end; ++i) {
    if (pages_[i] == 0) continue;
    const std::uint64_t* page = counts_.data() + pages_[i] * kPageSize;
    for (std::uint32_t j = 0; j < kPageSize; ++j) {
      seen += page[j];
      if (seen >= rank) return std::min(value_at(i * kPageSize + j + 1) - 1, max_);
    }
  }
  return max_;
}

void Histogram::each(const std::function<void(std::int64_t, std::int64_t, std::uint64_t)>& visit) const {
  const PageRange range = used();
  for (std::uint32_t i = range.begin; i < range.end; ++i) {
    if (pages_[i] == 0) continue;
    const std::uint64_t* page = counts_.data() + pages_[i] * kPageSize;
    for (std::uint32_t j = 0; j < kPageSize; ++j) {
      const std::uint64_t count = page[j];
      const std::uint32_t index = i * kPageSize + j;
      if (count > 0) visit(value_at(index), value_at(index + 1) - 1, count);
    }
  }
}

std::uint64_t Histogram::count_at(std::uint32_t index) const noexcept {
  if (index >= kIndexes || pages_[index / kPageSize] == 0) return 0;
  return counts_[pages_[index / kPageSize] * kPageSize + index % kPageSize];
}

std::size_t Histogram::memory_bytes() const noexcept {
  return sizeof(*this) + counts_.capacity() * sizeof(std::uint64_t);
}

}  // namespace vajrapulse::metrics
