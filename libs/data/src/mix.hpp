#pragma once

#include <cstdint>

namespace vajrapulse::data {

__extension__ using Wide = unsigned __int128;

/// Number `index` of SplitMix64 (Steele, Lea and Flood, 2014) from `seed`, without those before it.
constexpr std::uint64_t split_mix_at(std::uint64_t seed, std::uint64_t index) {
  std::uint64_t z = seed + (index + 1) * 0x9e3779b97f4a7c15;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

}  // namespace vajrapulse::data
