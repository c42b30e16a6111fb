#include "segmented.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <utility>

#include "exact_pattern.hpp"

namespace vajrapulse::engine {
namespace {

using Kind = Segmented::Rate::Kind;

constexpr std::uint64_t kMillion = 1'000'000;
constexpr Wide kSourceUnits = kUnitsPerArrival;
constexpr Wide kUnits = kSourceUnits * kMillion;
constexpr Wide kMost = std::numeric_limits<Wide>::max();
constexpr std::uint64_t kMostCount = std::numeric_limits<std::uint64_t>::max();

constexpr Wide product(Wide a, Wide b) { return a != 0 && b > kMost / a ? kMost : a * b; }
constexpr Wide sum(Wide a, Wide b) { return b > kMost - a ? kMost : a + b; }
constexpr Wide difference(Wide a, Wide b) { return a > b ? a - b : 0; }

constexpr Wide common_divisor(Wide a, Wide b) {
  while (b != 0)
    a = std::exchange(b, a % b);
  return a;
}

double arrivals(Wide units) { return double(static_cast<long double>(units) / static_cast<long double>(kUnits)); }

std::uint64_t ceiling(Wide units) {
  return std::uint64_t(std::min<Wide>(units / kUnits + (units % kUnits != 0 ? 1 : 0), kMostCount));
}

/// Arrivals from `whole` + `rest`/`modulus` ns on, each `gap`/`modulus` ns after the one before it, in numbers that an
/// EvenStretch can hold; nothing where that takes more digits than it has.
std::optional<EvenStretch> stretch(std::uint64_t end, Duration start, Wide rest, Wide modulus, Wide gap) {
  const Wide divisor = common_divisor(common_divisor(modulus, gap), rest);
  if (modulus / divisor > kMostCount || gap / divisor > kMostCount) return std::nullopt;
  return EvenStretch{.end = end,
                     .start = start,
                     .remainder = std::uint64_t(rest / divisor),
                     .modulus = std::uint64_t(modulus / divisor),
                     .scaled_gap = std::uint64_t(gap / divisor)};
}

}  // namespace

Segmented::Segmented(std::shared_ptr<const LoadPattern> source)
    : source_(std::move(source)), exact_(dynamic_cast<const ExactPattern*>(source_.get())), segments_(1) {}

std::shared_ptr<const Segmented> Segmented::changed(Duration at, Rate rate) const {
  const Segment& last = segments_.back();
  assert(at >= last.begin);
  auto next = std::make_shared<Segmented>(*this);
  if (at == last.begin) {
    next->segments_.back().rate = rate;
    return next;
  }
  const Duration source = source_time(last, at);
  next->segments_.push_back({.begin = at,
                             .source = source,
                             .rate = rate,
                             .base = units(last, at),
                             .source_base = source_units(source),
                             .expected = expected_before(at),
                             .first = arrivals_before(at),
                             .shifted = last.shifted && (last.rate.kind == Kind::none || last.in_step())});
  return next;
}

const Segmented::Segment& Segmented::at(Duration t) const noexcept {
  const auto later = std::ranges::upper_bound(segments_, t, {}, &Segment::begin);
  return later == segments_.begin() ? segments_.front() : *std::prev(later);
}

/// The segment in which arrival k is due.
const Segmented::Segment& Segmented::of(std::uint64_t k) const noexcept {
  return *std::prev(std::ranges::upper_bound(segments_, k, {}, &Segment::first));
}

const Segmented::Segment* Segmented::after(const Segment& segment) const noexcept {
  return &segment == &segments_.back() ? nullptr : &segment + 1;
}

Duration Segmented::source_time(const Segment& segment, Duration t) noexcept {
  return segment.rate.kind == Kind::none ? segment.source : segment.source + (t - segment.begin);
}

/// Where the next segment begins, or the source ends.
Duration Segmented::end_of(const Segment& segment) const {
  if (const Segment* next = after(segment)) return next->begin;
  const std::optional<Duration> length = source_->length();
  if (!length || segment.rate.kind == Kind::none) return Duration::max();
  return segment.begin + std::max(*length - segment.source, Duration::zero());
}

Wide Segmented::source_units(Duration t) const {
  if (exact_) return exact_->amount_before(t).floor;
  const long double amount = static_cast<long double>(source_->expected_before(t));
  return Wide(std::max(amount, 0.0L) * static_cast<long double>(kSourceUnits));
}

/// Λ(t), for a time in `segment` or at its end.
Wide Segmented::units(const Segment& segment, Duration t) const {
  const Rate& rate = segment.rate;
  if (rate.kind == Kind::none) return segment.base;
  if (rate.kind == Kind::level)
    return sum(segment.base, product(Wide(rate.millionths) * (2 * kMillion), Wide((t - segment.begin).count())));
  const Wide amount = difference(source_units(source_time(segment, t)), segment.source_base);
  return sum(segment.base, product(amount, rate.millionths));
}

double Segmented::rate_at(Duration t) const {
  const Segment& segment = at(t);
  switch (segment.rate.kind) {
    case Kind::none: return 0;
    case Kind::level: return double(segment.rate.millionths) / kMillion;
    case Kind::follow: break;
  }
  return source_->rate_at(source_time(segment, t)) * double(segment.rate.millionths) / kMillion;
}

std::uint64_t Segmented::arrivals_before(Duration t) const {
  if (t <= Duration::zero()) return 0;
  const Segment& segment = at(t);
  if (segment.rate.kind == Kind::none) return segment.first;
  if (segment.in_step()) return source_->arrivals_before(source_time(segment, t));
  return std::max(segment.first, ceiling(units(segment, t)));
}

double Segmented::expected_before(Duration t) const {
  if (t <= Duration::zero()) return 0;
  const Segment& segment = at(t);
  if (segment.rate.kind == Kind::none) return segment.expected;
  if (segment.in_step()) return source_->expected_before(source_time(segment, t));
  return arrivals(units(segment, t));
}

std::optional<Duration> Segmented::start_of(std::uint64_t k) const {
  const Segment& segment = of(k);
  if (segment.rate.kind == Kind::none) return std::nullopt;
  if (segment.in_step()) {
    const std::optional<Duration> start = source_->start_of(k);
    return start ? std::optional(segment.begin + (*start - segment.source)) : std::nullopt;
  }
  if (segment.rate.kind == Kind::follow) return search(segment, k);
  const Wide offset = difference(Wide(k) * kUnits, segment.base) / (Wide(segment.rate.millionths) * (2 * kMillion));
  if (offset > Wide((Duration::max() - segment.begin).count())) return std::nullopt;
  return segment.begin + Duration(std::int64_t(offset));
}

/// The latest nanosecond at which Λ is not above `k`: near where the source's inverse says, and then by halves.
std::optional<Duration> Segmented::search(const Segment& segment, std::uint64_t k) const {
  const Wide amount = Wide(k) * kUnits;
  const auto reached = [&](Duration t) { return units(segment, t) <= amount; };
  Duration low = segment.begin;
  Duration high = end_of(segment);
  if (reached(high)) return std::nullopt;
  const Duration guess = std::clamp(unbounded_inverse(segment, double(k)).value_or(low), low, high);
  for (std::int64_t step = 1; step < (high - low).count() / 2; step *= 4) {
    const Duration near_low = std::max(low, guess - Duration(step));
    const Duration near_high = guess > high - Duration(step) ? high : guess + Duration(step);
    if (!reached(near_low) || reached(near_high)) continue;
    low = near_low;
    high = near_high;
    break;
  }
  while (high - low > Duration(1)) {
    const Duration middle = low + (high - low) / 2;
    (reached(middle) ? low : high) = middle;
  }
  return low;
}

std::optional<EvenStretch> Segmented::even_from(std::uint64_t k) const {
  const Segment& segment = of(k);
  const Segment* next = after(segment);
  const std::uint64_t end = next ? next->first : kMostCount;
  if (segment.rate.kind == Kind::none) return std::nullopt;
  if (segment.in_step()) {
    std::optional<EvenStretch> even = source_->even_from(k);
    if (!even) return std::nullopt;
    even->start += segment.begin - segment.source;
    even->end = std::min(even->end, end);
    return even;
  }
  if (segment.rate.kind == Kind::follow) return even_scaled(segment, k);
  const Wide modulus = Wide(segment.rate.millionths) * (2 * kMillion);
  const Wide offset = difference(Wide(k) * kUnits, segment.base);
  if (offset / modulus > Wide((Duration::max() - segment.begin).count())) return std::nullopt;
  return stretch(end, segment.begin + Duration(std::int64_t(offset / modulus)), offset % modulus, modulus, kUnits);
}

/// Where the source is even, a factor leaves it even. Arrival k lies where the source's Λ is X = source_base +
/// (k·units − base)/factor; between the source's arrivals j and j + 1, where j = ⌊X⌋, both in one even stretch of the
/// source, that is start(j) + (X − j)/(rate of the source).
std::optional<EvenStretch> Segmented::even_scaled(const Segment& segment, std::uint64_t k) const {
  if (!exact_) return std::nullopt;
  const Wide factor = segment.rate.millionths;
  const Wide ahead = difference(Wide(k) * kUnits, segment.base);
  const auto j = std::uint64_t(std::min<Wide>((segment.source_base + ahead / factor) / kSourceUnits, kMostCount));
  const std::optional<EvenStretch> even = source_->even_from(j);
  if (!even || Wide(even->scaled_gap) != kSourceUnits) return std::nullopt;
  const Wide last = (Wide(even->end) - 1) * kSourceUnits;  // in the source, the last that is part of it
  if (last < segment.source_base) return std::nullopt;
  const Wide reach = sum(product(last - segment.source_base, factor), segment.base) / kUnits;
  const Segment* next = after(segment);
  const std::uint64_t end = std::min(std::uint64_t(std::min<Wide>(reach, kMostCount - 1)) + 1,  //
                                     next ? next->first : kMostCount);
  if (end <= k) return std::nullopt;
  // In units of 1/modulus ns from the start of the source's arrival j.
  const Wide modulus = factor * even->modulus;
  const Wide offset =
      factor * segment.source_base + ahead - factor * (Wide(j) * kSourceUnits) + factor * even->remainder;
  const Duration start = segment.begin + (even->start - segment.source) + Duration(std::int64_t(offset / modulus));
  return stretch(end, start, offset % modulus, modulus, kUnits);
}

/// Where the segment would have Λ = x if it began earlier or ended later than it does.
std::optional<Duration> Segmented::unbounded_inverse(const Segment& segment, double x) const {
  const double ahead = x - segment.expected;
  switch (segment.rate.kind) {
    case Kind::none: return std::nullopt;
    case Kind::level: {
      const double offset_ns = std::floor(ahead * (1e9 * kMillion) / double(segment.rate.millionths));
      if (offset_ns > double((Duration::max() - segment.begin).count()) * 0.99) return std::nullopt;
      return segment.begin + Duration(std::int64_t(offset_ns));
    }
    case Kind::follow: break;
  }
  const double source_expected =
      double(static_cast<long double>(segment.source_base) / static_cast<long double>(kSourceUnits));
  const double y = segment.in_step() ? x : source_expected + ahead * kMillion / double(segment.rate.millionths);
  const std::optional<Duration> start = source_->inverse(std::max(y, 0.0));
  return start ? std::optional(segment.begin + (*start - segment.source)) : std::nullopt;
}

/// An arrival is where the first segment says that reaches it in its time. So one that was due before a change stays
/// where it was, also where Λ at the change, rounded, is on the other side of it.
std::optional<Duration> Segmented::inverse(double x) const {
  const double rounding = 1e-9 * (1 + std::abs(x));
  auto segment = std::ranges::upper_bound(segments_, x - rounding, {}, &Segment::expected);
  if (segment != segments_.begin()) --segment;
  for (; segment != segments_.end(); ++segment) {
    const std::optional<Duration> start = unbounded_inverse(*segment, x);
    const Segment* next = after(*segment);
    if (start && (!next || *start < next->begin)) return std::max(*start, segment->begin);
  }
  return std::nullopt;
}

std::optional<Duration> Segmented::length() const {
  const Duration end = end_of(segments_.back());
  return end == Duration::max() ? std::nullopt : std::optional(end);
}

double Segmented::highest_rate() const {
  double highest = 0;
  for (const Segment& segment : segments_) {
    const double value = double(segment.rate.millionths) / kMillion;
    if (segment.rate.kind == Kind::level) highest = std::max(highest, value);
    if (segment.rate.kind == Kind::follow) highest = std::max(highest, value * source_->highest_rate());
  }
  return highest;
}

}  // namespace vajrapulse::engine
