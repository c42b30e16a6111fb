#include "xml_text.hpp"

#include <algorithm>
#include <array>

namespace vajrapulse::junit {
namespace {

constexpr std::string_view kReplacement = "\xef\xbf\xbd";

/// The character in front, and the bytes it takes; zero bytes when it is not well-formed UTF-8 (RFC 3629, section 4).
struct Character {
  char32_t code = 0;
  std::size_t bytes = 0;
};

Character first_character(std::string_view text) noexcept {
  const auto byte = [text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned first = byte(0);
  if (first < 0x80) return {.code = first, .bytes = 1};
  const std::size_t bytes = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || text.size() < bytes) return {};
  char32_t code = first & (0x7fU >> bytes);
  for (std::size_t i = 1; i < bytes; ++i) {
    if ((byte(i) & 0xc0U) != 0x80) return {};
    code = (code << 6) | (byte(i) & 0x3fU);
  }
  constexpr std::array<char32_t, 5> kLeast = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = code >= 0xd800 && code <= 0xdfff;
  if (code < kLeast[bytes] || code > 0x10ffff || surrogate) return {};
  return {.code = code, .bytes = bytes};
}

/// Char of XML 1.0, section 2.2.
bool xml_can_hold(char32_t code) noexcept {
  if (code < 0x20) return code == '\t' || code == '\n' || code == '\r';
  return code != 0xfffe && code != 0xffff;
}

enum class Where { element, attribute };

/// How a character is written that cannot stand for itself; empty for the others.
std::string_view reference_of(char c, Where where) noexcept {
  if (where == Where::element && (c == '\t' || c == '\n' || c == '"')) return {};
  switch (c) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '"': return "&quot;";
    case '\t': return "&#9;";
    case '\n': return "&#10;";
    case '\r': return "&#13;";
    default: return {};
  }
}

std::string escaped(std::string_view text, Where where) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const Character character = first_character(text);
    const std::string_view reference = reference_of(text.front(), where);
    if (character.bytes == 0 || !xml_can_hold(character.code)) {
      out += kReplacement;
    } else if (!reference.empty()) {
      out += reference;
    } else {
      out += text.substr(0, character.bytes);
    }
    text.remove_prefix(std::max<std::size_t>(character.bytes, 1));
  }
  return out;
}

}  // namespace

std::string xml_text(std::string_view text) { return escaped(text, Where::element); }
std::string xml_attribute(std::string_view text) { return escaped(text, Where::attribute); }

}  // namespace vajrapulse::junit
