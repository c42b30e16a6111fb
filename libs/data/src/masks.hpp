#pragma once

#include <cstdint>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace vajrapulse::data {

/// Which of 64 bytes are what: bit i speaks of byte i.
struct Masks {
  std::uint64_t separator = 0;
  std::uint64_t quote = 0;
  std::uint64_t newline = 0;
};

#if defined(__SSE2__)
inline Masks masks_of(const char* block, char separator) {
  const __m128i separators = _mm_set1_epi8(separator);
  const __m128i quotes = _mm_set1_epi8('"');
  const __m128i newlines = _mm_set1_epi8('\n');
  Masks masks;
  for (int part = 0; part < 4; ++part) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(block + 16 * part));
    const auto equal = [&](__m128i wanted) {
      return std::uint64_t(unsigned(_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, wanted)))) << (16 * part);
    };
    masks.separator |= equal(separators);
    masks.quote |= equal(quotes);
    masks.newline |= equal(newlines);
  }
  return masks;
}
#else
inline Masks masks_of(const char* block, char separator) {
  Masks masks;
  for (int i = 0; i < 64; ++i) {
    masks.separator |= std::uint64_t(block[i] == separator) << i;
    masks.quote |= std::uint64_t(block[i] == '"') << i;
    masks.newline |= std::uint64_t(block[i] == '\n') << i;
  }
  return masks;
}
#endif

/// Bit i: whether an odd number of bits of `mask` up to and with i are set.
inline std::uint64_t odd_up_to(std::uint64_t mask) {
  for (int shift = 1; shift < 64; shift *= 2)
    mask ^= mask << shift;
  return mask;
}

/// The first `count` bits; `count` may be more than there are.
inline std::uint64_t first_bits(std::uint64_t count) {
  return count >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << count) - 1;
}

}  // namespace vajrapulse::data
