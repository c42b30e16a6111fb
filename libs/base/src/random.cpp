#include "vajrapulse/base/random.hpp"

#include <bit>
#include <cmath>
#include <numbers>

#include "generators.hpp"

namespace vajrapulse {
Random::Random(std::uint64_t seed) noexcept {
  for (std::uint64_t& word : state_)
    word = split_mix_64(seed);
}

std::uint64_t Random::next() noexcept { return xoshiro_256_plus_plus(state_); }

std::uint64_t Random::below(std::uint64_t bound) noexcept {
  __extension__ using Wide = unsigned __int128;
  Wide product = Wide(next()) * bound;
  if (auto low = std::uint64_t(product); low < bound) {
    const std::uint64_t threshold = (0 - bound) % bound;
    while (low < threshold) {
      product = Wide(next()) * bound;
      low = std::uint64_t(product);
    }
  }
  return std::uint64_t(product >> 64);
}

double Random::exponential() noexcept { return -std::log1p(-uniform()); }

double Random::normal() noexcept {
  const double radius = std::sqrt(2 * exponential());
  return radius * std::cos(2 * std::numbers::pi * uniform());
}

Random Random::fork(std::uint64_t index) const noexcept {
  std::uint64_t mixed = index;
  return Random(state_[0] ^ std::rotl(state_[2], 32) ^ split_mix_64(mixed));
}

}  // namespace vajrapulse
