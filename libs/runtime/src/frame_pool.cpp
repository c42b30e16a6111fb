#include "vajrapulse/runtime/frame_pool.hpp"

#include <array>
#include <cstdlib>
#include <new>
#include <utility>

#if defined(__SANITIZE_ADDRESS__)
#define VP_POOL_PASSES_THROUGH 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define VP_POOL_PASSES_THROUGH 1
#endif
#endif

namespace vajrapulse::runtime {
namespace {

constexpr std::size_t kStep = 64;
constexpr std::size_t kLargest = 4096;
constexpr std::size_t kClasses = kLargest / kStep;

// Under AddressSanitizer every frame is an allocation of its own, so that a use after free is seen.
#ifdef VP_POOL_PASSES_THROUGH
constexpr bool kPooled = false;
#else
constexpr bool kPooled = true;
#endif

struct FreeFrame {
  FreeFrame* next;
};

/// Trivial to construct and to destroy: reaching it costs no guard check, and a frame freed by a later
/// thread-exit destructor still finds it.
struct Lists {
  std::array<FreeFrame*, kClasses> first{};
  bool swept_at_exit = false;
  bool thread_ended = false;
};
constinit thread_local Lists lists;

/// Gives the thread's free frames back when it ends.
struct Sweeper {
  ~Sweeper() {
    lists.thread_ended = true;
    for (FreeFrame*& first : lists.first) {
      while (first)
        std::free(std::exchange(first, first->next));
    }
  }
};

void sweep_at_exit() {
  static thread_local Sweeper sweeper;
  (void)sweeper;
  lists.swept_at_exit = true;
}

void* allocate_fresh(std::size_t bytes) {
  if (kPooled && !lists.swept_at_exit) sweep_at_exit();
  void* frame = std::malloc(bytes);
  if (!frame) throw std::bad_alloc{};
  return frame;
}

std::size_t class_of(std::size_t bytes) noexcept { return (bytes - 1) / kStep; }

}  // namespace

void* allocate_frame(std::size_t bytes) {
  if (!kPooled || bytes == 0 || bytes > kLargest) return allocate_fresh(bytes);
  const std::size_t index = class_of(bytes);
  FreeFrame*& first = lists.first[index];
  if (!first) return allocate_fresh((index + 1) * kStep);
  return std::exchange(first, first->next);
}

void free_frame(void* frame, std::size_t bytes) noexcept {
  if (!kPooled || bytes == 0 || bytes > kLargest || lists.thread_ended) {
    std::free(frame);
    return;
  }
  FreeFrame*& first = lists.first[class_of(bytes)];
  first = ::new (frame) FreeFrame{first};
}

}  // namespace vajrapulse::runtime
