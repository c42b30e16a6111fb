#include "vajrapulse/engine/exact_share.hpp"

#include <cstdint>

namespace vajrapulse::engine {

double exact_share(const metrics::Snapshot& snapshot, std::string_view metric) {
  const metrics::Histogram interrupted = snapshot.histogram(metric, {{"status", "interrupted"}});
  if (interrupted.empty()) return 1;
  const metrics::Histogram whole = snapshot.histogram(metric);
  std::uint64_t below = 0;
  whole.each([&](std::int64_t, std::int64_t high, std::uint64_t count) {
    if (high < interrupted.min()) below += count;
  });
  return double(below) / double(whole.count());
}

}  // namespace vajrapulse::engine
