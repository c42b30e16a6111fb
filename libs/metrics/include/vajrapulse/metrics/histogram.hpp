#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

namespace vajrapulse::metrics {

/// Counts of values to three significant digits, laid out as HdrHistogram lays them out (lowest 1, highest
/// 3.6e12, so a nanosecond to an hour), so that its V2 encoding interoperates both ways.
///
/// Exact: count, min, max, sum (mean to rounding). Values above the range count in the top bucket and in
/// `saturated()`; the exact maximum is kept. Negative values record as 0. Memory grows only where values
/// fall. Recording takes no lock and, once a page is there, no allocation. One thread at a time.
class Histogram {
 public:
  static constexpr std::int64_t kHighest = 3'600'000'000'000;

  Histogram() = default;
  ~Histogram() = default;
  Histogram(Histogram&& other) noexcept;
  Histogram& operator=(Histogram&& other) noexcept;
  Histogram(const Histogram& other);
  Histogram& operator=(const Histogram& other);

  void record(std::int64_t value) noexcept {
    const std::uint32_t index = index_of(value);
    if (std::uint64_t(value) <= std::uint64_t(kHighest)) [[likely]] {
      if (const std::uint32_t page = pages_[index / kPageSize]) [[likely]] {
        ++counts_[page * kPageSize + index % kPageSize];
        ++count_;
        sum_ += std::uint64_t(value);
        if (value < min_) min_ = value;
        if (value > max_) max_ = value;
        return;
      }
    }
    record(value, 1);
  }
  void record(std::int64_t value, std::uint64_t times) noexcept;
  /// Adds `times` values of which only the bucket is known: its ends count for min and max, its middle for the sum.
  void record_bucket(std::uint32_t index, std::uint64_t times) noexcept;

  /// Adds every count of `other`: exact, associative, commutative.
  void merge(const Histogram& other);
  /// Forgets all values, keeps the memory.
  void clear() noexcept;
  /// Takes memory wherever `other` has some, so that recording alike allocates nothing.
  void reserve_like(const Histogram& other);

  [[nodiscard]] std::uint64_t count() const noexcept { return count_; }
  [[nodiscard]] bool empty() const noexcept { return count_ == 0; }
  [[nodiscard]] std::int64_t min() const noexcept { return empty() ? 0 : min_; }  ///< exact; 0 when empty
  [[nodiscard]] std::int64_t max() const noexcept { return max_; }                ///< exact; 0 when empty
  [[nodiscard]] double sum() const noexcept { return double(sum_); }
  [[nodiscard]] double mean() const noexcept { return empty() ? 0 : double(sum_) / double(count_); }
  [[nodiscard]] double stddev() const noexcept;  ///< from bucket mid-points
  [[nodiscard]] std::uint64_t saturated() const noexcept { return saturated_; }

  /// The nearest-rank value at `percentile` (0 to 100, taken to six decimals), as the largest value its bucket
  /// stands for, but never above the exact maximum; 0 when empty. Above the range it is the maximum.
  [[nodiscard]] std::int64_t percentile(double percentile) const noexcept;

  /// Every bucket with counts, ascending: lowest and highest value it stands for (inclusive), count.
  void each(const std::function<void(std::int64_t low, std::int64_t high, std::uint64_t count)>& visit) const;

  /// Position of `value` in HdrHistogram's counts array, and the lowest value that a position stands for.
  static constexpr std::uint32_t index_of(std::int64_t value) noexcept {
    if (std::uint64_t(value) > std::uint64_t(kHighest)) [[unlikely]]
      value = value < 0 ? 0 : kHighest;
    const auto bits = std::uint64_t(value);
    const auto bucket = std::uint32_t(std::bit_width(bits | (kSubBuckets - 1)) - kSubBucketBits);
    return bucket * (kSubBuckets / 2) + std::uint32_t(bits >> bucket);
  }
  static constexpr std::int64_t value_at(std::uint32_t index) noexcept {
    if (index < kSubBuckets) return index;
    const std::uint32_t bucket = index / (kSubBuckets / 2) - 1;
    return std::int64_t(kSubBuckets / 2 + index % (kSubBuckets / 2)) << bucket;
  }
  [[nodiscard]] std::uint64_t count_at(std::uint32_t index) const noexcept;

  [[nodiscard]] std::size_t memory_bytes() const noexcept;

 private:
  static constexpr int kSubBucketBits = 11;  // three significant digits
  static constexpr std::uint32_t kSubBuckets = 1u << kSubBucketBits;
  static constexpr std::uint32_t kIndexes = 33 * 1024;
  static constexpr std::uint32_t kPageSize = 32;  // counts that get their memory together: few, for few values
  static constexpr std::uint32_t kPages = kIndexes / kPageSize;
  __extension__ using Wide = unsigned __int128;

  // The pages between those of the least and the greatest value: all others hold only zeros.
  struct PageRange {
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
  };
  [[nodiscard]] PageRange used() const noexcept;
  std::uint64_t* page_for(std::uint32_t page);

  std::array<std::uint16_t, kPages> pages_{};  ///< where in `counts_` each page lies, in pages; 0: it has no memory
  std::vector<std::uint64_t> counts_;          ///< the first page stays unused
  std::uint64_t count_ = 0;
  std::uint64_t saturated_ = 0;
  std::int64_t min_ = INT64_MAX;
  std::int64_t max_ = 0;
  Wide sum_ = 0;
};

}  // namespace vajrapulse::metrics
