#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "chunk.hpp"

namespace vajrapulse::runtime {

/// The shard's receive buffers for readiness-based I/O: one is leased while received bytes are held, the one
/// returned last first, so that it is still in the cache. When many are held, small contents move to a block
/// of their own size: ten thousand idle connections that still hold their last answer do not hold 10,000
/// buffers.
class ReceiveBuffers {
 public:
  static constexpr std::size_t kBytes = 32 * 1024;

  /// A buffer of kBytes to receive into.
  [[nodiscard]] std::byte* lease();
  void give_back(std::byte* buffer) noexcept;
  /// Turns the first `size` bytes of a leased buffer into a chunk.
  [[nodiscard]] Chunk keep(std::byte* buffer, std::size_t size);
  void release(Chunk& chunk) noexcept;

 private:
  static constexpr std::size_t kPlenty = 64;  ///< held buffers above which contents are moved

  std::vector<std::unique_ptr<std::byte[]>> free_;
  std::size_t leased_ = 0;
};

}  // namespace vajrapulse::runtime
