#include "vajrapulse/plan/shared_place.hpp"

#include <utility>

namespace vajrapulse::plan {

bool SharedPlace::full(std::size_t more) const noexcept { return kept_.size() >= size_ || bytes_ + more > kMostBytes; }

std::uint64_t SharedPlace::dropped() {
  const std::lock_guard lock(mutex_);
  return dropped_;
}

void SharedPlace::drop_oldest() {
  bytes_ -= kept_.front().text.size();
  kept_.pop_front();
}

SharedPlace::Left SharedPlace::leave(const criteria::Value& value) {
  if (value.text.size() > kLongest) return Left::too_long;
  Kept kept{value, std::string(value.text)};
  kept.value.text = {};
  const std::lock_guard lock(mutex_);
  if (kind_ != SharedKind::value && on_full_ != OnFull::drop_oldest && full(kept.text.size()))
    return on_full_ == OnFull::fail ? Left::full : (++dropped_, Left::dropped);
  while (!kept_.empty() && full(kept.text.size())) {
    drop_oldest();
    if (kind_ != SharedKind::value) ++dropped_;
  }
  bytes_ += kept.text.size();
  kept_.push_back(std::move(kept));
  return Left::kept;
}

criteria::Value SharedPlace::take(Random& random, std::string& text) {
  const std::lock_guard lock(mutex_);
  if (kept_.empty()) return criteria::Value::null();
  Kept& kept = kept_[kind_ == SharedKind::list ? std::size_t(random.below(kept_.size())) : 0];
  text.assign(kept.text);
  criteria::Value value = kept.value;
  value.text = text;
  if (kind_ == SharedKind::queue) drop_oldest();
  return value;
}

SharedPlaces make_shared_places(const std::vector<Named<SharedPlan>>& plans) {
  SharedPlaces places;
  for (const Named<SharedPlan>& plan : plans)
    places.emplace(plan.key.value, std::make_shared<SharedPlace>(plan.key.value, plan.value));
  return places;
}

}  // namespace vajrapulse::plan
