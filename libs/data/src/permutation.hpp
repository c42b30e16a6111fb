#pragma once

#include <cstdint>

namespace vajrapulse::data {

/// Where `position` of [0, count) goes in the permutation that belongs to `key`; count > 0.
std::uint64_t permuted(std::uint64_t position, std::uint64_t count, std::uint64_t key);

/// The place of a row in round `round` through a window of `count` rows that is the `window`-th of its table.
std::uint64_t permuted_in_window(std::uint64_t position, std::uint64_t count, std::uint64_t seed, std::uint64_t round,
                                 std::uint64_t window);

}  // namespace vajrapulse::data
