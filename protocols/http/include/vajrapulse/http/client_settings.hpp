#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "vajrapulse/base/clock.hpp"
#include "vajrapulse/base/error.hpp"
#include "vajrapulse/http/fail_on.hpp"
#include "vajrapulse/http/request.hpp"
#include "vajrapulse/runtime/address.hpp"
#include "vajrapulse/runtime/tls.hpp"

namespace vajrapulse::http {

/// Where `host`:`port` really is, whatever DNS says.
struct Pin {
  std::string host;
  std::uint16_t port = 0;
  runtime::Address address;

  /// "example.org:443:127.0.0.1", with an IPv6 address in brackets or not.
  static Expected<Pin> parse(std::string_view text);
};

/// How a client speaks. What is left alone is what most people want.
struct ClientSettings {
  Duration timeout = std::chrono::seconds(30);  ///< of a whole request, redirects and retries included; 0: none
  std::size_t connections = 0;                  ///< open at once, per origin and client; 0: as many as are needed
  bool keep_alive = true;
  int redirects = 0;  ///< how many are followed; a redirect beyond that is a failure unless this is 0
  FailOn fail_on;
  runtime::TlsClientSettings tls;
  std::vector<Pin> resolve;
  std::string unix_socket;      ///< a path: every connection goes there
  std::vector<Header> headers;  ///< of every request; one of the request's own with the same name wins
  bool decompress = false;      ///< ask for gzip, br and zstd, and decode them
};

}  // namespace vajrapulse::http
