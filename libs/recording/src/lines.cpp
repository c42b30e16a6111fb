#include "lines.hpp"

#include <algorithm>
#include <cstring>

namespace vajrapulse::recording {
namespace {

constexpr std::size_t kFirstBuffer = 256 * 1024;
constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

}  // namespace

Lines::Lines(const Source& source) : source_(source), buffer_(kFirstBuffer) {}

/// Reads more behind what is there; false at the end of the source.
Expected<bool> Lines::fill() {
  if (ended_) return false;
  if (begin_ > 0) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, filled_ - begin_);
    for (std::size_t* at : {&end_, &next_, &first_end_, &first_next_})
      *at -= std::min(*at, begin_);
    filled_ -= begin_;
    begin_ = 0;
  }
  if (filled_ == buffer_.size()) buffer_.resize(2 * buffer_.size());
  auto read = source_({buffer_.data() + filled_, buffer_.size() - filled_});
  if (!read) return std::unexpected(read.error());
  filled_ += *read;
  ended_ = *read == 0;
  return !ended_;
}

/// Sets the end of the line that begins `from` bytes into the current text.
Expected<bool> Lines::find_end(std::size_t from) {
  std::size_t looked = from;
  while (true) {
    const char* const start = buffer_.data() + begin_ + looked;
    if (const void* found = std::memchr(start, '\n', filled_ - begin_ - looked)) {
      end_ = std::size_t(static_cast<const char*>(found) - buffer_.data());
      next_ = end_ + 1;
      return true;
    }
    looked = filled_ - begin_;
    if (looked > kLongestLine) return false;
    auto more = fill();
    if (!more) return more;
    if (*more) continue;
    end_ = next_ = filled_;
    return true;
  }
}

/// The rest of a line that is too long to be kept.
Expected<bool> Lines::skip_rest() {
  const std::size_t kept = begin_ + kLongestLine;
  while (true) {
    const void* found = std::memchr(buffer_.data() + kept, '\n', filled_ - kept);
    if (found) {
      next_ = std::size_t(static_cast<const char*>(found) - buffer_.data()) + 1;
      return true;
    }
    filled_ = kept;
    auto read = source_({buffer_.data() + filled_, buffer_.size() - filled_});
    if (!read) return std::unexpected(read.error());
    filled_ += *read;
    if (*read != 0) continue;
    ended_ = true;
    next_ = filled_;
    return true;
  }
}

Expected<bool> Lines::next() {
  begin_ = next_;
  number_ += lines_;
  lines_ = 0;
  too_long_ = false;
  if (begin_ == filled_) {
    auto more = fill();
    if (!more || !*more) return more;
  }
  auto found = find_end(0);
  if (!found) return found;
  lines_ = 1;
  too_long_ = !*found || end_ - begin_ > kLongestLine;
  if (!*found) {
    end_ = begin_ + kLongestLine;
    if (auto skipped = skip_rest(); !skipped) return skipped;
  }
  if (number_ == 1 && text().starts_with(kByteOrderMark)) begin_ += kByteOrderMark.size();
  first_end_ = end_;
  first_next_ = next_;
  return true;
}

Expected<bool> Lines::extend() {
  const std::size_t from = next_ - begin_;
  const std::size_t end = end_ - begin_;
  if (next_ == filled_) {
    auto more = fill();
    if (!more || !*more) return more;
  }
  auto found = find_end(from);
  if (!found) return found;
  if (!*found || end_ - begin_ > kLongestLine) {
    end_ = begin_ + end;
    next_ = begin_ + from;
    return false;
  }
  ++lines_;
  return true;
}

void Lines::shrink() {
  end_ = first_end_;
  next_ = first_next_;
  lines_ = 1;
}

std::string_view Lines::text() const {
  std::string_view text(buffer_.data() + begin_, end_ - begin_);
  if (text.ends_with('\r')) text.remove_suffix(1);
  return text;
}

}  // namespace vajrapulse::recording
