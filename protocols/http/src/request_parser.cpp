#include "vajrapulse/http/request_parser.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace vajrapulse::http {
namespace {

using Kind = RequestOutcome::Kind;

// What may stand in a target: visible ASCII and, as servers in the field accept, bytes above it.
bool is_target(std::string_view text) noexcept {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte > 0x20 && byte != 0x7f;
  });
}

RequestOutcome refused(int status, std::string_view why) {
  return {.kind = Kind::refused, .head_bytes = 0, .status = status, .why = why};
}

using Refusal = std::optional<RequestOutcome>;

Refusal read_version(std::string_view version, RequestHead& head) {
  constexpr std::string_view kName = "HTTP/";
  const bool shaped = version.size() == 8 && version.starts_with(kName) && version[6] == '.' && version[5] >= '0' &&
                      version[5] <= '9' && version[7] >= '0' && version[7] <= '9';
  if (!shaped) return refused(400, "the request line does not end in an HTTP version");
  if (version[5] != '1') return refused(505, "only HTTP/1.0 and HTTP/1.1 are spoken here");
  head.minor = std::min(version[7] - '0', 1);
  return {};
}

// origin-form, absolute-form or asterisk-form (RFC 9112 section 3.2).
Refusal split_target(RequestHead& head) {
  std::string_view rest = head.target;
  if (head.method == "CONNECT") return refused(501, "this server is no proxy");
  if (rest == "*" && head.method == "OPTIONS") {
    head.path = rest;
    head.query = {};
    return {};
  }
  if (rest.front() != '/') {
    const std::size_t authority = rest.find("://");
    if (authority == rest.npos) return refused(400, "the request target is neither a path nor a URL");
    const std::size_t path = rest.find_first_of("/?", authority + 3);
    rest = path == rest.npos ? std::string_view() : rest.substr(path);
  }
  const std::size_t question = rest.find('?');
  head.path = rest.substr(0, question);
  head.query = question == rest.npos ? std::string_view() : rest.substr(question + 1);
  if (head.path.empty()) head.path = "/";
  return {};
}

Refusal read_request_line(std::string_view line, RequestHead& head) {
  const std::size_t first = line.find(' ');
  const std::size_t last = line.rfind(' ');
  if (first == line.npos || first == last) return refused(400, "the request line has no method, target and version");
  head.method = line.substr(0, first);
  head.target = line.substr(first + 1, last - first - 1);
  if (!is_token(head.method)) return refused(400, "the method is no token");
  if (!is_target(head.target)) return refused(400, "the request target has a space or control character");
  if (auto refusal = read_version(line.substr(last + 1), head)) return refusal;
  return split_target(head);
}

/// What the fields say about the body and the connection, gathered while they are read.
struct Framed {
  bool has_length = false;
  bool has_host = false;
  bool says_close = false;
  bool says_keep_alive = false;
};

Refusal read_length(std::string_view value, RequestHead& head, Framed& seen) {
  std::uint64_t length = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), length);
  if (error != std::errc() || end != value.data() + value.size()) return refused(400, "content-length is no number");
  if (seen.has_length && length != head.content_length) return refused(400, "content-length is given twice");
  seen.has_length = true;
  head.content_length = length;
  return {};
}

void read_connection(std::string_view value, Framed& seen) {
  while (!value.empty()) {
    const std::string_view option = take_element(value);
    if (kClose.is(option)) seen.says_close = true;
    if (kKeepAlive.is(option)) seen.says_keep_alive = true;
  }
}

// Only fields that frame the message are looked at; the length of the name rules nearly all others out.
Refusal read_meaning(const Field& field, RequestHead& head, Framed& seen) {
  switch (field.name.size()) {
    case 4:
      if (!kHost.is(field.name)) return {};
      if (seen.has_host) return refused(400, "host is given twice");
      seen.has_host = true;
      return {};
    case 6:
      if (kExpect.is(field.name)) head.expect_continue = k100Continue.is(field.value);
      return {};
    case 10:
      if (kConnection.is(field.name)) read_connection(field.value, seen);
      return {};
    case 14:
      if (kContentLength.is(field.name)) return read_length(field.value, head, seen);
      return {};
    case 17:
      if (!kTransferEncoding.is(field.name)) return {};
      if (head.framing == Framing::chunked) return refused(400, "transfer-encoding is given twice");
      if (!kChunked.is(field.value)) return refused(501, "the only transfer-encoding known here is chunked");
      head.framing = Framing::chunked;
      return {};
    default: return {};
  }
}

Refusal read_field(std::string_view line, RequestHead& head, Framed& seen) {
  Field field;
  if (!split_field(line, field)) return refused(400, "a header line is not of the form name: value");
  head.fields.push_back(field);
  return read_meaning(field, head, seen);
}

