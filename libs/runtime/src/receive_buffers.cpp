#include "receive_buffers.hpp"

#include <cstring>

#include "vajrapulse/runtime/frame_pool.hpp"

namespace vajrapulse::runtime {
namespace {
constexpr std::int32_t kLeased = 0;
}

std::byte* ReceiveBuffers::lease() {
  ++leased_;
  if (free_.empty()) return new std::byte[kBytes];
  std::byte* buffer = free_.back().release();
  free_.pop_back();
  return buffer;
}

void ReceiveBuffers::give_back(std::byte* buffer) noexcept {
  --leased_;
  std::unique_ptr<std::byte[]> owned(buffer);
  if (free_.size() < kPlenty) free_.push_back(std::move(owned));
}

Chunk ReceiveBuffers::keep(std::byte* buffer, std::size_t size) {
  const auto bytes = static_cast<std::uint32_t>(size);
  if (leased_ <= kPlenty) return {.data = buffer, .size = bytes, .buffer = kLeased};
  auto* block = static_cast<std::byte*>(allocate_frame(size));
  std::memcpy(block, buffer, size);
  give_back(buffer);
  return {.data = block, .size = bytes, .buffer = Chunk::kOwnBlock};
}

void ReceiveBuffers::release(Chunk& chunk) noexcept {
  if (!chunk.data) return;
  if (chunk.buffer == Chunk::kOwnBlock) {
    free_frame(chunk.data, chunk.size);
  } else {
    give_back(chunk.data);
  }
  chunk = {};
}

}  // namespace vajrapulse::runtime
