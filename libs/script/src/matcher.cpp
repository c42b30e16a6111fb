#include "matcher.hpp"

#include <cctype>
#include <cstring>

namespace vajrapulse::script {
namespace {

constexpr int kDeepest = 200;

}  // namespace

bool Matcher::step(std::uint64_t cost) noexcept {
  if (!spent_ && !state_->take(cost)) spent_ = true;
  return !spent_;
}

const char* Matcher::fail(const char* problem) noexcept {
  if (problem_ == nullptr) problem_ = problem;
  return nullptr;
}

const char* Matcher::match(const char* at) noexcept {
  captures_ = 0;
  depth_ = 0;
  const char* end = from(at, pattern_.data());
  return spent_ || problem_ != nullptr ? nullptr : end;
}

bool Matcher::in_class(unsigned char c, char kind) noexcept {
  bool in = false;
  switch (std::tolower(static_cast<unsigned char>(kind))) {
    case 'a': in = std::isalpha(c) != 0; break;
    case 'c': in = std::iscntrl(c) != 0; break;
    case 'd': in = std::isdigit(c) != 0; break;
    case 'g': in = std::isgraph(c) != 0; break;
    case 'l': in = std::islower(c) != 0; break;
    case 'p': in = std::ispunct(c) != 0; break;
    case 's': in = std::isspace(c) != 0; break;
    case 'u': in = std::isupper(c) != 0; break;
    case 'w': in = std::isalnum(c) != 0; break;
    case 'x': in = std::isxdigit(c) != 0; break;
    default: return static_cast<unsigned char>(kind) == c;
  }
  return std::isupper(static_cast<unsigned char>(kind)) != 0 ? !in : in;
}

/// `p` stands behind the [, `last` on the ].
bool Matcher::in_set(unsigned char c, const char* p, const char* last) noexcept {
  const bool without = p < last && *p == '^';
  if (without) ++p;
  while (p < last) {
    if (*p == '%' && p + 1 < last) {
      if (in_class(c, p[1])) return !without;
      p += 2;
    } else if (p + 2 < last && p[1] == '-') {
      if (static_cast<unsigned char>(p[0]) <= c && c <= static_cast<unsigned char>(p[2])) return !without;
      p += 3;
    } else {
      if (static_cast<unsigned char>(*p) == c) return !without;
      ++p;
    }
  }
  return without;
}

/// The end of the single-character item at `p`.
const char* Matcher::item_end(const char* p) noexcept {
  const char* const end = pattern_end();
  const char first = *p++;
  if (first == '%') return p < end ? p + 1 : fail("malformed pattern (ends with '%')");
  if (first != '[') return p;
  if (p < end && *p == '^') ++p;
  // A ] that comes first is one of the set.
  for (bool any = false;; any = true) {
    if (p >= end) return fail("malformed pattern (missing ']')");
    if (*p == ']' && any) return p + 1;
    p += *p == '%' && p + 1 < end ? 2 : 1;
  }
}

bool Matcher::one(const char* at, const char* p, const char* end) const noexcept {
  if (at >= subject_end()) return false;
  const auto c = static_cast<unsigned char>(*at);
  switch (*p) {
    case '.': return true;
    case '%': return in_class(c, p[1]);
    case '[': return in_set(c, p + 1, end - 1);
    default: return static_cast<unsigned char>(*p) == c;
  }
}

const char* Matcher::from(const char* at, const char* p) noexcept {
  if (++depth_ > kDeepest) return fail("pattern too complex");
  struct Leave {
    int& depth;
    ~Leave() { --depth; }
  } leave{depth_};
  const char* const last = pattern_end();
  while (p < last) {
    if (!step()) return nullptr;
    if (*p == '(') {
      const bool position = p + 1 < last && p[1] == ')';
      return position ? open(at, p + 2, Capture::kPosition) : open(at, p + 1, Capture::kOpen);
    }
    if (*p == ')') return close(at, p + 1);
    if (*p == '$' && p + 1 == last) return at == subject_end() ? at : nullptr;
    if (*p == '%' && p + 1 < last) {
      const char kind = p[1];
      if (kind == 'b') {
        at = balanced(at, p + 2);
        if (at == nullptr) return nullptr;
        p += 4;
        continue;
      }
      if (kind == 'f') {
        p += 2;
        if (p >= last || *p != '[') return fail("missing '[' after '%f' in pattern");
        const char* end = item_end(p);
        if (end == nullptr) return nullptr;
        const auto before = at == subject_.data() ? '\0' : at[-1];
        const auto here = at == subject_end() ? '\0' : *at;
        const bool edge = !in_set(static_cast<unsigned char>(before), p + 1, end - 1) &&
                          in_set(static_cast<unsigned char>(here), p + 1, end - 1);
        if (!edge) return nullptr;
        p = end;
        continue;
      }
      if (kind >= '0' && kind <= '9') {
        at = repeated(at, kind);
        if (at == nullptr) return nullptr;
        p += 2;
        continue;
      }
    }
    const char* end = item_end(p);
    if (end == nullptr || !step(std::uint64_t(end - p))) return nullptr;
    const char quantity = end < last ? *end : '\0';
    const bool here = one(at, p, end);
    if (quantity == '?') {
      if (here)
        if (const char* found = from(at + 1, end + 1)) return found;
      if (problem_ != nullptr || spent_) return nullptr;
      p = end + 1;
      continue;
    }
    if (quantity == '+') return here ? longest(at + 1, p, end) : nullptr;
    if (quantity == '*') return longest(at, p, end);
    if (quantity == '-') return shortest(at, p, end);
    if (!here) return nullptr;
    ++at;
    p = end;
  }
  return at;
}

const char* Matcher::longest(const char* at, const char* p, const char* end) noexcept {
  const auto cost = std::uint64_t(end - p);
  std::ptrdiff_t count = 0;
  while (one(at + count, p, end)) {
    if (!step(cost)) return nullptr;
    ++count;
  }
  for (; count >= 0; --count) {
    const char* found = from(at + count, end + 1);
    if (found != nullptr || problem_ != nullptr || spent_) return found;
  }
  return nullptr;
}

const char* Matcher::shortest(const char* at, const char* p, const char* end) noexcept {
  while (true) {
    const char* found = from(at, end + 1);
    if (found != nullptr || problem_ != nullptr) return found;
    if (!step(std::uint64_t(end - p)) || !one(at, p, end)) return nullptr;
    ++at;
  }
}

const char* Matcher::open(const char* at, const char* p, std::ptrdiff_t size) noexcept {
  if (captures_ >= kMostCaptures) return fail("too many captures");
  capture_[captures_++] = {at, size};
  const char* found = from(at, p);
  if (found == nullptr) --captures_;
  return found;
}

const char* Matcher::close(const char* at, const char* p) noexcept {
  int last = captures_ - 1;
  while (last >= 0 && capture_[last].size != Capture::kOpen)
    --last;
  if (last < 0) return fail("invalid pattern capture");
  capture_[last].size = at - capture_[last].begin;
  const char* found = from(at, p);
  if (found == nullptr) capture_[last].size = Capture::kOpen;
  return found;
}

const char* Matcher::balanced(const char* at, const char* p) noexcept {
  if (p + 1 >= pattern_end()) return fail("malformed pattern (missing arguments to '%b')");
  if (at >= subject_end() || *at != *p) return nullptr;
  int depth = 1;
  for (const char* next = at + 1; next < subject_end(); ++next) {
    if (!step()) return nullptr;
    if (*next == p[1]) {
      if (--depth == 0) return next + 1;
    } else if (*next == p[0]) {
      ++depth;
    }
  }
  return nullptr;
}

const char* Matcher::repeated(const char* at, char which) noexcept {
  const int index = which - '1';
  if (index < 0 || index >= captures_ || capture_[index].size == Capture::kOpen) return fail("invalid capture index");
  const std::ptrdiff_t size = capture_[index].size == Capture::kPosition ? 0 : capture_[index].size;
  if (!step(1 + std::uint64_t(size) / 16)) return nullptr;
  if (subject_end() - at < size || std::memcmp(capture_[index].begin, at, std::size_t(size)) != 0) return nullptr;
  return at + size;
}

}  // namespace vajrapulse::script
