#pragma once

#include <optional>
#include <string>

#include "vajrapulse/http/client.hpp"
#include "vajrapulse/runtime/tls.hpp"

namespace vajrapulse::http {

/// One request and its answer, to be looked at.
struct Exchange {
  std::string request_head;   ///< as sent
  std::string response_head;  ///< as received; empty when none came
  std::string body_start;     ///< at most kBodyStart bytes, decoded when the client decompresses
  std::uint64_t body_bytes = 0;
  int status = 0;
  std::string http_version;  ///< "HTTP/1.1"; empty when no response came
  std::string remote;        ///< "127.0.0.1:8080"; empty when there was no connection
  std::optional<runtime::TlsFacts> tls;
  PhaseTimes phases;
  int redirects = 0;
  Error error;  ///< no kind: it worked

  static constexpr std::size_t kBodyStart = 4096;
};

/// Sends `request` once, over a connection of its own. Failing to reach the server is an Exchange with an error.
runtime::Co<Exchange> exchange(const Scope& scope, ClientSettings settings, Request request);

}  // namespace vajrapulse::http
