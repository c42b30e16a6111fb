#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

namespace vajrapulse::data {

/// Finds values that come twice: 12 bytes a place, at most two places in three taken.
class Unique {
 public:
  /// The row that had the same text before; nothing when it is new. `same` tells whether that row has this text: a
  /// hash of 64 bits is not proof.
  template <class Same>
  std::optional<std::uint32_t> add(std::string_view text, std::uint32_t row, const Same& same) {
    if (3 * (count_ + 1) > 2 * hashes_.size()) grow();
    const std::uint64_t hash = std::hash<std::string_view>{}(text) | 1;  // 0 is a free place
    std::size_t at = (hash >> 1) & (hashes_.size() - 1);
    for (; hashes_[at] != 0; at = (at + 1) & (hashes_.size() - 1))
      if (hashes_[at] == hash && same(rows_[at])) return rows_[at];
    put(at, hash, row);
    ++count_;
    return std::nullopt;
  }

 private:
  void put(std::size_t at, std::uint64_t hash, std::uint32_t row) {
    hashes_[at] = hash;
    rows_[at] = row;
  }
  void grow();

  std::vector<std::uint64_t> hashes_;
  std::vector<std::uint32_t> rows_;
  std::size_t count_ = 0;
};

}  // namespace vajrapulse::data
