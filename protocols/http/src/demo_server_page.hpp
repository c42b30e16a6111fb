#pragma once

#include <span>
#include <string>
#include <string_view>

namespace vajrapulse::http::detail {

struct EndpointText {
  std::string_view path;  ///< as a link that works: "/delay/50ms"
  std::string_view says;
  std::string_view method = "GET";
};

struct PageSection {
  std::string_view title;
  std::span<const EndpointText> endpoints;
};

/// The list of endpoints, for people with a browser.
std::string demo_page(std::span<const PageSection> sections);

/// `text` as HTML: in an element or between the quotes of an attribute.
std::string html_escaped(std::string_view text);

/// `text` as the inside of a JSON string.
std::string json_escaped(std::string_view text);

/// What /gzip, /br and /zstd send, before they compress it.
std::string compressible_text();
std::string gzip_of(std::string_view text);
std::string brotli_of(std::string_view text);
std::string zstd_of(std::string_view text);

}  // namespace vajrapulse::http::detail
