#pragma once

#include <cstdint>

// Sanitizers bring an operator new of their own (and frames are not pooled under them): nothing to count there.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define VP_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define VP_SANITIZED 1
#endif
#endif
#ifndef VP_SANITIZED
#define VP_ALLOCATIONS_COUNTED 1
#endif

namespace vajrapulse::test {

/// How often memory was asked for in this program: malloc, calloc, realloc, operator new.
std::uint64_t allocations() noexcept;

}  // namespace vajrapulse::test
