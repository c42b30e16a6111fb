#include "spikes.hpp"

#include <algorithm>
#include <limits>

#include "vajrapulse/base/units.hpp"

namespace vajrapulse::engine {

Spikes::Spikes(const Shape& shape)
    : shape_(shape),
      before_ns_((shape.interval_ns - shape.spike_ns) / 2),
      after_ns_(before_ns_ + shape.spike_ns),
      until_spike_(Wide(2 * shape.base) * before_ns_),
      until_after_(until_spike_ + Wide(2 * shape.spike) * shape.spike_ns),
      cycle_(until_after_ + Wide(2 * shape.base) * (shape.interval_ns - after_ns_)) {}

double Spikes::rate_at(std::uint64_t offset_ns) const {
  const std::uint64_t at = offset_ns % shape_.interval_ns;
  return double(at >= before_ns_ && at < after_ns_ ? shape_.spike : shape_.base);
}

Amount Spikes::within(std::uint64_t offset_ns) const {
  const std::uint64_t at = offset_ns % shape_.interval_ns;
  const Wide whole = cycle_ * (offset_ns / shape_.interval_ns);
  if (at < before_ns_) return {whole + Wide(2 * shape_.base) * at, false};
  if (at < after_ns_) return {whole + until_spike_ + Wide(2 * shape_.spike) * (at - before_ns_), false};
  return {whole + until_after_ + Wide(2 * shape_.base) * (at - after_ns_), false};
}

std::uint64_t Spikes::last_at_most(Wide amount, std::uint64_t /*span_ns*/) const {
  const std::uint64_t begin = std::uint64_t(amount / cycle_) * shape_.interval_ns;
  const Wide rest = amount % cycle_;
  if (rest < until_spike_) return begin + std::uint64_t(rest / (2 * shape_.base));
  if (rest < until_after_) return begin + before_ns_ + std::uint64_t((rest - until_spike_) / (2 * shape_.spike));
  return begin + after_ns_ + std::uint64_t((rest - until_after_) / (2 * shape_.base));
}

std::optional<Level> Spikes::level_at(std::uint64_t offset_ns) const {
  const std::uint64_t at = offset_ns % shape_.interval_ns;
  const std::uint64_t begin = offset_ns - at;
  const auto until = [&](RateMillionths rate, std::uint64_t end) {
    constexpr auto kEver = std::uint64_t(std::numeric_limits<std::int64_t>::max());
    return Level{rate, std::int64_t(std::min(begin + end, kEver))};
  };
  if (at < before_ns_) return until(shape_.base, before_ns_);
  if (at < after_ns_) return until(shape_.spike, after_ns_);
  return until(shape_.base, shape_.interval_ns + before_ns_);  // the next interval begins with the same
}

double Spikes::highest_within(std::uint64_t span_ns) const {
  if (span_ns <= before_ns_) return double(shape_.base);
  return double(before_ns_ == 0 && span_ns <= after_ns_ ? shape_.spike : std::max(shape_.base, shape_.spike));
}

std::string Spikes::text(std::optional<Duration> length) const {
  std::string text = "spike " + rate_number(shape_.base) + "/s to " + rate_number(shape_.spike) + "/s";
  if (shape_.repeats) text += " every " + format_exact(Duration(std::int64_t(shape_.interval_ns)));
  if (shape_.says_how_long) text += " for " + format_exact(Duration(std::int64_t(shape_.spike_ns)));
  if (length) text += (shape_.repeats || shape_.says_how_long ? ", " : " ") + format_exact(*length);
  return text;
}

}  // namespace vajrapulse::engine
