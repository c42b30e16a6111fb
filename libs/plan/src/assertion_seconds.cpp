#include "assertion_seconds.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace vajrapulse::plan {
namespace {

/// Intervals begin a little late where the host is busy, never early.
constexpr double kSlack = 0.05;
/// So much of a second, and it may be over.
constexpr double kWhole = 0.95;

std::int64_t number_of(double t) { return std::int64_t(std::floor(t + kSlack)); }

}  // namespace

double covered(std::vector<Span> spans) {
  std::ranges::sort(spans, {}, &Span::begin);
  double length = 0;
  double reached = -1e300;
  for (const Span& span : spans) {
    const double begin = std::max(span.begin, reached);
    if (span.end <= begin) continue;
    length += span.end - begin;
    reached = span.end;
  }
  return length;
}

void Seconds::add(const Span& span, const metrics::Snapshot& interval) {
  reach(span.begin);
  const std::int64_t number = std::max(number_of(span.begin), next_);
  Second& second = open_[number];
  second.number = number;
  second.spans.push_back(span);
  second.snapshot.merge(interval);
}

void Seconds::reach(double t) { reached_ = std::max(reached_, number_of(t)); }

bool Seconds::complete(const Second& second) const {
  if (finished_ || reached_ > second.number) return true;
  if (scenarios_ > 1 && before_.empty()) return false;
  if (covered(second.spans) < kWhole) return false;
  return std::ranges::all_of(before_, [&](const std::string& scenario) {
    return std::ranges::any_of(second.spans, [&](const Span& span) { return span.scenario == scenario; });
  });
}

std::optional<Second> Seconds::take() {
  if (open_.empty() || !complete(open_.begin()->second)) return std::nullopt;
  Second second = std::move(open_.begin()->second);
  open_.erase(open_.begin());
  next_ = second.number + 1;
  before_.clear();
  for (const Span& span : second.spans)
    before_.insert(span.scenario);
  return second;
}

}  // namespace vajrapulse::plan
