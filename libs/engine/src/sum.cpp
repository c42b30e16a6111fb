#include "sum.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace vajrapulse::engine {
namespace {

constexpr std::int64_t kEver = std::numeric_limits<std::int64_t>::max();

}  // namespace

Sum::Sum(std::vector<std::shared_ptr<const ExactPattern>> parts) : parts_(std::move(parts)) {
  for (const auto& part : parts_)
    end_ns_ = std::max(end_ns_, part->length().value_or(Duration(kEver)).count());
  end_ = amount_before(Duration(end_ns_)).floor;
}

double Sum::rate_at(Duration t) const {
  double rate = 0;
  for (const auto& part : parts_)
    rate += part->rate_at(t);
  return rate;
}

Amount Sum::amount_before(Duration t) const {
  Amount amount;
  for (const auto& part : parts_) {
    const Amount own = part->amount_before(t);
    amount.floor += own.floor;
    amount.more = amount.more || own.more;
  }
  return amount;
}

std::optional<Duration> Sum::last_at_most(Wide amount) const {
  if (amount >= end_) return std::nullopt;
  std::int64_t low = 0;         // Λ is not above the amount here,
  std::int64_t high = end_ns_;  // and is here
  std::int64_t at = 0;
  long double missing = static_cast<long double>(amount);
  for (unsigned round = 1; high - low > 1; ++round) {
    // Where the rate jumps Newton's steps may go to and fro: every third look halves what is left.
    const long double step = missing / (2e6L * std::max(rate_at(Duration(at)), 1e-12));
    const bool near = round % 3 != 0 && step > -9e18L && step < 9e18L;
    const long double next = near ? static_cast<long double>(at) + std::floor(step) : 0;
    at = near && next > 0 ? std::int64_t(std::min(next, 9e18L)) : low + (high - low) / 2;
    at = std::clamp(at, low + 1, high - 1);
    const Amount there = amount_before(Duration(at));
    (there.above(amount) ? high : low) = at;
    missing = there.floor > amount ? -static_cast<long double>(there.floor - amount)
                                   : static_cast<long double>(amount - there.floor);
  }
  return Duration(low);
}

std::optional<Level> Sum::level_at(Duration t) const {
  if (t.count() < 0 || t.count() >= end_ns_) return std::nullopt;
  Level sum{.rate = 0, .until_ns = end_ns_};
  for (const auto& part : parts_) {
    if (t.count() >= part->length().value_or(Duration(kEver)).count()) continue;
    const std::optional<Level> own = part->level_at(t);
    if (!own) return std::nullopt;
    sum.rate += own->rate;
    sum.until_ns = std::min(sum.until_ns, own->until_ns);
  }
  return sum;
}

std::optional<Duration> Sum::length() const {
  if (end_ns_ == kEver) return std::nullopt;
  return Duration(end_ns_);
}

double Sum::highest_rate() const {
  double rate = 0;
  for (const auto& part : parts_)
    rate += part->highest_rate();
  return rate;
}

std::string Sum::text() const {
  std::string text;
  for (const auto& part : parts_)
    text += (text.empty() ? "" : " + ") + part->text();
  return text;
}

}  // namespace vajrapulse::engine
