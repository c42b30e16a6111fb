#pragma once

#include <cstdint>

namespace vajrapulse::engine {

__extension__ typedef unsigned __int128 Wide;

struct Quotient {
  Wide whole = 0;
  bool inexact = false;  ///< something was left over
};

/// ⌊a·b·c / divisor⌋ without losing a bit of the product of three; the quotient must fit 128 bits.
constexpr Quotient multiply_divide(std::uint64_t a, std::uint64_t b, std::uint64_t c, std::uint64_t divisor) {
  const Wide ab = Wide(a) * b;
  const Wide low = Wide(std::uint64_t(ab)) * c;
  const Wide high = Wide(std::uint64_t(ab >> 64)) * c + std::uint64_t(low >> 64);
  // Schoolbook division in two digits of 64 bits: a third would not fit the quotient.
  const Wide rest = ((high % divisor) << 64) | std::uint64_t(low);
  return {((high / divisor) << 64) + rest / divisor, rest % divisor != 0};
}

}  // namespace vajrapulse::engine
