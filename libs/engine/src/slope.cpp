#include "slope.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "bracket.hpp"
#include "vajrapulse/base/units.hpp"

namespace vajrapulse::engine {

std::string rate_number(RateMillionths rate) {
  std::string text = fmt::format("{}", rate / 1'000'000);
  if (rate % 1'000'000 != 0) {
    text += fmt::format(".{:06}", rate % 1'000'000);
    text.erase(text.find_last_not_of('0') + 1);
  }
  return text;
}

Slope::Slope(Word word, RateMillionths from, RateMillionths to, std::uint64_t span_ns)
    : word_(word), from_(from), to_(to), span_ns_(span_ns) {}

double Slope::rate_at(std::uint64_t offset_ns) const {
  if (level()) return double(from_);
  return double(from_) + (double(to_) - double(from_)) * (double(offset_ns) / double(span_ns_));
}

/// 2·from·s + (to − from)·s²/span.
Amount Slope::within(std::uint64_t offset_ns) const {
  const Wide level_part = Wide(2 * from_) * offset_ns;
  if (level()) return {level_part, false};
  if (to_ > from_) {
    const Quotient bend = multiply_divide(offset_ns, offset_ns, to_ - from_, span_ns_);
    return {level_part + bend.whole, bend.inexact};
  }
  const Quotient bend = multiply_divide(offset_ns, offset_ns, from_ - to_, span_ns_);
  return {level_part - bend.whole - (bend.inexact ? 1 : 0), bend.inexact};
}

/// Where the integral is `amount`. Of the two forms of the quadratic's root this one cancels nothing; a falling ramp
/// is read from its end, where it rises.
long double Slope::root_of(long double amount) const noexcept {
  const auto from = static_cast<long double>(from_);
  const auto to = static_cast<long double>(to_);
  const auto whole = static_cast<long double>(span_ns_);
  const long double slope = std::abs(to - from) / whole;
  if (to > from) return amount <= 0 ? 0 : amount / (from + std::sqrt(from * from + slope * amount));
  const long double rest = std::max<long double>((from + to) * whole - amount, 0);
  return rest <= 0 ? whole : whole - rest / (to + std::sqrt(to * to + slope * rest));
}

std::uint64_t Slope::last_at_most(Wide amount, std::uint64_t span_ns) const {
  if (level()) return std::uint64_t(amount / (2 * from_));
  const long double guess = std::clamp<long double>(root_of(static_cast<long double>(amount)), 0, span_ns);
  return last_reached(std::uint64_t(guess), span_ns,
                      [&](std::uint64_t offset) { return !within(offset).above(amount); });
}

std::optional<Level> Slope::level_at(std::uint64_t /*offset_ns*/) const {
  if (!level()) return std::nullopt;
  return Level{from_, std::numeric_limits<std::int64_t>::max()};
}

double Slope::highest_within(std::uint64_t /*span_ns*/) const { return double(std::max(from_, to_)); }

std::string Slope::text(std::optional<Duration> length) const {
  const std::string time = length ? " " + format_exact(*length) : "";
  switch (word_) {
    case Word::static_rate: return "static " + rate_number(from_) + "/s" + time;
    case Word::ramp: return "ramp " + rate_number(from_) + ".." + rate_number(to_) + "/s" + time;
    case Word::hold: return "hold" + time;
    case Word::step: return "step " + rate_number(from_) + "/s" + time;
    case Word::next_step: return rate_number(from_) + "/s" + time;
  }
  return {};
}

}  // namespace vajrapulse::engine
