#include "vajrapulse/http/head.hpp"

#include <bit>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace vajrapulse::http {
namespace {

constexpr bool is_control(char c) noexcept {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20 && byte != '\t') || byte == 0x7f;
}

#if defined(__SSE2__)
// Bit i is set where byte i is a control character other than tab.
unsigned control_mask(const char* at) noexcept {
  const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
  const __m128i low = _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(0x1f)), bytes);
  const __m128i tab = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\t'));
  const __m128i del = _mm_cmpeq_epi8(bytes, _mm_set1_epi8(0x7f));
  return static_cast<unsigned>(_mm_movemask_epi8(_mm_or_si128(_mm_andnot_si128(tab, low), del)));
}

__m128i at_most(__m128i bytes, char most) noexcept {
  return _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(most)), bytes);
}

// Bit i is set where byte i is none of what nearly all names are made of: letters, digits and hyphens.
unsigned unusual_mask(const char* at) noexcept {
  const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
  const __m128i lower_case = _mm_or_si128(bytes, _mm_set1_epi8('a' - 'A'));
  const __m128i letter = at_most(_mm_sub_epi8(lower_case, _mm_set1_epi8('a')), 'z' - 'a');
  const __m128i digit = at_most(_mm_sub_epi8(bytes, _mm_set1_epi8('0')), 9);
  const __m128i hyphen = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('-'));
  return static_cast<unsigned>(_mm_movemask_epi8(_mm_or_si128(_mm_or_si128(letter, digit), hyphen))) ^ 0xffffU;
}
#endif

const char* find_no_token_char(const char* at, const char* end) noexcept {
#if defined(__SSE2__)
  while (end - at >= 16) {
    const unsigned mask = unusual_mask(at);
    at += mask == 0 ? 16 : std::countr_zero(mask);
    if (mask != 0) break;
  }
#endif
  while (at != end && is_token_char(*at))
    ++at;
  return at;
}

}  // namespace

const char* find_control(const char* at, const char* end) noexcept {
#if defined(__SSE2__)
  while (end - at >= 16) {
    const unsigned mask = control_mask(at);
    if (mask != 0) return at + std::countr_zero(mask);
    at += 16;
  }
#endif
  while (at != end && !is_control(*at))
    ++at;
  return at;
}

bool split_field(std::string_view line, Field& field) noexcept {
  const std::size_t colon =
      static_cast<std::size_t>(find_no_token_char(line.data(), line.data() + line.size()) - line.data());
  if (colon == 0 || colon == line.size() || line[colon] != ':') return false;
  field.name = line.substr(0, colon);
  field.value = trimmed(line.substr(colon + 1));
  return true;
}

std::string_view find_field(std::string_view head, std::string_view name) noexcept {
  FieldRange fields(head);
  for (Field field; fields.next(field);) {
    if (same_text(field.name, name)) return field.value;
  }
  return {};
}

}  // namespace vajrapulse::http
