#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace vajrapulse::extract {

/// Appends a code point in UTF-8.
void append_utf8(std::string& out, char32_t code);

/// Bytes of the JSON string whose first byte behind the quote is at the front of `rest`, up to its closing quote;
/// nothing when it does not end.
struct RawText {
  std::size_t size = 0;
  bool escaped = false;
};
std::optional<RawText> raw_text(std::string_view rest) noexcept;

/// Decodes the escapes of a JSON string (RFC 8259 section 7), of which a lone surrogate becomes U+FFFD; nothing when
/// one is broken.
std::optional<std::string> unescape(std::string_view raw);

/// Whether the JSON string at the front of `rest` (behind its quote) is `name`, escapes decoded.
bool is_name(std::string_view rest, std::string_view name);

/// Four hexadecimal digits at the front.
std::optional<unsigned> four_digits(std::string_view rest) noexcept;

}  // namespace vajrapulse::extract
