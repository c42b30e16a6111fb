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

/// Where in a request's head stands what comes with each sending.
struct Seams {
  std::size_t target = 0;    ///< begins here
  std::size_t version = 0;   ///< and ends here
  std::size_t fields = 0;    ///< behind the request line; where the Host line goes that varies
  std::size_t values = 0;    ///< where the lines of varying headers go
  std::size_t length = 0;    ///< behind them: content-length, if any, and the blank line
  bool says_host = false;    ///< a header of the request's own
  bool says_cookie = false;  ///< the same: no jar adds to it
  bool says_authorization = false;
};

/// A request as bytes, with everything about it that is looked up once.
struct PreparedRequest {
  Request request;  ///< with all its headers: redirects make new ones of it
  Url url;
  std::string head;
  std::string_view body;
  Origin* origin = nullptr;  ///< null where it comes with each sending
  NamedSeries* series = nullptr;
  Duration timeout{};
  int redirects = 0;
  FailOn fail_on;
  bool is_head = false;     ///< the HEAD method: no body comes back
  bool idempotent = false;  ///< RFC 9110 section 9.2.2: may be sent again when nothing came back
  Varies varies;
  Seams seams;
  std::vector<std::string> value_names;  ///< "name: ", of the headers that vary
  /// What sendings that have ended were rendered into: memory for the next ones.
  std::vector<std::unique_ptr<PreparedRequest>> spare;

  /// As people would have written what was sent: the headers that came with it are among the others.
  [[nodiscard]] Request as_sent() const;
};

/// `request` with the client's headers, but for those that it has itself.
Request with_headers_of(const ClientSettings& settings, const Request& request, const Varies& varies = {});

struct RenderedHead {
  std::string text;
  Seams seams;
};
/// Renders the request line and headers, without those that vary. Fails (kUsage) on what would not be a request.
Expected<RenderedHead> render(const Request& request, const Url& url, const ClientSettings& settings,
                              const Varies& varies);
/// The same of a request of which nothing varies.
Expected<std::string> render_head(const Request& request, const Url& url, const ClientSettings& settings);

/// "GET /path", unless the request has a name of its own.
std::string name_of(const Request& request, const Url& url);

/// What a redirect with `status` makes of `request` (RFC 9110 section 15.4): its method and body, and without
/// credentials when it leads to another origin.
Request redirected(const Request& request, const Url& from, const Url& to, int status);

/// RFC 9110 section 9.2.2.
bool is_idempotent(std::string_view method) noexcept;

}  // namespace vajrapulse::http
