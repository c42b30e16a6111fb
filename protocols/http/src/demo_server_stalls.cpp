#include <algorithm>

#include "vajrapulse/http/demo_server.hpp"

namespace vajrapulse::http {

TimePoint Stall::release(TimePoint due) const noexcept {
  if (every <= Duration::zero() || due < origin + every) return due;
  const TimePoint begin = origin + (due - origin) / every * every;
  return due < begin + length ? begin + length : due;
}

TimePoint Stall::next_end(TimePoint now) const noexcept {
  const auto ended = (now - origin - length) / every;  // the n-th ends at n·every + length
  return origin + std::max<Duration::rep>(ended + 1, 1) * every + length;
}

void StallLog::ended(TimePoint due, TimePoint now) {
  constexpr std::size_t kKept = 65'536;
  const TimePoint begin = due - length_;
  if (!records_.empty() && records_.back().begin >= begin) return;
  if (records_.size() == kKept) records_.pop_front();
  records_.push_back({.begin = begin, .end = now});
}

void StallLog::released(TimePoint due, TimePoint now) {
  ended(due, now);
  if (records_.back().begin == due - length_) ++records_.back().held;
}

}  // namespace vajrapulse::http
