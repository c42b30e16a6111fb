#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "vajrapulse/base/error.hpp"

namespace vajrapulse::http {

/// Where a request goes: an absolute http or https URL in its parts (RFC 3986), ready to be sent.
struct Url {
  enum class Scheme : std::uint8_t { http, https };

  Scheme scheme = Scheme::http;
  std::string host;  ///< lower case; an IPv6 literal without its brackets
  bool ipv6_literal = false;
  std::uint16_t port = 80;
  std::string target = "/";  ///< path and query as they are sent; no fragment
  std::string credentials;   ///< "user:password", decoded; for the authorization header

  [[nodiscard]] std::string_view path() const noexcept;  ///< of the target, without query
  /// What the Host header says: the port only where it is not the scheme's own.
  [[nodiscard]] std::string authority() const;
  /// "http://host:port": URLs of one origin share connections.
  [[nodiscard]] std::string origin() const;
  [[nodiscard]] std::string text() const;  ///< without credentials

  friend bool operator==(const Url&, const Url&) = default;
};

/// Reads a URL as a person writes it. Bytes that a URL may not contain are percent-encoded; a space, a
/// broken percent escape, a missing scheme and a foreign one are refused (kUsage), with how to mend it.
Expected<Url> parse_url(std::string_view text);

/// What a Location header of a response to `base` leads to (RFC 3986 section 5.2).
Expected<Url> resolve_reference(const Url& base, std::string_view reference);

}  // namespace vajrapulse::http
