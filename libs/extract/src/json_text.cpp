#include "json_text.hpp"

#include <algorithm>
#include <charconv>

namespace vajrapulse::extract {
namespace {

bool is_high(unsigned code) noexcept { return code >= 0xd800 && code < 0xdc00; }
bool is_low(unsigned code) noexcept { return code >= 0xdc00 && code < 0xe000; }

/// The code point of \uXXXX, its pair included; `rest` stands behind the u and is moved behind it.
std::optional<char32_t> code_point(std::string_view& rest) noexcept {
  const auto first = four_digits(rest);
  if (!first) return std::nullopt;
  rest.remove_prefix(4);
  if (!is_high(*first)) return is_low(*first) ? U'\ufffd' : char32_t(*first);
  const auto second = rest.starts_with("\\u") ? four_digits(rest.substr(2)) : std::nullopt;
  if (!second || !is_low(*second)) return U'\ufffd';
  rest.remove_prefix(6);
  return char32_t(0x10000 + ((*first - 0xd800) << 10) + (*second - 0xdc00));
}

std::optional<char> plain_escape(char c) noexcept {
  constexpr std::string_view kWritten = "\"\\/bfnrt";
  constexpr std::string_view kMeant = "\"\\/\b\f\n\r\t";
  const std::size_t at = kWritten.find(c);
  return at == kWritten.npos ? std::nullopt : std::optional(kMeant[at]);
}

}  // namespace

void append_utf8(std::string& out, char32_t code) {
  const auto tail = [&](int shift) { out += char(0x80 | ((code >> shift) & 0x3f)); };
  if (code < 0x80) {
    out += char(code);
  } else if (code < 0x800) {
    out += char(0xc0 | (code >> 6));
    tail(0);
  } else if (code < 0x10000) {
    out += char(0xe0 | (code >> 12));
    tail(6);
    tail(0);
  } else {
    out += char(0xf0 | (code >> 18));
    tail(12);
    tail(6);
    tail(0);
  }
}

std::optional<unsigned> four_digits(std::string_view rest) noexcept {
  if (rest.size() < 4) return std::nullopt;
  unsigned code = 0;
  const auto [stop, failure] = std::from_chars(rest.data(), rest.data() + 4, code, 16);
  if (failure != std::errc() || stop != rest.data() + 4) return std::nullopt;
  return code;
}

std::optional<RawText> raw_text(std::string_view rest) noexcept {
  RawText found;
  std::size_t at = 0;
  while (true) {
    const std::size_t quote = rest.find('"', at);
    if (quote == rest.npos) return std::nullopt;
    const std::size_t slash = rest.substr(0, quote).find('\\', at);
    found.size = quote;
    if (slash == rest.npos) return found;
    found.escaped = true;
    at = slash + 2;
  }
}

std::optional<std::string> unescape(std::string_view raw) {
  std::string out;
  out.reserve(raw.size());
  while (!raw.empty()) {
    const std::size_t slash = std::min(raw.find('\\'), raw.size());
    out += raw.substr(0, slash);
    raw.remove_prefix(slash);
    if (raw.empty()) break;
    if (raw.size() < 2) return std::nullopt;
    const char kind = raw[1];
    raw.remove_prefix(2);
    if (kind == 'u') {
      const auto code = code_point(raw);
      if (!code) return std::nullopt;
      append_utf8(out, *code);
    } else if (const auto meant = plain_escape(kind)) {
      out += *meant;
    } else {
      return std::nullopt;
    }
  }
  return out;
}

bool is_name(std::string_view rest, std::string_view name) {
  const std::size_t longest = std::min(rest.size(), name.size());
  std::size_t same = 0;
  while (same < longest && rest[same] == name[same] && rest[same] != '"' && rest[same] != '\\')
    ++same;
  if (same == rest.size()) return false;
  if (rest[same] == '"') return same == name.size();
  // Where the two part there is an escape, or they are different.
  if (rest[same] != '\\') return false;
  const auto raw = raw_text(rest);
  return raw && unescape(rest.substr(0, raw->size)) == name;
}

}  // namespace vajrapulse::extract
