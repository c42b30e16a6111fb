#include "encode.hpp"

#include <array>
#include <charconv>
#include <cmath>

#include "vajrapulse/base/units.hpp"

namespace vajrapulse::plan {
namespace {

using Table = std::array<bool, 256>;

constexpr Table table_of(std::string_view extra) {
  Table table{};
  for (unsigned c = 0; c < 256; ++c)
    table[c] = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  for (const char c : extra)
    table[static_cast<unsigned char>(c)] = true;
  return table;
}

constexpr Table kUnreserved = table_of("-._~");
/// `#` is left out: it would end the URL, and no request carries what stands behind it.
constexpr Table kOfUrl = table_of("-._~/?&=:@!$'()*+,;[]");
constexpr Table kOfJson = [] {
  Table table{};
  for (unsigned c = 0x20; c < 256; ++c)
    table[c] = c != '"' && c != '\\';
  return table;
}();

constexpr std::string_view kHex = "0123456789ABCDEF";

bool is_hex(char c) noexcept { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

void append_percent(unsigned char c, std::string& out) {
  out += '%';
  out += kHex[c >> 4];
  out += kHex[c & 15];
}

void append_escape(unsigned char c, std::string& out) {
  constexpr std::string_view kShort = "\"\\\b\f\n\r\t";
  constexpr std::string_view kLetters = "\"\\bfnrt";
  out += '\\';
  const std::size_t known = kShort.find(char(c));
  if (known != std::string_view::npos) {
    out += kLetters[known];
    return;
  }
  out += "u00";
  out += kHex[c >> 4];
  out += kHex[c & 15];
}

/// Appends runs of what may stand as it is, and `rest(at)` for each other byte.
template <class Rest>
void append_but(std::string_view text, const Table& as_is, std::string& out, Rest rest) {
  std::size_t begin = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (as_is[static_cast<unsigned char>(text[at])]) continue;
    out.append(text, begin, at - begin);
    rest(at);
    begin = at + 1;
  }
  out.append(text, begin);
}

template <class Number>
void append_digits(Number number, std::string& out) {
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
  out.append(digits, end);
}

void append_number(double number, std::string& out) {
  constexpr double kExact = 9007199254740992;  // 2^53
  if (number == std::floor(number) && std::abs(number) <= kExact) return append_integer(std::int64_t(number), out);
  char digits[48];
  const double size = std::abs(number);
  const auto format = size >= 1e-7 && size < 1e21 ? std::chars_format::fixed : std::chars_format::scientific;
  const auto end = std::to_chars(digits, digits + sizeof digits, number, format).ptr;
  out.append(digits, end);
}

}  // namespace

bool can_stand(std::string_view text, Encoding encoding) noexcept {
  return encoding != Encoding::header || text.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos;
}

void append_encoded(std::string_view text, Encoding encoding, std::string& out) {
  switch (encoding) {
    case Encoding::raw:
    case Encoding::header: out += text; return;
    case Encoding::query:
      return append_but(text, kUnreserved, out,
                        [&](std::size_t at) { append_percent(static_cast<unsigned char>(text[at]), out); });
    case Encoding::url:
      return append_but(text, kOfUrl, out, [&](std::size_t at) {
        // What is encoded already (a link that was captured) stays as it is.
        const bool encoded = text[at] == '%' && at + 2 < text.size() && is_hex(text[at + 1]) && is_hex(text[at + 2]);
        encoded ? void(out += '%') : append_percent(static_cast<unsigned char>(text[at]), out);
      });
    case Encoding::json:
      return append_but(text, kOfJson, out,
                        [&](std::size_t at) { append_escape(static_cast<unsigned char>(text[at]), out); });
  }
}

void append_integer(std::uint64_t number, std::string& out) { append_digits(number, out); }
void append_integer(std::int64_t number, std::string& out) { append_digits(number, out); }

void append_value(const criteria::Value& value, std::string& out) {
  using criteria::Type;
  constexpr double kLongest = 9.2e18;
  switch (value.type) {
    case Type::text: out += value.text; return;
    case Type::boolean: out += value.number != 0 ? "true" : "false"; return;
    case Type::time:
      if (value.number >= 0 && value.number < kLongest)
        out += format_exact(Duration(std::llround(value.number)));
      else
        append_number(value.number / 1e9, out), out += 's';
      return;
    case Type::rate: append_number(value.number, out), out += "/s"; return;
    case Type::null:
    case Type::any: return;
    default: append_number(value.number, out); return;
  }
}

}  // namespace vajrapulse::plan
