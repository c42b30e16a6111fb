#pragma once

#include <cstdint>
#include <string_view>

namespace vajrapulse {

/// FNV-1a, 64 bits (Fowler, Noll and Vo): a number for a name, the same on every machine, to fork a seed by.
constexpr std::uint64_t name_hash(std::string_view name) noexcept {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : name)
    hash = (hash ^ std::uint8_t(c)) * 0x100000001b3;
  return hash;
}

}  // namespace vajrapulse
