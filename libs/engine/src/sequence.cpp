#include "sequence.hpp"

#include <algorithm>
#include <cassert>
#include <limits>

namespace vajrapulse::engine {

Sequence::Sequence(const std::vector<Stage>& stages) {
  std::int64_t begin = 0;
  Wide base = 0;
  for (const Stage& stage : stages) {
    const std::int64_t end = stage.length ? begin + stage.length->count() : std::numeric_limits<std::int64_t>::max();
    Piece piece{stage, begin, end, base, base};
    assert(piece.span() > 0);
    piece.end = base + stage.curve->within(piece.span()).floor;
    pieces_.push_back(piece);
    begin = end;
    base = piece.end;
  }
}

const Sequence::Piece& Sequence::piece_at(std::int64_t t) const noexcept {
  const auto piece = std::ranges::upper_bound(pieces_, t, {}, &Piece::end_ns);
  return piece == pieces_.end() ? pieces_.back() : *piece;
}

Amount Sequence::amount_before(Duration t) const {
  const Piece& piece = piece_at(t.count());
  const std::int64_t at = std::clamp(t.count(), piece.begin_ns, piece.end_ns);
  const Amount part = piece.stage.curve->within(std::uint64_t(at - piece.begin_ns));
  return {piece.base + part.floor, part.more};
}

/// In the piece in which Λ rises above `amount`.
std::optional<Duration> Sequence::last_at_most(Wide amount) const {
  const auto piece = std::ranges::upper_bound(pieces_, amount, {}, &Piece::end);
  if (piece == pieces_.end()) return std::nullopt;
  const std::uint64_t offset = piece->stage.curve->last_at_most(amount - piece->base, piece->span());
  return Duration(piece->begin_ns + std::int64_t(offset));
}

std::optional<Level> Sequence::level_at(Duration t) const {
  if (t.count() < 0 || t.count() >= pieces_.back().end_ns) return std::nullopt;
  const Piece& piece = piece_at(t.count());
  std::optional<Level> level = piece.stage.curve->level_at(std::uint64_t(t.count() - piece.begin_ns));
  if (level) level->until_ns = std::min(level->until_ns, piece.end_ns - piece.begin_ns) + piece.begin_ns;
  return level;
}

double Sequence::rate_at(Duration t) const {
  if (t.count() < 0 || t.count() >= pieces_.back().end_ns) return 0;
  const Piece& piece = piece_at(t.count());
  return piece.stage.curve->rate_at(std::uint64_t(t.count() - piece.begin_ns)) / 1e6;
}

std::optional<Duration> Sequence::length() const {
  if (!pieces_.back().stage.length) return std::nullopt;
  return Duration(pieces_.back().end_ns);
}

double Sequence::highest_rate() const {
  double highest = 0;
  for (const Piece& piece : pieces_)
    highest = std::max(highest, piece.stage.curve->highest_within(piece.span()));
  return highest / 1e6;
}

std::string Sequence::text() const {
  std::string text;
  for (const Piece& piece : pieces_) {
    const std::string own = piece.stage.curve->text(piece.stage.length);
    const bool same_staircase = own.front() >= '0' && own.front() <= '9';
    text += (text.empty() ? "" : same_staircase ? " " : ", ") + own;
  }
  return text;
}

}  // namespace vajrapulse::engine
