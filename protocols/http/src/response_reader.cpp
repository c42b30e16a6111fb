#include "vajrapulse/http/response_reader.hpp"

#include <algorithm>
#include <charconv>

#include "vajrapulse/http/errors.hpp"
#include "vajrapulse/http/head.hpp"
#include "vajrapulse/runtime/errors.hpp"

namespace vajrapulse::http {
namespace {

constexpr std::string_view kVersion = "HTTP/1.";
constexpr int kInterimMax = 32;  // a server that sends more of them answers nothing

// Whether `text` can still become a response: told from the first byte on, so that garbage without an end of
// line is not waited for.
bool may_be_response(std::string_view text) noexcept {
  const std::size_t known = std::min(text.size(), kVersion.size());
  return text.substr(0, known) == kVersion.substr(0, known);
}

}  // namespace

void ResponseReader::start(Answers answers) noexcept {
  answers_ = answers;
  state_ = State::head;
  started_ = false;
  error_ = kNoError;
  interim_ = 0;
  left_ = 0;
  kept_.clear();
  start_head();
}

void ResponseReader::start_head() noexcept {
  head_ = ResponseHead{};
  line_begin_ = scanned_ = 0;
  location_ = content_encoding_ = {};
  ended_ = has_length_ = has_coding_ = chunked_ = says_close_ = says_keep_alive_ = false;
}

ResponseReader::Step ResponseReader::refuse(ErrorKind kind) noexcept {
  state_ = State::bad;
  error_ = kind;
  return Step::bad;
}

ResponseReader::Step ResponseReader::next(std::string_view& input, std::string_view& piece) {
  switch (state_) {
    case State::head: return read_head(input);
    case State::body: return read_body(input, piece);
    case State::done: return Step::done;
    case State::bad: return Step::bad;
  }
  return Step::bad;
}

ResponseReader::Step ResponseReader::end() noexcept {
  if (state_ == State::bad) return Step::bad;
  if (state_ == State::body && head_.framing == Framing::until_close) state_ = State::done;
  if (state_ == State::done || (state_ == State::body && head_.framing == Framing::none)) return Step::done;
  return refuse(started_ ? kHttpTruncated : runtime::kConnectionClosed);
}

ResponseReader::Step ResponseReader::read_head(std::string_view& input) {
  while (!input.empty()) {
    started_ = true;
    // Only a head that did not come in one piece is copied.
    const std::size_t before = kept_.size();
    if (before > 0) kept_.append(input.substr(0, kHeadMax + 1));
    const std::string_view text = before > 0 ? std::string_view(kept_) : input;
    const Step step = parse_lines(text);
    if (step == Step::bad) return step;
    if (step == Step::more) {
      if (text.size() > kHeadMax) return refuse(kHttpHeadTooLarge);
      if (before == 0) kept_.assign(input);
      input = {};
      return Step::more;
    }
    input.remove_prefix(line_begin_ - before);
    if (!is_interim()) {
      conclude(text.substr(0, line_begin_));
      return Step::head;
    }
    if (++interim_ > kInterimMax) return refuse(kHttpMalformed);
    kept_.clear();
    start_head();
  }
  return Step::more;
}

// Reads whole lines from where it stopped; `head` once the blank line has been read.
ResponseReader::Step ResponseReader::parse_lines(std::string_view text) {
  const char* const begin = text.data();
  const char* const end = begin + text.size();
  if (line_begin_ == 0 && !may_be_response(text)) return refuse(kHttpMalformed);
  while (!ended_) {
    const char* const stop = find_control(begin + scanned_, end);
    const char* last = stop;
    scanned_ = static_cast<std::uint32_t>(stop - begin);
    if (last != end && *last == '\r') ++last;
    if (last == end) return Step::more;
    if (static_cast<std::size_t>(last - begin) >= kHeadMax) return refuse(kHttpHeadTooLarge);
    if (*last != '\n') return refuse(kHttpMalformed);
    if (!read_line(text, {begin + line_begin_, stop})) return Step::bad;
    line_begin_ = scanned_ = static_cast<std::uint32_t>(last + 1 - begin);
  }
  return Step::head;
}

bool ResponseReader::read_line(std::string_view text, std::string_view line) {
  if (line_begin_ == 0) {
    if (read_status_line(line)) return true;
    refuse(kHttpMalformed);
    return false;
  }
  if (!line.empty()) return read_field(text, line);
  ended_ = true;
  return true;
}

// HTTP/1.x SP 3DIGIT [SP reason]: the space before an empty reason is left out by some servers.
bool ResponseReader::read_status_line(std::string_view line) noexcept {
  const std::string_view rest = line.substr(std::min(kVersion.size(), line.size()));
  const bool shaped = rest.size() >= 5 && is_digit(rest[0]) && rest[1] == ' ' && rest[2] >= '1' && rest[2] <= '9' &&
                      is_digit(rest[3]) && is_digit(rest[4]) && (rest.size() == 5 || rest[5] == ' ');
  if (!shaped) return false;
  head_.minor = rest[0] == '0' ? 0 : 1;
  head_.status = (rest[2] - '0') * 100 + (rest[3] - '0') * 10 + (rest[4] - '0');
  return true;
}

// Few fields mean anything here, and their names differ in length.
bool ResponseReader::read_field(std::string_view text, std::string_view line) {
  Field field;
  if (!split_field(line, field)) {
    refuse(kHttpMalformed);
    return false;
  }
  const auto place = [&] {
    return Place{static_cast<std::uint32_t>(field.value.data() - text.data()),
                 static_cast<std::uint32_t>(field.value.size())};
  };
  switch (field.name.size()) {
    case 8:
      if (kLocation.is(field.name)) location_ = place();
      return true;
    case 10:
      if (kConnection.is(field.name))
        read_connection(field.value);
      else if (kSetCookie.is(field.name))
        head_.sets_cookies = true;
      return true;
    case 14: return !kContentLength.is(field.name) || read_length(field.value);
    case 16:
      if (kContentEncoding.is(field.name)) content_encoding_ = place();
      return true;
    case 17:
      if (kTransferEncoding.is(field.name)) read_transfer_encoding(field.value);
      return true;
    default: return true;
  }
}

// One number, or the same one several times (RFC 9110 section 8.6 lets a recipient take it).
bool ResponseReader::read_length(std::string_view value) {
  do {
    const std::string_view element = take_element(value);
    std::uint64_t length = 0;
    const char* const begin = element.data();
    const char* const end = begin + element.size();
    const auto [stop, failure] = std::from_chars(begin, end, length);
    const bool number = !element.empty() && failure == std::errc() && stop == end;
    if (!number || (has_length_ && length != head_.content_length)) {
      refuse(kHttpBadContentLength);
      return false;
    }
    has_length_ = true;
    head_.content_length = length;
  } while (!value.empty());
  return true;
}

void ResponseReader::read_connection(std::string_view value) noexcept {
  while (!value.empty()) {
    const std::string_view option = take_element(value);
    if (kClose.is(option)) says_close_ = true;
    if (kKeepAlive.is(option)) says_keep_alive_ = true;
  }
}

// The last coding counts: only `chunked` there says where the body ends.
void ResponseReader::read_transfer_encoding(std::string_view value) noexcept {
  while (!value.empty()) {
    const std::string_view coding = take_element(value);
    if (coding.empty()) continue;
    has_coding_ = true;
    chunked_ = kChunked.is(coding);
  }
}

void ResponseReader::conclude(std::string_view text) {
  const auto view = [&](Place place) { return text.substr(place.begin, place.size); };
  head_.text = text;
  head_.location = view(location_);
  head_.content_encoding = view(content_encoding_);
  const int status = head_.status;
  const bool bodiless = answers_ == Answers::head || status == 204 || status == 304 || status == 101;
  if (bodiless)
    head_.framing = Framing::none;
  else if (chunked_)
    head_.framing = Framing::chunked;
  else if (has_coding_ || !has_length_)
    head_.framing = Framing::until_close;
  else
    head_.framing = head_.content_length > 0 ? Framing::length : Framing::none;

  const bool asked = head_.minor == 0 ? says_keep_alive_ && !says_close_ : !says_close_;
  // Length and chunked together, or chunked in HTTP/1.0, may have been read otherwise by something between us and
  // the server (RFC 9112 sections 6.1 and 6.3): the response counts, the connection is not used again.
  const bool doubtful = has_coding_ && (has_length_ || head_.minor == 0);
  head_.keep_alive = asked && !doubtful && status != 101 && head_.framing != Framing::until_close;
  left_ = head_.content_length;
  chunks_ = ChunkedDecoder{};
  state_ = State::body;
}

ResponseReader::Step ResponseReader::read_body(std::string_view& input, std::string_view& piece) noexcept {
  switch (head_.framing) {
    case Framing::none: state_ = State::done; return Step::done;
    case Framing::until_close:
      if (input.empty()) return Step::more;
      piece = input;
      input = {};
      return Step::body;
    case Framing::length:
      if (left_ == 0) {
        state_ = State::done;
        return Step::done;
      }
      if (input.empty()) return Step::more;
      piece = input.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(left_, input.size())));
      input.remove_prefix(piece.size());
      left_ -= piece.size();
      return Step::body;
    case Framing::chunked: break;
  }
  switch (chunks_.next(input, piece)) {
    case ChunkedDecoder::Step::piece: return Step::body;
    case ChunkedDecoder::Step::more: return Step::more;
    case ChunkedDecoder::Step::done: state_ = State::done; return Step::done;
    case ChunkedDecoder::Step::bad: return refuse(kHttpBadChunk);
  }
  return Step::bad;
}

}  // namespace vajrapulse::http
