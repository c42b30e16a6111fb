#include "vajrapulse/http/url.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "vajrapulse/http/head.hpp"
#include "vajrapulse/runtime/address.hpp"

namespace vajrapulse::http {
namespace {

using Scheme = Url::Scheme;
using Unexpected = std::unexpected<Error>;

constexpr std::size_t kUrlMax = 16 * 1024;

// How forgiving to be: a person can mend what was typed, a Location header is what it is.
enum class Source { person, server };

constexpr std::uint16_t default_port(Scheme scheme) noexcept { return scheme == Scheme::http ? 80 : 443; }

/// `text` with user and password as "***": what is wrong with a URL is shown, its secrets are not.
std::string without_credentials(std::string_view text) {
  const std::size_t slashes = text.find("//");
  const std::size_t begin = slashes == text.npos ? 0 : slashes + 2;
  const std::size_t at = text.substr(0, text.find_first_of("/?#", begin)).rfind('@');
  if (at == text.npos || at < begin) return std::string(text);
  return std::string(text.substr(0, begin)) + "***" + std::string(text.substr(at));
}

Unexpected refuse(std::string_view url, std::string_view why, std::string cure = {}) {
  constexpr std::size_t kShown = 200;
  const std::string text = without_credentials(url);
  std::string message = "\"";
  for (const char c : std::string_view(text).substr(0, kShown))
    message += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? '?' : c;
  message += text.size() > kShown ? "…\" is no URL to send to: " : "\" is no URL to send to: ";
  message += why;
  return fail(kUsage, std::move(message), std::move(cure));
}

std::string lowered(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(), lower);
  return result;
}

bool is_scheme(std::string_view text) noexcept {
  const auto letter = [](char c) { return lower(c) >= 'a' && lower(c) <= 'z'; };
  return !text.empty() && letter(text.front()) && std::ranges::all_of(text, [&](char c) {
    return letter(c) || is_digit(c) || c == '+' || c == '-' || c == '.';
  });
}

bool is_escape(std::string_view text, std::size_t at) noexcept {
  return at + 2 < text.size() && hex_digit(text[at + 1]) >= 0 && hex_digit(text[at + 2]) >= 0;
}

void append_escaped(std::string& to, char c) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  const auto byte = static_cast<unsigned char>(c);
  to += '%';
  to += kDigits[byte >> 4];
  to += kDigits[byte & 15];
}

// Neither reserved nor unreserved in RFC 3986, but written by people and servers: sent percent-encoded.
bool needs_escape(char c) noexcept {
  const auto byte = static_cast<unsigned char>(c);
  return byte <= 0x20 || byte >= 0x7f || std::string_view("\"<>\\^`{|}").find(c) != std::string_view::npos;
}

/// Path and query as they may stand in a request line.
Expected<std::string> make_target(std::string_view url, std::string_view rest, Source source) {
  rest = rest.substr(0, rest.find('#'));
  std::string target;
  target.reserve(rest.size() + 1);
  if (rest.empty() || rest.front() != '/') target = "/";
  for (std::size_t i = 0; i < rest.size(); ++i) {
    const char c = rest[i];
    const auto byte = static_cast<unsigned char>(c);
    if (source == Source::person && (byte <= 0x20 || byte == 0x7f)) {
      return refuse(url, c == ' ' ? "it contains a space" : "it contains a control character",
                    c == ' ' ? "write a space as %20" : "write it percent-encoded");
    }
    if (source == Source::person && c == '%' && !is_escape(rest, i)) {
      return refuse(url, "a % is not followed by two hexadecimal digits", "write a percent sign itself as %25");
    }
    if (needs_escape(c))
      append_escaped(target, c);
    else
      target += c;
  }
  return target;
}

Expected<std::string> decode_credentials(std::string_view url, std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded += text[i];
      continue;
    }
    if (!is_escape(text, i)) return refuse(url, "user or password holds a broken percent escape", "write % as %25");
    decoded += static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2]));
    i += 2;
  }
  if (std::ranges::any_of(decoded, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; })) {
    return refuse(url, "user or password holds a control character");
  }
  if (decoded.find(':') == decoded.npos) decoded += ':';
  return decoded;
}

Status read_host(std::string_view url, std::string_view host, Url& result) {
  if (host.empty()) return refuse(url, "the host is missing", "write http://HOST:PORT/PATH");
  if (host.front() == '[') {
    const std::string_view inner = host.substr(1, host.size() - 2);
    const bool closed = host.size() > 2 && host.back() == ']';
    if (!closed || inner.find(':') == inner.npos || inner.find('%') != inner.npos || !runtime::Address::ip(inner, 0)) {
      return refuse(url, "what stands in brackets is no IPv6 address", "write it as http://[::1]:8080/");
    }
    result.host = lowered(inner);
    result.ipv6_literal = true;
    return {};
  }
  for (const char c : host) {
    if (static_cast<unsigned char>(c) >= 0x80) {
      return refuse(url, "the host name is not ASCII", "write it in its xn--… form");
    }
    const bool allowed =
        is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'z') || c == '-' || c == '.' || c == '_' || c == '~';
    if (!allowed) return refuse(url, std::string("the host name holds \"") + (c < 0x20 || c == 0x7f ? '?' : c) + '"');
  }
  constexpr std::size_t kNameMax = 253;  // RFC 1035 section 2.3.4, as text
  if (host.size() > kNameMax) return refuse(url, "the host name is longer than 253 characters");
  result.host = lowered(host);
  return {};
}

