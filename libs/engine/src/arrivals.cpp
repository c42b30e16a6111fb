#include "vajrapulse/engine/arrivals.hpp"

#include <algorithm>
#include <limits>

#include "wide.hpp"

namespace vajrapulse::engine {

Arrivals::Arrivals(const LoadPattern& pattern, const Settings& settings, Share share)
    : pattern_(&pattern),
      share_(share),
      next_index_(share.first),
      end_(settings.limit.value_or(std::numeric_limits<std::uint64_t>::max())),
      limit_(settings.limit),
      kind_(settings.kind),
      length_(settings.length),
      random_(settings.seed) {
  if (kind_ == ArrivalKind::even) end_ = std::min(end_, pattern.arrivals_before(length_));
}

void Arrivals::follow(const LoadPattern& pattern, Duration length, Last last) {
  pattern_ = &pattern;
  length_ = length;
  end_ = limit_.value_or(std::numeric_limits<std::uint64_t>::max());
  if (kind_ == ArrivalKind::even) end_ = std::min(end_, pattern.arrivals_before(length_));
  even_ = {};
  if (last == Last::given_back) next_index_ = index_;
}

std::optional<Duration> Arrivals::next_uneven() {
  if (next_index_ >= end_) return std::nullopt;
  if (kind_ == ArrivalKind::poisson) return next_poisson();
  if (const auto stretch = pattern_->even_from(next_index_)) {
    enter(*stretch);
    return next();
  }
  index_ = next_index_;
  next_index_ += share_.stride;
  return pattern_->start_of(index_);
}

void Arrivals::enter(const EvenStretch& stretch) {
  const Wide step = Wide(stretch.scaled_gap) * share_.stride;
  even_ = {.end = std::min(stretch.end, end_),
           .due_ns = stretch.start.count(),
           .remainder = stretch.remainder,
           .modulus = stretch.modulus,
           // A step beyond the end of time is never taken: the stretch ends before it.
           .step_ns = std::int64_t(std::min<Wide>(step / stretch.modulus, 1'000'000'000'000'000'000)),
           .step_remainder = std::uint64_t(step % stretch.modulus)};
}

/// Every share draws every gap, so that all of them see one sequence, to the last bit.
std::optional<Duration> Arrivals::next_poisson() {
  while (drawn_ <= next_index_) {
    sum_ += random_.exponential();
    ++drawn_;
  }
  const std::optional<Duration> due = pattern_->inverse(sum_);
  if (!due || *due >= length_) {
    end_ = next_index_;
    return std::nullopt;
  }
  index_ = next_index_;
  next_index_ += share_.stride;
  return due;
}

/// How many of this share's arrivals come from the next one on, before the one numbered `end`.
std::uint64_t Arrivals::own_before(std::uint64_t end) const noexcept {
  return next_index_ >= end ? 0 : (end - next_index_ - 1) / share_.stride + 1;
}

std::uint64_t Arrivals::remaining(Duration until) const {
  until = std::min(until, length_);
  if (kind_ == ArrivalKind::even) return own_before(std::min(end_, pattern_->arrivals_before(until)));
  constexpr double kMostDrawn = 200'000;
  const double expected = std::max(pattern_->expected_before(until) - sum_, 0.0);
  if (expected > kMostDrawn) return own_before(std::min(end_, drawn_ + static_cast<std::uint64_t>(expected)));
  Arrivals walk = *this;
  walk.length_ = until;
  std::uint64_t count = 0;
  while (walk.next())
    ++count;
  return count;
}

}  // namespace vajrapulse::engine
