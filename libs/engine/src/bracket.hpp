#pragma once

#include <algorithm>
#include <cstdint>

namespace vajrapulse::engine {

/// The last of 0 … `highest` for which `reached` holds, where it holds for 0 and, once it does not, never again.
///
/// Looks around `guess` in steps that double and then halves what is left: two looks when the guess is right, and
/// never more than about 130, however wrong it is.
template <class Reached>
std::uint64_t last_reached(std::uint64_t guess, std::uint64_t highest, const Reached& reached) {
  std::uint64_t low = std::min(guess, highest);
  std::uint64_t beyond = low;  // the first that is known not to be reached
  if (reached(low)) {
    for (std::uint64_t step = 1;; step *= 2) {
      if (low == highest) return low;
      beyond = low + std::min(step, highest - low);
      if (!reached(beyond)) break;
      low = beyond;
    }
  } else {
    for (std::uint64_t step = 1;; step *= 2) {
      low = beyond - std::min(step, beyond);
      if (low == 0 || reached(low)) break;
      beyond = low;
    }
  }
  while (beyond - low > 1) {
    const std::uint64_t middle = low + (beyond - low) / 2;
    (reached(middle) ? low : beyond) = middle;
  }
  return low;
}

}  // namespace vajrapulse::engine
