#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace vajrapulse::http {

/// A response head larger than this is refused.
inline constexpr std::size_t kHeadMax = 64 * 1024;

namespace detail {
// tchar of RFC 9110 section 5.6.2.
inline constexpr std::array<bool, 256> kTokenChars = [] {
  std::array<bool, 256> table{};
  for (unsigned c = '0'; c <= '9'; ++c)
    table[c] = true;
  for (unsigned c = 'a'; c <= 'z'; ++c)
    table[c] = true;
  for (unsigned c = 'A'; c <= 'Z'; ++c)
    table[c] = true;
  for (char c : std::string_view("!#$%&'*+-.^_`|~"))
    table[static_cast<unsigned char>(c)] = true;
  return table;
}();
}  // namespace detail

constexpr bool is_token_char(char c) noexcept { return detail::kTokenChars[static_cast<unsigned char>(c)]; }
/// True for the `token` of RFC 9110 section 5.6.2: methods and header names.
constexpr bool is_token(std::string_view text) noexcept {
  return !text.empty() && std::ranges::all_of(text, is_token_char);
}
constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
/// The value of a hexadecimal digit, or -1.
constexpr int hex_digit(char c) noexcept {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}
constexpr char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }
/// Equal but for the case of ASCII letters.
constexpr bool same_text(std::string_view a, std::string_view b) noexcept {
  return a.size() == b.size() && std::ranges::equal(a, b, {}, lower, lower);
}
/// A word that is looked for in every head, in any case of its letters; 8 bytes a step.
class Word {
 public:
  /// `text`: 4 to 24 characters, in lower case.
  consteval explicit Word(std::string_view text) : size_(text.size()) {
    if (text.size() < sizeof(std::uint32_t) || text.size() > sizeof(bytes_)) throw "a word has 4 to 24 characters";
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (lower(text[i]) != text[i]) throw "a word is written in lower case";
      bytes_[i] = text[i];
      matters_[i] = static_cast<char>(text[i] >= 'a' && text[i] <= 'z' ? ~('a' - 'A') : ~0);
    }
  }

  [[nodiscard]] bool is(std::string_view text) const noexcept {
    if (text.size() != size_) return false;
    return size_ < sizeof(std::uint64_t) ? is_by<std::uint32_t>(text) : is_by<std::uint64_t>(text);
  }

 private:
  // The last step may overlap the one before.
  template <class Step>
  [[nodiscard]] bool is_by(std::string_view text) const noexcept {
    const std::size_t last = size_ - sizeof(Step);
    for (std::size_t at = 0; at < last; at += sizeof(Step)) {
      if (differs<Step>(text, at)) return false;
    }
    return !differs<Step>(text, last);
  }

  template <class Step>
  [[nodiscard]] bool differs(std::string_view text, std::size_t at) const noexcept {
    Step theirs;
    Step ours;
    Step matters;
    std::memcpy(&theirs, text.data() + at, sizeof(Step));
    std::memcpy(&ours, bytes_ + at, sizeof(Step));
    std::memcpy(&matters, matters_ + at, sizeof(Step));
    return ((theirs ^ ours) & matters) != 0;
  }

  char bytes_[24]{};
  char matters_[24]{};  // all bits of a byte, but for the one that tells upper from lower case in a letter
  std::size_t size_;
};

inline constexpr Word k100Continue{"100-continue"};
inline constexpr Word kChunked{"chunked"};
inline constexpr Word kClose{"close"};
inline constexpr Word kConnection{"connection"};
inline constexpr Word kContentEncoding{"content-encoding"};
inline constexpr Word kContentLength{"content-length"};
inline constexpr Word kExpect{"expect"};
inline constexpr Word kHost{"host"};
inline constexpr Word kKeepAlive{"keep-alive"};
inline constexpr Word kLocation{"location"};
inline constexpr Word kSetCookie{"set-cookie"};
inline constexpr Word kTransferEncoding{"transfer-encoding"};

/// Without the spaces and tabs around it.
constexpr std::string_view trimmed(std::string_view text) noexcept {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
    text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
    text.remove_suffix(1);
  return text;
}
/// Takes the next element off the front of a comma-separated `list` (RFC 9110 section 5.6.1), trimmed.
constexpr std::string_view take_element(std::string_view& list) noexcept {
  const std::size_t comma = list.find(',');
  const std::string_view element = trimmed(list.substr(0, comma));
  list = comma == list.npos ? std::string_view() : list.substr(comma + 1);
  return element;
}

/// The first byte of [at, end) that is a control character other than tab, or `end`.
///
/// One pass both finds where a line ends and proves that nothing forbidden stands in it (field-value of
/// RFC 9110 section 5.5). 16 bytes a step where the machine has SSE2.
[[nodiscard]] const char* find_control(const char* at, const char* end) noexcept;

/// One header line, as views into the bytes it was read from.
struct Field {
  std::string_view name;
  std::string_view value;  ///< without the white space around it
};

/// Reads lines off a head, and fields off lines.
///
/// A line ends in CR LF, or in a bare LF (RFC 9112 section 2.2 lets a recipient accept it).
class HeadLines {
 public:
  enum class Step {
    line,  ///< `line()` is the next one; empty: the blank line that ends the head
    more,  ///< the bytes end inside a line, which is read again when there are more
    bad,   ///< a control character where none may stand
  };

  explicit HeadLines(std::string_view input) noexcept : at_(input.data()), end_(at_ + input.size()) {}

  Step next() noexcept {
    const char* const stop = find_control(at_, end_);
    if (stop == end_) return Step::more;
    const char* after = stop;
    if (*after == '\r' && ++after == end_) return Step::more;
    if (*after != '\n') return Step::bad;
    line_ = {at_, static_cast<std::size_t>(stop - at_)};
    at_ = after + 1;
    return Step::line;
  }

  /// Without its end of line.
  [[nodiscard]] std::string_view line() const noexcept { return line_; }
  /// What follows the last line read.
  [[nodiscard]] const char* position() const noexcept { return at_; }

 private:
  const char* at_;
  const char* end_;
  std::string_view line_;
};

/// Splits `name: value`. False for what is no field: no colon, a name that is no token, white space before
/// the colon, or a folded line (obs-fold of RFC 9112 section 5.2).
[[nodiscard]] bool split_field(std::string_view line, Field& field) noexcept;

/// The fields of a complete head, one after another; its first line is skipped.
class FieldRange {
 public:
  explicit FieldRange(std::string_view head) noexcept : lines_(head) { lines_.next(); }
  /// False after the last one.
  bool next(Field& field) noexcept {
    return lines_.next() == HeadLines::Step::line && !lines_.line().empty() && split_field(lines_.line(), field);
  }

 private:
  HeadLines lines_;
};

/// The value of the first field called `name` (in any case) of a complete head; empty when there is none.
[[nodiscard]] std::string_view find_field(std::string_view head, std::string_view name) noexcept;

}  // namespace vajrapulse::http
