#include "step_line.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "vajrapulse/base/text.hpp"
#include "vajrapulse/http/head.hpp"

namespace vajrapulse::http_plan {
namespace {

using criteria::Mistake;

// RFC 9110, RFC 5789, and what WebDAV and caches add.
constexpr std::array<std::string_view, 20> kMethods = {
    "GET",   "POST", "PUT",  "PATCH", "DELETE", "HEAD",   "OPTIONS", "TRACE", "PROPFIND", "PROPPATCH",
    "MKCOL", "COPY", "MOVE", "LOCK",  "UNLOCK", "SEARCH", "REPORT",  "PURGE", "QUERY",    "MERGE"};

bool is_blank(char c) noexcept { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

std::size_t characters(std::string_view text) noexcept {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

std::string shown(std::string_view text) {
  constexpr std::size_t kLongest = 60;
  std::string out = "'";
  out += text.substr(0, kLongest);
  return out + (text.size() > kLongest ? "…'" : "'");
}

std::unexpected<Mistake> wrong(std::string_view line, std::string_view part, std::string message, std::string cure) {
  const auto before = static_cast<std::size_t>(part.data() - line.data());
  return std::unexpected(Mistake{.column = characters(line.substr(0, before)) + 1,
                                 .length = std::max<std::size_t>(1, characters(part)),
                                 .message = std::move(message),
                                 .cure = std::move(cure)});
}

/// The first byte of any of `marks` outside placeholders.
template <class Is>
std::size_t find_outside(std::string_view text, std::size_t at, Is is) noexcept {
  while (at < text.size()) {
    if (text.substr(at).starts_with("{{{{"))
      at += 4;
    else if (text.substr(at).starts_with("{{") && !text.substr(at).starts_with("{{{"))
      at = placeholder_end(text, at);
    else if (is(text[at]))
      return at;
    else
      ++at;
  }
  return text.size();
}

std::string_view trimmed(std::string_view text) noexcept {
  while (!text.empty() && is_blank(text.front()))
    text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back()))
    text.remove_suffix(1);
  return text;
}

bool is_method_like(std::string_view word) noexcept {
  return !word.empty() &&
         std::ranges::all_of(word, [](char c) { return http::lower(c) >= 'a' && http::lower(c) <= 'z'; });
}

std::string upper(std::string_view word) {
  std::string result(word);
  for (char& c : result)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return result;
}

/// What is wrong with a word that stands where a method does; nothing when it is one.
std::optional<std::unexpected<Mistake>> check_method(std::string_view line, std::string_view word) {
  if (std::ranges::find(kMethods, word) != kMethods.end()) return std::nullopt;
  const std::string capitals = upper(word);
  if (std::ranges::find(kMethods, capitals) != kMethods.end())
    return wrong(line, word, shown(word) + " is no method: methods are written in capitals", "write " + capitals);
  const auto near = nearest(capitals, std::vector<std::string>(kMethods.begin(), kMethods.end()));
  return wrong(line, word, shown(word) + " is no method",
               near ? "did you mean " + *near + "?" : "write GET, POST, PUT, PATCH, DELETE, HEAD or OPTIONS");
}

bool is_url_like(std::string_view text) noexcept {
  return text.starts_with('/') || text.starts_with('?') || text.starts_with("{{") ||
         text.find("://") != std::string_view::npos;
}

std::expected<StepLine, Mistake> with_url(std::string_view line, std::string_view method, std::string_view url) {
  if (const std::size_t blank = find_outside(url, 0, is_blank); blank < url.size()) {
    return wrong(line, url.substr(blank, 1), "a URL cannot hold a blank",
                 "write it as %20, or as a value under query:");
  }
  if (const std::size_t odd =
          find_outside(url, 0, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
      odd < url.size()) {
    return wrong(line, url.substr(odd, 1), "a URL cannot hold a control character", "take it out");
  }
  if (!is_url_like(url)) {
    const bool host = url.find('.') < url.find('/') || url.find(':') != url.npos;
    return wrong(line, url, shown(url) + " is no URL",
                 host ? "write http://" + std::string(url) : "write /" + std::string(url));
  }
  return StepLine{std::string(method), std::string(url), static_cast<std::size_t>(url.data() - line.data())};
}

}  // namespace

std::size_t placeholder_end(std::string_view text, std::size_t at) noexcept {
  char quote = 0;
  for (std::size_t i = at + 2; i < text.size(); ++i) {
    const char c = text[i];
    if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (c == '\'' || c == '"') {
      quote = c;
    } else if (text.substr(i).starts_with("}}")) {
      return i + 2;
    }
  }
  return text.size();
}

std::vector<TextPart> text_parts(std::string_view text) {
  std::vector<TextPart> parts;
  const auto constant = [&](std::string_view part) {
    if (part.empty()) return;
    if (parts.empty() || parts.back().placeholder) parts.emplace_back();
    parts.back().text += part;
  };
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t open = std::min(text.find("{{", at), text.size());
    constant(text.substr(at, open - at));
    at = open;
    if (text.substr(at).starts_with("{{{{")) {
      constant("{{");
      at += 4;
    } else if (text.substr(at).starts_with("{{{")) {
      constant("{");
      ++at;
    } else if (at < text.size()) {
      const std::size_t end = placeholder_end(text, at);
      parts.push_back({true, std::string(text.substr(at, end - at))});
      at = end;
    }
  }
  return parts;
}

std::string with_braces(std::string_view constant) {
  std::string out;
  for (std::size_t at = 0; at < constant.size(); ++at) {
    out += constant[at];
    if (!constant.substr(at).starts_with("{{")) continue;
    out += "{{{";
    ++at;
  }
  return out;
}

std::expected<StepLine, Mistake> parse_step_line(std::string_view line) {
  const std::string_view text = trimmed(line);
  if (text.empty())
    return wrong(line, line.substr(0, 0), "the URL is missing", "write a method and a URL, for example GET /items");
  const std::size_t end = find_outside(text, 0, is_blank);
  const std::string_view first = text.substr(0, end);
  if (end == text.size()) {
    if (!is_method_like(first)) return with_url(line, "GET", first);
    if (!check_method(line, upper(first)))
      return wrong(line, first, "there is no URL behind " + shown(first),
                   "write for example " + upper(first) + " /items");
    return with_url(line, "GET", first);
  }
  if (is_url_like(first)) return with_url(line, "GET", text);
  if (auto mistake = check_method(line, first)) return *mistake;
  return with_url(line, first, trimmed(text.substr(end)));
}

UrlText take_apart(std::string_view url) {
  UrlText result;
  std::size_t begin = 0;
  const std::size_t scheme = url.find("://");
  const bool literal_scheme = scheme != url.npos && scheme < std::min(url.find('{'), url.find('/'));
  const bool braces = url.starts_with("{{") && !url.starts_with("{{{{");
  if (literal_scheme) begin = scheme + 3;
  const auto ends_host = [](char c) { return c == '/' || c == '?' || c == '#'; };
  const std::size_t host_end = literal_scheme || braces ? find_outside(url, begin, ends_host) : 0;
  result.origin = url.substr(0, host_end);
  std::string_view rest = url.substr(host_end);
  rest = rest.substr(0, find_outside(rest, 0, [](char c) { return c == '#'; }));
  const std::size_t query = find_outside(rest, 0, [](char c) { return c == '?'; });
  result.path = rest.substr(0, query);
  result.query = rest.substr(query);
  return result;
}

}  // namespace vajrapulse::http_plan
