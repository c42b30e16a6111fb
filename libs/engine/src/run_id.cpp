#include "run_id.hpp"

#include <fmt/format.h>

#include "vajrapulse/base/random.hpp"

namespace vajrapulse::engine {

std::string make_run_id(const Clock& clock, std::uint64_t seed) {
  const auto wall = std::uint64_t(clock.wall_now().time_since_epoch().count());
  const auto uptime = std::uint64_t(clock.now().time_since_epoch().count());
  Random random = Random(wall).fork(uptime).fork(seed);
  const std::uint64_t high = (random.next() & ~0xF000ULL) | 0x4000ULL;
  const std::uint64_t low = (random.next() & ~(3ULL << 62)) | (2ULL << 62);
  return fmt::format("{:08x}-{:04x}-{:04x}-{:04x}-{:012x}", high >> 32, (high >> 16) & 0xFFFF, high & 0xFFFF, low >> 48,
                     low & 0xFFFF'FFFF'FFFFULL);
}

}  // namespace vajrapulse::engine
