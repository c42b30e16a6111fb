#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "vajrapulse/base/units.hpp"
#include "vajrapulse/engine/recorded_pattern.hpp"
#include "wide.hpp"

namespace vajrapulse::engine {
namespace {

constexpr Duration kSecond = std::chrono::seconds(1);
constexpr Duration kLongest = std::chrono::hours(24 * 366);
constexpr std::int64_t kUnscaled = 1'000'000;

class Recorded final : public LoadPattern {
 public:
  Recorded(RecordedArrivals arrivals, std::string text)
      : starts_(std::move(arrivals.starts)),
        length_(arrivals.length),
        repeats_(arrivals.repeat == RecordedArrivals::Repeat::for_ever),
        text_(std::move(text)) {
    for (std::int64_t bin = 0; bin < bins(); ++bin)
      highest_ = std::max(highest_, rate_of(bin));
  }

  [[nodiscard]] double rate_at(Duration t) const override;
  [[nodiscard]] std::uint64_t arrivals_before(Duration t) const override;
  [[nodiscard]] double expected_before(Duration t) const override;
  [[nodiscard]] std::optional<Duration> start_of(std::uint64_t k) const override;
  [[nodiscard]] std::optional<Duration> inverse(double x) const override;
  [[nodiscard]] std::optional<Duration> length() const override {
    return repeats_ ? std::nullopt : std::optional(length_);
  }
  [[nodiscard]] double highest_rate() const override { return highest_; }
  [[nodiscard]] std::string text() const override { return text_; }

 private:
  /// A time as whole rounds and what is left.
  struct Place {
    std::int64_t round = 0;
    Duration within{};
  };
  [[nodiscard]] Place place_of(Duration t) const;
  [[nodiscard]] std::uint64_t count() const { return starts_.size(); }
  [[nodiscard]] std::uint64_t reached(Duration within) const {
    return std::uint64_t(std::ranges::lower_bound(starts_, within) - starts_.begin());
  }
  /// Where arrival `i` of a round is due; of the one behind the last, the round's end.
  [[nodiscard]] Duration start_in_round(std::uint64_t i) const { return i < count() ? starts_[i] : length_; }
  [[nodiscard]] std::optional<Duration> in_round(std::uint64_t round, Duration within) const;
  /// Seconds of a round; the last takes what is left over, so that a sliver is no peak.
  [[nodiscard]] std::int64_t bins() const { return std::max<std::int64_t>(length_ / kSecond, 1); }
  [[nodiscard]] double rate_of(std::int64_t bin) const;

  std::vector<Duration> starts_;
  Duration length_;
  bool repeats_;
  std::string text_;
  double highest_ = 0;
};

Recorded::Place Recorded::place_of(Duration t) const {
  t = std::max(t, Duration::zero());
  if (!repeats_) return {0, std::min(t, length_)};
  return {t / length_, t % length_};
}

double Recorded::rate_of(std::int64_t bin) const {
  const Duration begin = bin * kSecond;
  const Duration end = bin + 1 == bins() ? length_ : begin + kSecond;
  return double(reached(end) - reached(begin)) / std::chrono::duration<double>(end - begin).count();
}

double Recorded::rate_at(Duration t) const {
  if (t < Duration::zero() || (!repeats_ && t >= length_)) return 0;
  return rate_of(std::min(place_of(t).within / kSecond, bins() - 1));
}

std::uint64_t Recorded::arrivals_before(Duration t) const {
  const Place place = place_of(t);
  return std::uint64_t(place.round) * count() + reached(place.within);
}

double Recorded::expected_before(Duration t) const {
  const Place place = place_of(t);
  const std::uint64_t arrived = reached(place.within);
  const double rounds = double(place.round) * double(count());
  if (arrived == 0) return rounds;
  const Duration from = starts_[arrived - 1];
  const Duration to = start_in_round(arrived);
  return rounds + double(arrived - 1) + double((place.within - from).count()) / double((to - from).count());
}

std::optional<Duration> Recorded::in_round(std::uint64_t round, Duration within) const {
  const Wide due = Wide(round) * std::uint64_t(length_.count()) + std::uint64_t(within.count());
  if (due > Wide(std::numeric_limits<std::int64_t>::max())) return std::nullopt;
  return Duration(std::int64_t(due));
}

std::optional<Duration> Recorded::start_of(std::uint64_t k) const {
  if (!repeats_ && k >= count()) return std::nullopt;
  return in_round(k / count(), starts_[k % count()]);
}

std::optional<Duration> Recorded::inverse(double x) const {
  const double whole = std::floor(std::max(x, 0.0));
  if (whole >= 9e18 || (!repeats_ && whole >= double(count()))) return std::nullopt;
  const auto k = static_cast<std::uint64_t>(whole);
  const Duration from = starts_[k % count()];
  const Duration gap = start_in_round(k % count() + 1) - from;
  const double part = std::floor((std::max(x, 0.0) - whole) * double(gap.count()));
  const auto into = std::min(Duration(std::int64_t(part)), std::max(gap - Duration(1), Duration::zero()));
  return in_round(k / count(), from + into);
}

Duration scaled(Duration time, std::int64_t speed_millionths) {
  const Wide exact = Wide(std::uint64_t(time.count())) * std::uint64_t(kUnscaled) / std::uint64_t(speed_millionths);
  return Duration(std::int64_t(std::min<Wide>(exact, Wide(std::numeric_limits<std::int64_t>::max() - 1))));
}

std::string speed_text(std::int64_t millionths) {
  std::string text = fmt::format("{}.{:06}", millionths / kUnscaled, millionths % kUnscaled);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return text;
}

std::string text_of(const RecordedArrivals& arrivals) {
  const std::uint64_t count = arrivals.starts.size();
  std::string text = fmt::format("replay {}: {} arrival{} in {}", arrivals.name, format_count(count),
                                 count == 1 ? "" : "s", format_duration(arrivals.length));
  if (arrivals.speed_millionths != kUnscaled) text += ", " + speed_text(arrivals.speed_millionths) + " × as fast";
  if (arrivals.repeat == RecordedArrivals::Repeat::for_ever) text += ", again and again";
  return text;
}

}  // namespace

Expected<std::shared_ptr<const LoadPattern>> recorded_pattern(RecordedArrivals arrivals) {
  assert(!arrivals.starts.empty() && std::ranges::is_sorted(arrivals.starts) && arrivals.speed_millionths > 0);
  assert(arrivals.starts.front() >= Duration::zero() && arrivals.length > arrivals.starts.back());
  std::string text = text_of(arrivals);
  const Duration last = scaled(arrivals.starts.back(), arrivals.speed_millionths);
  const Duration length = std::max(scaled(arrivals.length, arrivals.speed_millionths), last + Duration(1));
  if (length > kLongest) return fail(kUsage, text + " lasts longer than 366 days", "replay a part of it, or faster");
  if (std::uint64_t(length.count()) < arrivals.starts.size())
    return fail(kUsage, text + " is more than 1000000000 arrivals a second", "replay it more slowly");
  if (arrivals.speed_millionths != kUnscaled)
    for (Duration& start : arrivals.starts)
      start = scaled(start, arrivals.speed_millionths);
  arrivals.length = length;
  return std::make_shared<const Recorded>(std::move(arrivals), std::move(text));
}

}  // namespace vajrapulse::engine
