#pragma once

#include <cstddef>
#include <cstdint>

namespace vajrapulse::runtime {

/// Received bytes and where they go back to: a buffer of a pool, or a block of their own.
struct Chunk {
  static constexpr std::int32_t kOwnBlock = -1;

  std::byte* data = nullptr;
  std::uint32_t size = 0;
  std::int32_t buffer = kOwnBlock;  ///< which of the pool's, or kOwnBlock
};

}  // namespace vajrapulse::runtime
