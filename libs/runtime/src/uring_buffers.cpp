#include "uring_buffers.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>

#include "vajrapulse/runtime/frame_pool.hpp"

namespace vajrapulse::runtime {
namespace {

void* map(std::size_t bytes) noexcept {
  void* memory = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return memory == MAP_FAILED ? nullptr : memory;
}

}  // namespace

UringBuffers::~UringBuffers() {
  if (ring_) ::munmap(ring_, kMost * sizeof(io_uring_buf));
  if (memory_) ::munmap(memory_, kMost * kStride);
}

int UringBuffers::register_with(io_uring& ring) noexcept {
  ring_ = static_cast<io_uring_buf_ring*>(map(kMost * sizeof(io_uring_buf)));
  memory_ = static_cast<std::byte*>(map(kMost * kStride));
  if (!ring_ || !memory_) return ENOMEM;
  io_uring_buf_reg registration{};
  registration.ring_addr = reinterpret_cast<std::uint64_t>(ring_);
  registration.ring_entries = kMost;
  registration.bgid = kGroup;
  const int error = io_uring_register_buf_ring(&ring, &registration, 0);
  if (error != 0) return -error;
  grow();
  return 0;
}

void UringBuffers::offer(std::uint16_t buffer) noexcept {
  io_uring_buf& slot = ring_->bufs[tail_ & (kMost - 1)];
  slot.addr = reinterpret_cast<std::uint64_t>(at(buffer));
  slot.len = kBytes;
  slot.bid = buffer;
  ++tail_;
}

void UringBuffers::publish() noexcept {
  std::atomic_ref<std::uint16_t>(ring_->tail).store(tail_, std::memory_order_release);
}

void UringBuffers::grow() noexcept {
  const unsigned wanted = std::min(kMost, std::max(kAtFirst, total_ * 2));
  for (; total_ < wanted; ++total_)
    offer(static_cast<std::uint16_t>(total_));
  publish();
}

Chunk UringBuffers::keep(std::uint16_t buffer, std::size_t size) {
  ++out_;
  const auto bytes = static_cast<std::uint32_t>(size);
  if (!scarce()) return {.data = at(buffer), .size = bytes, .buffer = buffer};
  auto* block = static_cast<std::byte*>(allocate_frame(size));
  std::memcpy(block, at(buffer), size);
  --out_;
  recycle(buffer);
  return {.data = block, .size = bytes, .buffer = Chunk::kOwnBlock};
}

void UringBuffers::release(Chunk& chunk) noexcept {
  if (!chunk.data) return;
  if (chunk.buffer == Chunk::kOwnBlock) {
    free_frame(chunk.data, chunk.size);
  } else {
    --out_;
    recycle(static_cast<std::uint16_t>(chunk.buffer));
  }
  chunk = {};
}

void UringBuffers::recycle(std::uint16_t buffer) noexcept {
  offer(buffer);
  publish();
}

}  // namespace vajrapulse::runtime