Refusal conclude(RequestHead& head, const Framed& seen) {
  if (head.minor == 1 && !seen.has_host) return refused(400, "an HTTP/1.1 request needs a host header");
  const bool chunked = head.framing == Framing::chunked;
  if (chunked && (seen.has_length || head.minor == 0)) return refused(400, "the body's length is said in two ways");
  if (!chunked && head.content_length > 0) head.framing = Framing::length;
  head.keep_alive = !seen.says_close && (head.minor == 1 || seen.says_keep_alive);
  head.expect_continue = head.expect_continue && head.minor == 1 && head.framing != Framing::none;
  return {};
}

void reset(RequestHead& head) {
  head.fields.clear();
  head.framing = Framing::none;
  head.content_length = 0;
  head.expect_continue = false;
}

}  // namespace

std::string_view RequestHead::field(std::string_view name) const noexcept {
  for (const Field& each : fields) {
    if (same_text(each.name, name)) return each.value;
  }
  return {};
}

void RequestHead::rebase(const char* from, const char* to) noexcept {
  const auto move = [from, to](std::string_view& view) {
    view = std::string_view(to + (view.data() - from), view.size());
  };
  move(method);
  const bool made_up = path.data() < target.data() || path.data() > target.data() + target.size();
  move(target);
  if (!made_up) move(path);
  if (!query.empty()) move(query);
  for (Field& each : fields) {
    move(each.name);
    move(each.value);
  }
}

RequestOutcome RequestParser::parse(std::string_view input, RequestHead& head) {
  std::size_t skipped = 0;  // RFC 9112 section 2.2: empty lines before a request are to be ignored
  while (input.substr(skipped).starts_with("\r\n"))
    skipped += 2;
  const std::string_view rest = input.substr(skipped);
  const std::size_t from = searched_ > 3 ? searched_ - 3 : 0;
  const std::size_t end = rest.find("\r\n\r\n", from);
  if (skipped > 16) return refused(400, "too many empty lines before the request");
  if (end == rest.npos) return incomplete(rest);
  searched_ = 0;
  if (end + 4 > limits_.head_bytes) return refused(431, "the request head is too large");
  return parse_block(rest.substr(0, end + 4), skipped, head);
}

// Nonsense is refused as soon as it shows, instead of waiting for an end that never comes.
RequestOutcome RequestParser::incomplete(std::string_view input) {
  if (input.size() > limits_.head_bytes) return refused(431, "the request head is too large");
  const std::size_t line_end = input.find('\n');
  if (line_end != input.npos && (line_end == 0 || input[line_end - 1] != '\r')) {
    return refused(400, "lines end in CR LF");
  }
  const std::string_view method = input.substr(0, input.find(' '));
  constexpr std::size_t kMethodMax = 32;
  const bool only_cr = input == "\r";
  if (!input.empty() && !only_cr && (!is_token(method) || method.size() > kMethodMax)) {
    return refused(400, "this is no HTTP request");
  }
  searched_ = input.size();
  return {};
}

RequestOutcome RequestParser::parse_block(std::string_view block, std::size_t skipped, RequestHead& head) {
  reset(head);
  HeadLines lines(block);
  Framed seen;
  for (bool first = true; lines.next() == HeadLines::Step::line; first = false) {
    const std::string_view line = lines.line();
    const char end_of_line = *(line.data() + line.size());
    if (end_of_line != '\r') return refused(400, "lines end in CR LF");
    if (line.empty()) {
      if (auto refusal = conclude(head, seen)) return *refusal;
      return {.kind = Kind::complete, .head_bytes = skipped + block.size(), .status = 0, .why = {}};
    }
    if (!first && head.fields.size() == limits_.header_count) return refused(431, "the request has too many headers");
    const Refusal refusal = first ? read_request_line(line, head) : read_field(line, head, seen);
    if (refusal) return *refusal;
  }
  return refused(400, "the request head has a control character");
}

BodyDecoder::BodyDecoder(const RequestHead& head) noexcept
    : left_(head.content_length), chunked_(head.framing == Framing::chunked), done_(head.framing == Framing::none) {}

BodyDecoder::Step BodyDecoder::next(std::string_view& input, std::string_view& piece) noexcept {
  if (done_) return Step::done;
  return chunked_ ? next_of_chunks(input, piece) : next_of_length(input, piece);
}

BodyDecoder::Step BodyDecoder::next_of_length(std::string_view& input, std::string_view& piece) noexcept {
  if (input.empty()) return Step::more;
  const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(left_, input.size()));
  piece = input.substr(0, size);
  input.remove_prefix(size);
  left_ -= size;
  done_ = left_ == 0;
  return Step::piece;
}

BodyDecoder::Step BodyDecoder::next_of_chunks(std::string_view& input, std::string_view& piece) noexcept {
  const Step step = chunks_.next(input, piece);
  done_ = step == Step::done;
  return step;
}

}  // namespace vajrapulse::http
