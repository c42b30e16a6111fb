#pragma once

#include <span>
#include <string>
#include <string_view>

namespace vajrapulse::http::detail {

struct EndpointText {
  std::string_view path;  ///< as a link that works: "/delay/50ms"
  std::string_view says;
};

/// The list of endpoints, for people with a browser.
std::string demo_page(std::span<const EndpointText> endpoints);

/// `text` as the inside of a JSON string.
std::string json_escaped(std::string_view text);

/// What /gzip, /br and /zstd send, before they compress it.
std::string compressible_text();
std::string gzip_of(std::string_view text);
std::string brotli_of(std::string_view text);
std::string zstd_of(std::string_view text);

}  // namespace vajrapulse::http::detail
