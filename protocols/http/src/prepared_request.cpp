#include "prepared_request.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "decompressor.hpp"
#include "vajrapulse/http/encodings.hpp"
#include "vajrapulse/http/head.hpp"

namespace vajrapulse::http {
namespace {

constexpr std::string_view kUserAgent = "vajrapulse";

bool is_value(std::string_view text) noexcept {
  return find_control(text.data(), text.data() + text.size()) == text.data() + text.size();
}

Status check_header(const Header& header, const Varies& varies) {
  if (!is_token(header.name)) {
    return fail(kUsage, "\"" + header.name + "\" is no header name", "write a header as 'name: value'");
  }
  if (!is_value(header.value)) return fail(kUsage, "the value of header " + header.name + " holds a control character");
  if (same_text(header.name, "transfer-encoding"))
    return fail(kUsage, "the header transfer-encoding cannot be set: bodies are sent whole, with their length",
                "leave it out");
  if (varies.body && same_text(header.name, "content-length"))
    return fail(kUsage, "the header content-length cannot be set: each body is sent with its own", "leave it out");
  return {};
}

/// The headers of one request, in order; a name that was said before is not said again by what is weaker.
class HeadWriter {
 public:
  HeadWriter(std::string& head, const std::vector<Header>& said, const std::vector<std::string>& coming)
      : head_(head), said_(said), coming_(coming) {}

  [[nodiscard]] bool says(std::string_view name) const {
    return std::ranges::any_of(said_, [&](const Header& each) { return same_text(each.name, name); }) ||
           std::ranges::any_of(coming_, [&](const std::string& each) { return same_text(each, name); });
  }
  void add(std::string_view name, std::string_view value) {
    head_.append(name).append(": ").append(value).append("\r\n");
  }
  /// A header that is there unless the request has said otherwise.
  void add_default(std::string_view name, std::string_view value) {
    if (!says(name)) add(name, value);
  }

 private:
  std::string& head_;
  const std::vector<Header>& said_;
  const std::vector<std::string>& coming_;
};

bool may_be_left_out(const Header& header) noexcept {
  return header.value.empty() && (same_text(header.name, "host") || same_text(header.name, "user-agent"));
}

// RFC 9110 section 8.6: methods that are expected to have content say so even when it is empty.
bool wants_length(const Request& request) noexcept {
  return request.body.present() || request.method == "POST" || request.method == "PUT" || request.method == "PATCH";
}

Status check(const Request& request, const Varies& varies) {
  if (!is_token(request.method))
    return fail(kUsage, "\"" + request.method + "\" is no HTTP method", "write GET, POST …");
  for (const Header& header : request.headers) {
    if (auto status = check_header(header, varies); !status) return status;
  }
  for (const std::string& name : varies.headers) {
    if (auto status = check_header({name, "x"}, varies); !status) return status;
  }
  return {};
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

Request with_headers_of(const ClientSettings& settings, const Request& request, const Varies& varies) {
  Request result = request;
  result.headers.clear();
  for (const Header& header : settings.headers) {
    const auto repeats = [&](const Header& own) { return same_text(own.name, header.name); };
    const auto comes = [&](const std::string& name) { return same_text(name, header.name); };
    if (std::ranges::none_of(request.headers, repeats) && std::ranges::none_of(varies.headers, comes))
      result.headers.push_back(header);
  }
  result.headers.insert(result.headers.end(), request.headers.begin(), request.headers.end());
  return result;
}

Expected<std::string> render_head(const Request& request, const Url& url, const ClientSettings& settings) {
  auto rendered = render(request, url, settings, {});
  if (!rendered) return std::unexpected(std::move(rendered.error()));
  return std::move(rendered->text);
}

Expected<RenderedHead> render(const Request& request, const Url& url, const ClientSettings& settings,
                              const Varies& varies) {
  if (auto status = check(request, varies); !status) return std::unexpected(std::move(status.error()));
  const bool has_host = varies.url != Varies::Url::all;
  RenderedHead rendered;
  std::string& head = rendered.text;
  Seams& seams = rendered.seams;
  head = request.method + " ";
  seams.target = head.size();
  head += url.target;
  seams.version = head.size();
  head += " HTTP/1.1\r\n";
  seams.fields = head.size();
  HeadWriter writer(head, request.headers, varies.headers);
  seams.says_host = writer.says("host");
  seams.says_cookie = writer.says("cookie");
  seams.says_authorization = writer.says("authorization");
  if (has_host) writer.add_default("host", url.authority());
  writer.add_default("user-agent", kUserAgent);
  if (!url.credentials.empty()) writer.add_default("authorization", "Basic " + base64(url.credentials));
  if (settings.decompress) writer.add_default("accept-encoding", Decompressor::kAccepted);
  if (!settings.keep_alive) writer.add_default("connection", "close");
  for (const Header& header : request.headers) {
    if (!may_be_left_out(header)) writer.add(header.name, header.value);
  }
  seams.values = seams.length = head.size();
  if (wants_length(request)) writer.add_default("content-length", std::to_string(request.body.view().size()));
  head += "\r\n";
  return rendered;
}

Request PreparedRequest::as_sent() const {
  Request result = request;
  HeadLines lines(std::string_view(head).substr(seams.values, seams.length - seams.values));
  Field field;
  while (lines.next() == HeadLines::Step::line && split_field(lines.line(), field)) {
    result.headers.push_back({std::string(field.name), std::string(field.value)});
  }
  if (varies.body) result.body = Body(std::string(body));
  return result;
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
