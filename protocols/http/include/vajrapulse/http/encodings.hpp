#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace vajrapulse::http {

/// Base64 with padding (RFC 4648 section 4).
[[nodiscard]] std::string base64(std::string_view bytes);
void append_base64(std::string_view bytes, std::string& out);

/// What may stand in a URL as it is.
enum class UrlPart : std::uint8_t {
  url,   ///< a URL or a piece of one: only what no URL may hold is encoded; a percent escape stays as it is
  name,  ///< a name or value of a query or a form: all but the unreserved characters of RFC 3986 section 2.3
};
/// Percent-encodes what may not stand there (RFC 3986 section 2.1); a blank is %20, which readers of forms take, too.
[[nodiscard]] std::string percent_encoded(std::string_view text, UrlPart part);

}  // namespace vajrapulse::http
