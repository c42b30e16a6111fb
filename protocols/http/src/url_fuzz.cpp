#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "vajrapulse/http/url.hpp"

// What is accepted may be sent as it stands, and reads the same when it is written down again.
namespace {

using vajrapulse::http::Url;

void require(bool holds) {
  if (!holds) std::abort();
}

bool is_sendable(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7f; });
}

void check(const Url& url) {
  require(url.target.starts_with('/') && is_sendable(url.target));
  require(!url.host.empty() && is_sendable(url.host) && url.port != 0);
  auto again = vajrapulse::http::parse_url(url.text());
  if (!again) return require(url.target.find('%') != std::string::npos);  // a server's broken escape
  again->credentials = url.credentials;
  require(*again == url);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto url = vajrapulse::http::parse_url(text)) check(*url);
  const Url base{.host = "a", .target = "/b/c/d;p?q"};
  if (const auto url = vajrapulse::http::resolve_reference(base, text)) check(*url);
  return 0;
}
