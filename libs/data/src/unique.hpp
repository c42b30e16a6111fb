#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

namespace vajrapulse::data {

/// Finds values that come twice: 8 bytes a place, at most two places in three taken.
///
/// Where a value belongs is far from where the last one did, and memory takes its time: a value waits in line while its
/// place is fetched, and is looked up when kWaiting others have come.
class Unique {
 public:
  /// Room for `rows` values.
  explicit Unique(std::uint64_t rows) : places_(std::bit_ceil(rows + rows / 2 + 2)) {}

  /// `twice(before, row)` is called for values whose hash came before: 32 bits of hash are no proof.
  template <class Twice>
  void add(std::string_view text, std::uint32_t row, const Twice& twice) {
    const std::uint64_t hash = std::hash<std::string_view>{}(text);
    __builtin_prefetch(&places_[hash & (places_.size() - 1)], 1);
    Waiting& next = waiting_[count_++ % kWaiting];
    if (count_ > kWaiting) look_up(next, twice);
    next = {hash, row};
  }
  /// Looks up those that still wait.
  template <class Twice>
  void finish(const Twice& twice) {
    const std::uint64_t first = count_ > kWaiting ? count_ - kWaiting : 0;
    for (std::uint64_t i = first; i < count_; ++i)
      look_up(waiting_[i % kWaiting], twice);
    count_ = 0;
  }

 private:
  static constexpr std::uint64_t kWaiting = 16;
  struct Place {
    std::uint32_t mark = 0;  ///< the half of the hash that does not tell the place
    std::uint32_t row = 0;   ///< from 1; 0: free
  };
  struct Waiting {
    std::uint64_t hash = 0;
    std::uint32_t row = 0;
  };

  template <class Twice>
  void look_up(const Waiting& value, const Twice& twice) {
    const auto mark = std::uint32_t(value.hash >> 32);
    std::size_t at = value.hash & (places_.size() - 1);
    for (; places_[at].row != 0; at = (at + 1) & (places_.size() - 1))
      if (places_[at].mark == mark && twice(places_[at].row - 1, value.row)) return;
    places_[at] = {mark, value.row + 1};
  }

  std::vector<Place> places_;
  std::array<Waiting, kWaiting> waiting_{};
  std::uint64_t count_ = 0;
};

}  // namespace vajrapulse::data
