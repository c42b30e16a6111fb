#pragma once

#include <cstddef>

namespace vajrapulse::runtime {

/// Coroutine frames from free lists of the calling thread: a request in steady state allocates nothing.
/// A frame is freed on the thread that made it (coroutines do not move between shards).
[[nodiscard]] void* allocate_frame(std::size_t bytes);
void free_frame(void* frame, std::size_t bytes) noexcept;

/// Base of promises whose frames come from the pool.
struct PooledFrame {
  static void* operator new(std::size_t bytes) { return allocate_frame(bytes); }
  static void operator delete(void* frame, std::size_t bytes) noexcept { free_frame(frame, bytes); }
};

}  // namespace vajrapulse::runtime
