#include "vajrapulse/plan/log.hpp"

#include <chrono>
#include <utility>

#include "vajrapulse/base/units.hpp"

namespace vajrapulse::plan {

bool Log::admits(TimePoint now) {
  const std::int64_t second = std::chrono::floor<std::chrono::seconds>(now.time_since_epoch()).count();
  if (second != second_) {
    close();
    second_ = second;
    written_ = 0;
  }
  if (written_ < most_) return ++written_, true;
  ++left_out_;
  return false;
}

void Log::close() {
  const std::uint64_t count = std::exchange(left_out_, 0);
  if (count == 0) return;
  sink_("… " + format_count(count) + (count == 1 ? " more line" : " more lines") + " of log steps in that second");
}

}  // namespace vajrapulse::plan
