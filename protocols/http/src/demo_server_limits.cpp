#include "demo_server_limits.hpp"

#include <algorithm>

namespace vajrapulse::http::detail {

RateLimit::Bucket* RateLimit::bucket(Rate rate, TimePoint now) {
  const auto found = std::ranges::find(buckets_, rate, &Bucket::rate);
  if (found != buckets_.end()) return &*found;
  // A full bucket is as good as a new one.
  if (buckets_.size() == kRatesMax) std::erase_if(buckets_, [now](const Bucket& each) { return each.full_at <= now; });
  if (buckets_.size() == kRatesMax) return nullptr;
  return &buckets_.emplace_back(Bucket{rate, now});
}

RateLimit::Decision RateLimit::ask(Rate rate, TimePoint now) {
  Bucket* of = bucket(rate, now);
  if (of == nullptr) return {.outcome = Outcome::too_many_rates};
  const Duration gap = Duration(std::chrono::seconds(1)) / static_cast<std::int64_t>(rate.per_second);
  const TimePoint full_at = std::max(of->full_at, now) + gap;
  const TimePoint limit = now + gap * static_cast<std::int64_t>(rate.burst);
  if (full_at > limit) return {.outcome = Outcome::beyond, .wait = full_at - limit};
  of->full_at = full_at;
  return {};
}

std::uint64_t RecentRequests::add(TimePoint now) noexcept {
  const std::int64_t step = std::max(step_, now.time_since_epoch() / kStep);
  for (std::int64_t left = std::min(step - step_, kSteps); left > 0; --left) {
    std::uint64_t& oldest = counts_[static_cast<std::size_t>((step - left + 1) % kSteps)];
    sum_ -= oldest;
    oldest = 0;
  }
  step_ = step;
  ++counts_[static_cast<std::size_t>(step % kSteps)];
  return ++sum_;
}

Duration Degrading::latency(std::uint64_t recent) const noexcept {
  if (recent <= after) return std::min(base, kMost);
  const double over = static_cast<double>(recent - after) / static_cast<double>(after);
  const double added = std::min(over * static_cast<double>(by.count()), static_cast<double>(kMost.count()));
  return std::min(base + Duration(static_cast<std::int64_t>(added)), kMost);
}

}  // namespace vajrapulse::http::detail