Status read_port(std::string_view url, std::string_view port, Url& result) {
  if (port.empty()) return {};  // "http://host:/" means the default (RFC 3986 section 6.2.3)
  const char* const end = port.data() + port.size();
  const auto [stop, failure] = std::from_chars(port.data(), end, result.port);
  if (failure != std::errc() || stop != end || result.port == 0) {
    return refuse(url, "the port is no number from 1 to 65535");
  }
  return {};
}

Status read_authority(std::string_view url, std::string_view authority, Url& result) {
  if (const std::size_t at = authority.rfind('@'); at != authority.npos) {
    auto credentials = decode_credentials(url, authority.substr(0, at));
    if (!credentials) return Unexpected(std::move(credentials.error()));
    result.credentials = std::move(*credentials);
    authority.remove_prefix(at + 1);
  }
  const std::size_t bracket = authority.rfind(']');
  const std::size_t colon = authority.find(':', bracket == authority.npos ? 0 : bracket);
  result.port = default_port(result.scheme);
  if (colon != authority.npos) {
    if (auto status = read_port(url, authority.substr(colon + 1), result); !status) return status;
  }
  return read_host(url, authority.substr(0, colon), result);
}

Unexpected refuse_without_scheme(std::string_view text) {
  const bool plain = std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7f; });
  if (text.empty() || !plain) return refuse(text, "it does not begin with http:// or https://");
  const std::size_t slashes = text.find_first_not_of('/');
  return refuse(text, "it does not begin with http:// or https://",
                "write http://" + without_credentials(text.substr(std::min(slashes, text.size()))));
}

// Escaping, and a base before a reference, make a URL longer than what was read: what counts is what would be sent.
Expected<Url> no_longer_than_allowed(Url url) {
  const std::string text = url.text();
  if (text.size() > kUrlMax) return refuse(text, "it is longer than 16 KiB");
  return url;
}

Expected<Url> parse(std::string_view text, Source source) {
  if (text.size() > kUrlMax) return refuse(text, "it is longer than 16 KiB");
  const std::size_t colon = text.find(':');
  const std::string scheme = lowered(text.substr(0, colon == text.npos ? 0 : colon));
  if (colon == text.npos || !text.substr(colon).starts_with("://") || !is_scheme(scheme)) {
    return refuse_without_scheme(text);
  }
  if (scheme != "http" && scheme != "https") {
    return refuse(text, "\"" + scheme + "\" is not spoken here", "use http:// or https://");
  }
  Url url;
  url.scheme = scheme == "http" ? Scheme::http : Scheme::https;
  const std::string_view rest = text.substr(colon + 3);
  const std::size_t end = std::min(rest.find_first_of("/?#"), rest.size());
  if (auto status = read_authority(text, rest.substr(0, end), url); !status) return Unexpected(status.error());
  auto target = make_target(text, rest.substr(end), source);
  if (!target) return Unexpected(std::move(target.error()));
  url.target = std::move(*target);
  return no_longer_than_allowed(std::move(url));
}

// RFC 3986 section 5.2.4.
std::string without_dot_segments(std::string_view path) {
  std::string result;
  while (!path.empty()) {
    const std::size_t end = std::min(path.find('/', 1), path.size());
    const std::string_view segment = path.substr(0, end);
    path.remove_prefix(end);
    if (segment == "/.." || segment == "/.") {
      if (segment == "/..") result.erase(std::min(result.rfind('/'), result.size()));
      if (path.empty()) result += '/';
    } else {
      result += segment;
    }
  }
  return result;
}

bool is_absolute(std::string_view reference) noexcept {
  const std::size_t colon = reference.find(':');
  return colon != reference.npos && is_scheme(reference.substr(0, colon));
}

}  // namespace

std::string_view Url::path() const noexcept { return std::string_view(target).substr(0, target.find('?')); }

std::string Url::authority() const {
  std::string result = ipv6_literal ? "[" + host + "]" : host;
  if (port != default_port(scheme)) result += ":" + std::to_string(port);
  return result;
}

std::string Url::origin() const {
  const std::string name = ipv6_literal ? "[" + host + "]" : host;
  return (scheme == Scheme::http ? "http://" : "https://") + name + ":" + std::to_string(port);
}

std::string Url::text() const { return (scheme == Scheme::http ? "http://" : "https://") + authority() + target; }

Expected<Url> parse_url(std::string_view text) { return parse(text, Source::person); }

Expected<Url> resolve_reference(const Url& base, std::string_view reference) {
  reference = trimmed(reference);
  if (is_absolute(reference)) return parse(reference, Source::server);
  if (reference.starts_with("//")) {
    return parse((base.scheme == Scheme::http ? "http:" : "https:") + std::string(reference), Source::server);
  }
  reference = reference.substr(0, reference.find('#'));
  if (reference.empty()) return base;
  std::string merged;
  if (reference.front() == '?')
    merged = base.path();
  else if (reference.front() != '/')
    merged = base.path().substr(0, base.path().rfind('/') + 1);
  merged += reference;
  const std::size_t query = std::min(merged.find('?'), merged.size());
  merged = without_dot_segments(std::string_view(merged).substr(0, query)) + merged.substr(query);
  auto target = make_target(reference, merged, Source::server);
  if (!target) return Unexpected(std::move(target.error()));
  Url url = base;
  url.target = std::move(*target);
  return no_longer_than_allowed(std::move(url));
}

}  // namespace vajrapulse::http
