// A request whose parts come with each sending: rendered from the one that was prepared, into memory that is used
// again.
#include <algorithm>
#include <charconv>
#include <utility>

#include "client_core.hpp"
#include "vajrapulse/http/cookie_jar.hpp"
#include "vajrapulse/http/encodings.hpp"
#include "vajrapulse/http/head.hpp"

namespace vajrapulse::http {
namespace {

using Rendering = std::unique_ptr<PreparedRequest>;

constexpr std::string_view kLineEnd = "\r\n";

// Visible ASCII and nothing else: what ends a request line, or may be read as its end, is refused.
bool is_target(std::string_view text) noexcept {
  unsigned bad = 0;
  for (const char c : text)
    bad |= static_cast<unsigned>(static_cast<unsigned char>(c) - 0x21u > 0x7eu - 0x21u);
  return bad == 0;
}

bool is_value(std::string_view text) noexcept {
  return find_control(text.data(), text.data() + text.size()) == text.data() + text.size();
}

Status check(const PreparedRequest& base, const Varying& varying) {
  if (!is_target(varying.url)) {
    return fail(kUsage, "what was filled into the URL of " + base.series->name + " cannot stand in a URL",
                "write what is not visible ASCII percent-encoded");
  }
  if (varying.headers.size() != base.varies.headers.size())
    return fail(kUsage, base.series->name + " was given another number of header values than it has headers");
  for (std::size_t i = 0; i < varying.headers.size(); ++i) {
    if (is_value(varying.headers[i])) continue;
    return fail(kUsage, "what was filled into the header " + base.varies.headers[i] + " of " + base.series->name +
                            " holds a line end or another control character");
  }
  return {};
}

/// Memory of a sending that has ended, or a copy of what stays the same.
Rendering take_spare(PreparedRequest& base) {
  if (!base.spare.empty()) {
    Rendering spare = std::move(base.spare.back());
    base.spare.pop_back();
    return spare;
  }
  auto fresh = std::make_unique<PreparedRequest>();
  fresh->request = base.request;
  fresh->url = base.url;
  fresh->body = base.body;
  fresh->origin = base.origin;
  fresh->series = base.series;
  fresh->timeout = base.timeout;
  fresh->redirects = base.redirects;
  fresh->fail_on = base.fail_on;
  fresh->is_head = base.is_head;
  fresh->idempotent = base.idempotent;
  fresh->varies = base.varies;
  fresh->seams = base.seams;
  return fresh;
}

void append_length(std::string& head, std::size_t bytes) {
  char digits[20];
  const char* const end = std::to_chars(digits, digits + sizeof digits, bytes).ptr;
  head.append("content-length: ").append(std::string_view(digits, end)).append("\r\n\r\n");
}

/// What a request line has of a URL: no fragment, and a path at least.
std::string_view without_fragment(std::string_view target) noexcept { return target.substr(0, target.find('#')); }

}  // namespace

bool ClientCore::differs(const PreparedRequest& base, const Varying& varying) noexcept {
  const bool has_cookies = varying.cookies && !varying.cookies->empty() && !base.seams.says_cookie;
  return base.varies.url != Varies::Url::nothing || base.varies.body || !base.varies.headers.empty() || has_cookies;
}

Expected<Rendering> ClientCore::render(PreparedRequest& base, const Varying& varying) {
  if (auto status = check(base, varying); !status) return std::unexpected(std::move(status.error()));
  Rendering rendering = take_spare(base);
  const Known* known = nullptr;
  if (auto status = address(*rendering, varying.url, known); !status) {
    base.spare.push_back(std::move(rendering));
    return std::unexpected(std::move(status.error()));
  }
  if (base.varies.body) rendering->body = varying.body;
  write_head(*rendering, base, varying, known);
  return rendering;
}

/// Where the request goes.
Status ClientCore::address(PreparedRequest& rendering, std::string_view url, const Known*& at) {
  if (rendering.varies.url == Varies::Url::nothing) return {};
  if (rendering.varies.url == Varies::Url::all) {
    const std::size_t scheme = url.find("://");
    const std::size_t end = scheme == url.npos ? url.npos : url.find_first_of("/?#", scheme + 3);
    auto found = known(url.substr(0, end));
    if (!found) return std::unexpected(std::move(found.error()));
    at = *found;
    if (rendering.origin != at->origin || rendering.url.credentials != at->url.credentials) rendering.url = at->url;
    rendering.origin = at->origin;
    url = end == url.npos ? std::string_view() : url.substr(end);
  }
  url = without_fragment(url);
  rendering.url.target.assign(url.starts_with('/') ? "" : "/").append(url);
  return {};
}

Expected<const ClientCore::Known*> ClientCore::known(std::string_view origin) {
  if (const auto found = known_.find(origin); found != known_.end()) return &found->second;
  auto url = parse_url(origin);
  if (!url) return std::unexpected(std::move(url.error()));
  auto at = origin_of(*url);
  if (!at) return std::unexpected(std::move(at.error()));
  if (known_.size() >= kOriginsMax) known_.clear();  // user and password may be many where hosts are few
  Known fresh{.url = std::move(*url), .origin = *at, .host = {}, .authorization = {}};
  fresh.host = "host: " + fresh.url.authority() + std::string(kLineEnd);
  if (!fresh.url.credentials.empty())
    fresh.authorization = "authorization: Basic " + base64(fresh.url.credentials) + std::string(kLineEnd);
  return &known_.emplace(std::string(origin), std::move(fresh)).first->second;
}

void ClientCore::write_head(PreparedRequest& rendering, const PreparedRequest& base, const Varying& varying,
                            const Known* at) {
  const Seams& seams = base.seams;
  const std::string_view all = base.head;
  std::string& head = rendering.head;
  head.assign(all.substr(0, seams.target));
  head.append(rendering.url.target).append(all.substr(seams.version, seams.fields - seams.version));
  if (at && !seams.says_host) head.append(at->host);
  if (at && !seams.says_authorization) head.append(at->authorization);
  head.append(all.substr(seams.fields, seams.values - seams.fields));
  rendering.seams.values = head.size();
  for (std::size_t i = 0; i < varying.headers.size(); ++i)
    head.append(base.value_names[i]).append(varying.headers[i]).append(kLineEnd);
  rendering.seams.length = head.size();
  if (varying.cookies && !varying.cookies->empty() && !seams.says_cookie) {
    head.append("cookie: ");
    if (varying.cookies->write(rendering.url, reactor.wall_now(), head))
      head.append(kLineEnd);
    else
      head.resize(rendering.seams.length);
  }
  if (base.varies.body)
    append_length(head, varying.body.size());
  else
    head.append(all.substr(seams.length));
}

}  // namespace vajrapulse::http
