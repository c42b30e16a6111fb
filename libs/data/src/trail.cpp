#include "trail.hpp"

namespace vajrapulse::data {
namespace {

/// Read ahead and let go of in pieces of this many bytes.
constexpr std::size_t kPiece = std::size_t{8} << 20;
/// Records are seldom shorter than this: room for all marks at once.
constexpr std::size_t kShortRecord = 16;

}  // namespace

Trail::Trail(const StreamContent& content)
    : content_(content), format_(*content.format), at_(format_.first()), line_(format_.first_line()) {
  content.mapping.reads_forward();
  marks_.reserve(content.mapping.text().size() / (kStride * kShortRecord) + 1);
  marks_.push_back({at_, line_});
}

void Trail::jump(std::uint64_t number) {
  const std::size_t mark = std::min(std::size_t(number / kStride), marks_.size() - 1);
  if (number >= number_ && mark * kStride <= number_) return;  // nearer from here
  number_ = mark * kStride;
  at_ = marks_[mark].at;
  line_ = marks_[mark].line;
  advise_at_ = at_;
}

void Trail::pass(std::size_t next, std::uint64_t records, std::uint64_t lines) {
  at_ = next;
  line_ += lines;
  number_ += records;
  if (number_ == marks_.size() * kStride) marks_.push_back({at_, line_});
  if (at_ >= advise_at_) advise();
}

bool Trail::skip(std::uint64_t count, std::vector<std::size_t>* begins) {
  const Skip skipped = format_.skip(at_, std::min(count, kStride - number_ % kStride), begins);
  if (skipped.records == 0) return false;
  pass(skipped.at, skipped.records, skipped.lines);
  return true;
}

void Trail::advise() {
  content_.mapping.needs(at_ + kPiece, at_ + 2 * kPiece);
  if (at_ > 2 * kPiece) content_.mapping.let_go(at_ > 4 * kPiece ? at_ - 4 * kPiece : 0, at_ - 2 * kPiece);
  advise_at_ = at_ + kPiece;
}

Trail::Found Trail::go(std::uint64_t number) {
  jump(number);
  while (true) {
    while (number_ < number && skip(number - number_, nullptr)) {
    }
    Found found{format_.next(at_), at_, line_};
    found.line += found.step.lines_before;
    if (found.step.kind == Step::Kind::end) rows_ = number_;
    if (found.step.kind != Step::Kind::record) return found;
    const bool there = number_ == number;
    pass(found.step.next, 1, found.step.lines_before + found.step.lines);
    if (there) return found;
  }
}

Trail::Gathered Trail::gather(std::uint64_t number, std::uint64_t count, std::vector<std::size_t>& begins) {
  if (number > 0 && number_ != number) {
    const Step before = go(number - 1).step;
    if (before.kind != Step::Kind::record) return {before.kind, line_};
  }
  jump(number);
  Gathered gathered{.line = line_};
  for (const std::uint64_t end = number + count; number_ < end;) {
    if (skip(end - number_, &begins)) continue;
    const Step step = format_.next(at_);
    gathered.stopped = step.kind;
    if (step.kind == Step::Kind::end) rows_ = number_;
    if (step.kind != Step::Kind::record) return gathered;
    begins.push_back(at_);
    pass(step.next, 1, step.lines_before + step.lines);
  }
  return gathered;
}

}  // namespace vajrapulse::data
