#include "piecewise.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "vajrapulse/base/units.hpp"

namespace vajrapulse::engine {
namespace {

constexpr std::uint64_t kUnitsPerArrival = 2'000'000'000'000'000;

constexpr Wide units_of(std::uint64_t arrivals) { return Wide(arrivals) * kUnitsPerArrival; }

std::string rate_text(RateMillionths rate) {
  std::string text = fmt::format("{}", rate / 1'000'000);
  if (rate % 1'000'000 != 0) {
    text += fmt::format(".{:06}", rate % 1'000'000);
    text.erase(text.find_last_not_of('0') + 1);
  }
  return text;
}

std::string stage_text(const Stage& stage) {
  const std::string length = stage.length ? " " + format_exact(*stage.length) : "";
  switch (stage.word) {
    case Stage::Word::static_rate: return "static " + rate_text(stage.from) + "/s" + length;
    case Stage::Word::ramp: return "ramp " + rate_text(stage.from) + ".." + rate_text(stage.to) + "/s" + length;
    case Stage::Word::hold: return "hold" + length;
  }
  return {};
}

}  // namespace

Piecewise::Piecewise(const std::vector<Stage>& stages) {
  std::int64_t begin = 0;
  Wide base = 0;
  for (const Stage& stage : stages) {
    const std::int64_t end = stage.length ? begin + stage.length->count() : std::numeric_limits<std::int64_t>::max();
    Piece piece{stage, begin, end, base, base};
    assert(piece.span() > 0 && (stage.length || piece.level()));
    piece.end = base + Wide(stage.from + stage.to) * piece.span();
    pieces_.push_back(piece);
    begin = end;
    base = piece.end;
  }
}

/// Λ from the piece's begin: 2·from·s + (to − from)·s²/span.
Piecewise::Amount Piecewise::Piece::within(std::uint64_t offset_ns) const noexcept {
  const Wide level_part = Wide(2 * stage.from) * offset_ns;
  if (level()) return {level_part, false};
  if (stage.to > stage.from) {
    const Quotient bend = multiply_divide(offset_ns, offset_ns, stage.to - stage.from, span());
    return {level_part + bend.whole, bend.inexact};
  }
  const Quotient bend = multiply_divide(offset_ns, offset_ns, stage.from - stage.to, span());
  return {level_part - bend.whole - (bend.inexact ? 1 : 0), bend.inexact};
}

/// Solves Λ(s) = amount. Of the two forms of the quadratic's root this one cancels nothing; a falling ramp is
/// read from its end, where it rises.
long double Piecewise::Piece::offset_of(long double amount) const noexcept {
  const auto from = static_cast<long double>(stage.from);
  const auto to = static_cast<long double>(stage.to);
  const auto whole = static_cast<long double>(span());
  if (level()) return amount / (2 * from);
  const long double slope = std::abs(to - from) / whole;
  if (to > from) return amount <= 0 ? 0 : amount / (from + std::sqrt(from * from + slope * amount));
  const long double rest = std::max<long double>(static_cast<long double>(end - base) - amount, 0);
  return rest <= 0 ? whole : whole - rest / (to + std::sqrt(to * to + slope * rest));
}

/// The latest whole nanosecond at which Λ is not above `amount`: the root's floor, exact.
std::uint64_t Piecewise::Piece::last_offset_at_most(Wide amount) const noexcept {
  if (level()) return std::uint64_t(amount / (2 * stage.from));
  const auto reached = [&](std::uint64_t offset) {
    const Amount at = within(offset);
    return at.floor < amount || (at.floor == amount && !at.more);
  };
  const long double guess = std::clamp<long double>(offset_of(static_cast<long double>(amount)), 0, span());
  auto offset = std::uint64_t(guess);
  while (!reached(offset))
    --offset;
  while (offset < span() && reached(offset + 1))
    ++offset;
  return offset;
}

const Piecewise::Piece& Piecewise::piece_at(std::int64_t t) const noexcept {
  for (const Piece& piece : pieces_)
    if (t < piece.end_ns) return piece;
  return pieces_.back();
}

/// The piece in which Λ rises above `amount`.
const Piecewise::Piece* Piecewise::piece_of(Wide amount) const noexcept {
  for (const Piece& piece : pieces_)
    if (amount < piece.end) return &piece;
  return nullptr;
}

Piecewise::Amount Piecewise::amount_before(Duration t) const noexcept {
  const Piece& piece = piece_at(t.count());
  const Amount part = piece.within(std::uint64_t(std::clamp(t.count(), piece.begin_ns, piece.end_ns) - piece.begin_ns));
  return {piece.base + part.floor, part.more};
}

double Piecewise::rate_at(Duration t) const {
  if (t.count() < 0 || t.count() >= pieces_.back().end_ns) return 0;
  const Piece& piece = piece_at(t.count());
  const double done = double(t.count() - piece.begin_ns) / double(piece.span());
  return (double(piece.stage.from) + (double(piece.stage.to) - double(piece.stage.from)) * done) / 1e6;
}

std::uint64_t Piecewise::arrivals_before(Duration t) const {
  const Amount amount = amount_before(t);
  return std::uint64_t((amount.floor + (amount.more ? 1 : 0) + kUnitsPerArrival - 1) / kUnitsPerArrival);
}

double Piecewise::expected_before(Duration t) const {
  return double(static_cast<long double>(amount_before(t).floor) / static_cast<long double>(kUnitsPerArrival));
}

std::optional<Duration> Piecewise::start_of(std::uint64_t k) const {
  const Piece* piece = piece_of(units_of(k));
  if (!piece) return std::nullopt;
  return Duration(piece->begin_ns + std::int64_t(piece->last_offset_at_most(units_of(k) - piece->base)));
}

std::optional<EvenStretch> Piecewise::even_from(std::uint64_t k) const {
  const Piece* piece = piece_of(units_of(k));
  if (!piece || !piece->level()) return std::nullopt;
  const std::uint64_t modulus = 2 * piece->stage.from;
  const Wide offset = units_of(k) - piece->base;
  const Wide end = (piece->end + kUnitsPerArrival - 1) / kUnitsPerArrival;
  return EvenStretch{.end = std::uint64_t(std::min<Wide>(end, std::numeric_limits<std::uint64_t>::max())),
                     .start = Duration(piece->begin_ns + std::int64_t(offset / modulus)),
                     .remainder = std::uint64_t(offset % modulus),
                     .modulus = modulus,
                     .scaled_gap = kUnitsPerArrival};
}

std::optional<Duration> Piecewise::inverse(double x) const {
  const long double amount = static_cast<long double>(x) * static_cast<long double>(kUnitsPerArrival);
  for (const Piece& piece : pieces_) {
    if (amount >= static_cast<long double>(piece.end)) continue;
    const long double offset = std::floor(piece.offset_of(amount - static_cast<long double>(piece.base)));
    return Duration(piece.begin_ns + std::int64_t(std::clamp<long double>(offset, 0, piece.span() - 1)));
  }
  return std::nullopt;
}

std::optional<Duration> Piecewise::length() const {
  if (!pieces_.back().stage.length) return std::nullopt;
  return Duration(pieces_.back().end_ns);
}

double Piecewise::highest_rate() const {
  RateMillionths highest = 0;
  for (const Piece& piece : pieces_)
    highest = std::max({highest, piece.stage.from, piece.stage.to});
  return double(highest) / 1e6;
}

std::string Piecewise::text() const {
  std::string text;
  for (const Piece& piece : pieces_)
    text += (text.empty() ? "" : ", ") + stage_text(piece.stage);
  return text;
}

}  // namespace vajrapulse::engine
