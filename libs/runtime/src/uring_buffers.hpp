#pragma once

#include <liburing.h>

#include <cstddef>
#include <cstdint>

#include "chunk.hpp"

namespace vajrapulse::runtime {

/// The ring of buffers from which the kernel takes one when bytes have arrived, so that a connection that
/// waits owns none.
///
/// Few are in the ring at first, since the kernel uses them in turn and a small circle stays in the cache;
/// when they run out the circle doubles. At the limit, contents move to blocks of their own size, so that
/// connections that hold or do not read what they got never starve the others.
class UringBuffers {
 public:
  static constexpr std::uint16_t kGroup = 0;
  static constexpr std::size_t kBytes = 16 * 1024;

  UringBuffers() = default;
  ~UringBuffers();
  UringBuffers(const UringBuffers&) = delete;
  UringBuffers& operator=(const UringBuffers&) = delete;

  /// 0, or the errno.
  int register_with(io_uring& ring) noexcept;

  /// The first `size` bytes of a buffer that a completion named.
  [[nodiscard]] Chunk keep(std::uint16_t buffer, std::size_t size);
  void release(Chunk& chunk) noexcept;
  /// Gives a buffer back unread.
  void recycle(std::uint16_t buffer) noexcept;
  /// The kernel found none left.
  void grow() noexcept;

 private:
  static constexpr unsigned kMost = 1024;
  static constexpr unsigned kAtFirst = 128;
  /// Not a power of two: the starts of buffers, all that short answers use, spread over the cache's sets.
  static constexpr std::size_t kStride = kBytes + 320;

  void offer(std::uint16_t buffer) noexcept;
  void publish() noexcept;
  [[nodiscard]] bool scarce() const noexcept { return total_ == kMost && out_ > kMost * 3 / 4; }
  [[nodiscard]] std::byte* at(std::uint16_t buffer) noexcept { return memory_ + buffer * kStride; }

  io_uring_buf_ring* ring_ = nullptr;
  std::byte* memory_ = nullptr;
  std::uint16_t tail_ = 0;
  unsigned total_ = 0;
  unsigned out_ = 0;
};

}  // namespace vajrapulse::runtime
