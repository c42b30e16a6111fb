#pragma once

#include <memory>
#include <string>
#include <vector>

#include "client_metrics.hpp"
#include "connection_pool.hpp"
#include "vajrapulse/http/client_settings.hpp"
#include "vajrapulse/http/request.hpp"
#include "vajrapulse/http/url.hpp"

namespace vajrapulse::http {

/// A request as bytes, with everything about it that is looked up once.
struct PreparedRequest {
  Request request;  ///< with all its headers: redirects make new ones of it
  Url url;
  std::string head;
  Origin* origin = nullptr;
  NamedSeries* series = nullptr;
  bool is_head = false;     ///< the HEAD method: no body comes back
  bool idempotent = false;  ///< RFC 9110 section 9.2.2: may be sent again when nothing came back
};

/// `request` with the client's headers, but for those that it has itself.
Request with_headers_of(const ClientSettings& settings, const Request& request);

/// Renders the request line and headers. Fails (kUsage) on what would not be a request.
Expected<std::string> render_head(const Request& request, const Url& url, const ClientSettings& settings);

/// "GET /path", unless the request has a name of its own.
std::string name_of(const Request& request, const Url& url);

/// What a redirect with `status` makes of `request` (RFC 9110 section 15.4): its method and body, and without
/// credentials when it leads to another origin.
Request redirected(const Request& request, const Url& from, const Url& to, int status);

/// RFC 9110 section 9.2.2.
bool is_idempotent(std::string_view method) noexcept;

}  // namespace vajrapulse::http
