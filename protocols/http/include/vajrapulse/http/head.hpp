#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
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
