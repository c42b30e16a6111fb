#include <algorithm>
#include <functional>

#include "vajrapulse/http/demo_server.hpp"

namespace vajrapulse::http {

TimePoint Slots::serve(TimePoint arrival, Duration service) {
  std::ranges::pop_heap(free_at_, std::greater{});
  free_at_.back() = std::max(arrival, free_at_.back()) + service;
  const TimePoint end = free_at_.back();
  std::ranges::push_heap(free_at_, std::greater{});
  return end;
}

}  // namespace vajrapulse::http
