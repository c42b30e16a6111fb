#pragma once

#include <bit>
#include <cstdint>

namespace vajrapulse {

/// SplitMix64 (Steele, Lea and Flood, 2014): one step from `state`, for spreading seeds.
constexpr std::uint64_t split_mix_64(std::uint64_t& state) noexcept {
  std::uint64_t z = (state += 0x9e3779b97f4a7c15);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

/// xoshiro256++ 1.0 (Blackman and Vigna, 2019): one step; the state must not be all zero.
constexpr std::uint64_t xoshiro_256_plus_plus(std::uint64_t (&s)[4]) noexcept {
  const std::uint64_t result = std::rotl(s[0] + s[3], 23) + s[0];
  const std::uint64_t t = s[1] << 17;
  s[2] ^= s[0];
  s[3] ^= s[1];
  s[1] ^= s[2];
  s[0] ^= s[3];
  s[2] ^= t;
  s[3] = std::rotl(s[3], 45);
  return result;
}

}  // namespace vajrapulse
