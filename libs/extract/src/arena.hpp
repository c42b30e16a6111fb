#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace vajrapulse::extract {

/// Memory for what belongs to one body: given out piece by piece, taken back all at once, kept for the next body.
class Arena {
 public:
  explicit Arena(std::size_t most) : most_(most) {}

  /// Aligned for anything; null beyond the limit.
  void* take(std::size_t bytes) noexcept;
  /// A copy; an empty text beyond the limit.
  std::string_view keep(std::string_view text) noexcept;
  /// Everything is free again. Blocks beyond the first are given back.
  void clear() noexcept;

 private:
  static constexpr std::size_t kBlock = 64 << 10;
  struct Block {
    std::unique_ptr<std::byte[]> bytes;
    std::size_t size;
  };
  bool grow(std::size_t bytes) noexcept;

  std::size_t most_;
  std::size_t total_ = 0;
  std::size_t used_ = 0;  ///< of the last block
  std::vector<Block> blocks_;
};

}  // namespace vajrapulse::extract
