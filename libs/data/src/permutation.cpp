#include "permutation.hpp"

#include <algorithm>
#include <bit>

#include "mix.hpp"

namespace vajrapulse::data {
namespace {

constexpr std::uint64_t mask_of(int bits) { return (std::uint64_t{1} << bits) - 1; }

}  // namespace

std::uint64_t permuted(std::uint64_t position, std::uint64_t count, std::uint64_t key) {
  // Two bits at least: each half needs one, else the other would never change.
  const int bits = std::max(2, int(std::bit_width(count - 1)));
  const int low = bits / 2;
  // Four rounds make a permutation that looks random (Luby and Rackoff, 1988); halves of few bits take two more to
  // bring all orders about.
  const std::uint64_t rounds = bits < 12 ? 6 : 4;
  const std::uint64_t low_mask = mask_of(low);
  const std::uint64_t high_mask = mask_of(bits - low);
  do {
    std::uint64_t left = position >> low;
    std::uint64_t right = position & low_mask;
    for (std::uint64_t round = 0; round < rounds; round += 2) {
      left ^= split_mix_at(key + right, round) & high_mask;
      right ^= split_mix_at(key + left, round + 1) & low_mask;
    }
    position = (left << low) | right;
  } while (position >= count);
  return position;
}

std::uint64_t permuted_in_window(std::uint64_t position, std::uint64_t count, std::uint64_t seed, std::uint64_t round,
                                 std::uint64_t window) {
  return permuted(position, count, split_mix_at(split_mix_at(seed, round), window));
}

}  // namespace vajrapulse::data
