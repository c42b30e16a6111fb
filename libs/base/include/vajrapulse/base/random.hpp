#pragma once

#include <cstdint>

namespace vajrapulse {

/// Random numbers from a seed: xoshiro256++ (Blackman and Vigna, 2019), seeded by SplitMix64. The same
/// seed gives the same numbers on every machine, compiler and library; std distributions do not.
class Random {
 public:
  explicit Random(std::uint64_t seed) noexcept;

  std::uint64_t next() noexcept;
  /// In [0, 1), 53 bits.
  double uniform() noexcept { return double(next() >> 11) * 0x1.0p-53; }
  /// In [0, bound), without bias (Lemire, 2019); bound > 0.
  std::uint64_t below(std::uint64_t bound) noexcept;
  /// Exponential with mean 1, by inversion.
  double exponential() noexcept;
  /// Normal with mean 0 and deviation 1 (Box and Muller, 1958).
  double normal() noexcept;
  /// An independent generator for part `index` of whatever this one serves.
  [[nodiscard]] Random fork(std::uint64_t index) const noexcept;

 private:
  std::uint64_t state_[4];
};

}  // namespace vajrapulse
