#include "counting.hpp"

#ifdef VP_ALLOCATIONS_COUNTED

#include <cstdlib>
#include <new>

namespace {
std::uint64_t count = 0;
}

// The linker sends every call of malloc and its like here (see CMakeLists.txt): coroutine frames come from malloc.
extern "C" {
void* __real_malloc(std::size_t bytes);
void* __real_calloc(std::size_t items, std::size_t bytes);
void* __real_realloc(void* memory, std::size_t bytes);
void* __wrap_malloc(std::size_t bytes) {
  ++count;
  return __real_malloc(bytes);
}
void* __wrap_calloc(std::size_t items, std::size_t bytes) {
  ++count;
  return __real_calloc(items, bytes);
}
void* __wrap_realloc(void* memory, std::size_t bytes) {
  ++count;
  return __real_realloc(memory, bytes);
}
}

// So that new is counted too where the C++ library is a shared one. In a file of its own: where it is inlined, GCC
// takes malloc and delete for a mismatch.
void* operator new(std::size_t bytes) {
  if (void* memory = std::malloc(bytes)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace vajrapulse::test {
std::uint64_t allocations() noexcept { return count; }
}  // namespace vajrapulse::test

#endif  // VP_ALLOCATIONS_COUNTED
