#include "prepared_request.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "decompressor.hpp"
#include "vajrapulse/http/head.hpp"

namespace vajrapulse::http {
namespace {

constexpr std::string_view kUserAgent = "vajrapulse";

std::string base64(std::string_view text) {
  constexpr char kDigits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string result;
  for (std::size_t i = 0; i < text.size(); i += 3) {
    unsigned group = 0;
    const std::size_t bytes = std::min<std::size_t>(3, text.size() - i);
    for (std::size_t j = 0; j < 3; ++j)
      group = group << 8 | (j < bytes ? static_cast<unsigned char>(text[i + j]) : 0u);
    for (std::size_t j = 0; j < 4; ++j)
      result += j <= bytes ? kDigits[group >> (18 - 6 * j) & 63] : '=';
  }
  return result;
}

bool is_value(std::string_view text) noexcept {
  return find_control(text.data(), text.data() + text.size()) == text.data() + text.size();
}

Status check_header(const Header& header) {
  if (!is_token(header.name)) {
    return fail(kUsage, "\"" + header.name + "\" is no header name", "write a header as 'name: value'");
  }
  if (!is_value(header.value)) return fail(kUsage, "the value of header " + header.name + " holds a control character");
  return {};
}

/// The headers of one request, in order; a name that was said before is not said again by what is weaker.
class HeadWriter {
 public:
  explicit HeadWriter(std::string& head) : head_(head) {}

  void add(std::string_view name, std::string_view value) {
    head_.append(name).append(": ").append(value).append("\r\n");
  }
  /// A header that is there unless `wins` have said otherwise.
  void add_default(std::string_view name, std::string_view value, const std::vector<Header>& wins) {
    const bool said = std::ranges::any_of(wins, [&](const Header& each) { return same_text(each.name, name); });
    if (!said) add(name, value);
  }

 private:
  std::string& head_;
};

bool may_be_left_out(const Header& header) noexcept {
  return header.value.empty() && (same_text(header.name, "host") || same_text(header.name, "user-agent"));
}

// RFC 9110 section 8.6: methods that are expected to have content say so even when it is empty.
bool wants_length(const Request& request) noexcept {
  return request.body.present() || request.method == "POST" || request.method == "PUT" || request.method == "PATCH";
}

bool is_origin_bound(const Header& header) noexcept {
  constexpr std::array kNames = {std::string_view("authorization"), std::string_view("cookie"),
                                 std::string_view("proxy-authorization"), std::string_view("host")};
  return std::ranges::any_of(kNames, [&](std::string_view name) { return same_text(name, header.name); });
}

bool is_about_body(const Header& header) noexcept {
  constexpr std::array kNames = {std::string_view("content-type"), std::string_view("content-length"),
                                 std::string_view("content-encoding"), std::string_view("transfer-encoding")};
  return std::ranges::any_of(kNames, [&](std::string_view name) { return same_text(name, header.name); });
}

}  // namespace

Expected<Body> Body::file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file || std::filesystem::is_directory(path))
    return fail(kUsage, "cannot read the request body from " + path, "check that the file exists and may be read");
  return Body(std::string(std::istreambuf_iterator<char>(file), {}));
}

Request with_headers_of(const ClientSettings& settings, const Request& request) {
  Request result = request;
  result.headers.clear();
  for (const Header& header : settings.headers) {
    const auto repeats = [&](const Header& own) { return same_text(own.name, header.name); };
    if (std::ranges::none_of(request.headers, repeats)) result.headers.push_back(header);
  }
  result.headers.insert(result.headers.end(), request.headers.begin(), request.headers.end());
  return result;
}

Expected<std::string> render_head(const Request& request, const Url& url, const ClientSettings& settings) {
  if (!is_token(request.method))
    return fail(kUsage, "\"" + request.method + "\" is no HTTP method", "write GET, POST …");
  const std::vector<Header>& headers = request.headers;
  for (const Header& header : headers) {
    if (auto status = check_header(header); !status) return std::unexpected(status.error());
    if (same_text(header.name, "transfer-encoding"))
      return fail(kUsage, "the header transfer-encoding cannot be set: bodies are sent whole, with their length",
                  "leave it out");
  }
  std::string head = request.method + " " + url.target + " HTTP/1.1\r\n";
  HeadWriter writer(head);
  writer.add_default("host", url.authority(), headers);
  writer.add_default("user-agent", kUserAgent, headers);
  if (!url.credentials.empty()) writer.add_default("authorization", "Basic " + base64(url.credentials), headers);
  if (settings.decompress) writer.add_default("accept-encoding", Decompressor::kAccepted, headers);
  if (!settings.keep_alive) writer.add_default("connection", "close", headers);
  for (const Header& header : headers) {
    if (!may_be_left_out(header)) writer.add(header.name, header.value);
  }
  if (wants_length(request)) {
    writer.add_default("content-length", std::to_string(request.body.view().size()), headers);
  }
  head += "\r\n";
  return head;
}

std::string name_of(const Request& request, const Url& url) {
  return request.name.empty() ? request.method + " " + std::string(url.path()) : request.name;
}

Request redirected(const Request& request, const Url& from, const Url& to, int status) {
  Request next = request;
  next.url = to.text();
  if (next.name.empty()) next.name = name_of(request, from);
  const bool rewrites =
      status == 303 ? request.method != "HEAD" : (status == 301 || status == 302) && request.method == "POST";
  if (rewrites) {
    next.method = "GET";
    next.body = Body();
    std::erase_if(next.headers, is_about_body);
  }
  if (from.origin() != to.origin()) std::erase_if(next.headers, is_origin_bound);
  return next;
}

bool is_idempotent(std::string_view method) noexcept {
  constexpr std::array kMethods = {std::string_view("GET"),    std::string_view("HEAD"),    std::string_view("PUT"),
                                   std::string_view("DELETE"), std::string_view("OPTIONS"), std::string_view("TRACE")};
  return std::ranges::find(kMethods, method) != kMethods.end();
}

}  // namespace vajrapulse::http
