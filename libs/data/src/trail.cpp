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

void Trail::pass(const Step& step) {
  at_ = step.next;
  line_ += step.lines_before + step.lines;
  ++number_;
  if (number_ == marks_.size() * kStride) marks_.push_back({at_, line_});
  if (at_ >= advise_at_) advise();
}

void Trail::advise() {
  content_.mapping.needs(at_ + kPiece, at_ + 2 * kPiece);
  if (at_ > 2 * kPiece) content_.mapping.let_go(at_ > 4 * kPiece ? at_ - 4 * kPiece : 0, at_ - 2 * kPiece);
  advise_at_ = at_ + kPiece;
}

Trail::Found Trail::go(std::uint64_t number) {
  jump(number);
  while (true) {
    Found found{format_.next(at_), at_, line_};
    found.line += found.step.lines_before;
    if (found.step.kind == Step::Kind::end) rows_ = number_;
    if (found.step.kind != Step::Kind::record) return found;
    const bool there = number_ == number;
    pass(found.step);
    if (there) return found;
  }
}

}  // namespace vajrapulse::data
