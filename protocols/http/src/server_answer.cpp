#include <algorithm>
#include <array>
#include <charconv>
#include <span>

#include "server_connection.hpp"
#include "vajrapulse/http/errors.hpp"
#include "vajrapulse/runtime/errors.hpp"

namespace vajrapulse::http {
namespace {

constexpr std::size_t kCopiedBytes = 16 * 1024;  // a prepared body up to this size travels in one piece with its head

void append_number(std::string& to, std::uint64_t number, int base = 10) {
  std::array<char, 24> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number, base).ptr;
  to.append(digits.data(), end);
}

void append_status(std::string& to, int status) {
  if (status == 200) {
    to.append("HTTP/1.1 200 OK\r\n");
    return;
  }
  to.append("HTTP/1.1 ");
  append_number(to, static_cast<std::uint64_t>(status));
  to.append(" ").append(reason_phrase(status)).append("\r\n");
}

bool has_no_body(int status) noexcept { return status < 200 || status == 204 || status == 304; }

}  // namespace

PreparedAnswer prepare_answer(int status, std::string_view content_type, std::string body, std::string_view headers) {
  PreparedAnswer answer{.head = {}, .body = std::move(body)};
  append_status(answer.head, status);
  answer.head.append("content-type: ").append(content_type).append("\r\n").append(headers);
  answer.head.append("content-length: ");
  append_number(answer.head, answer.body.size());
  answer.head.append("\r\n");
  return answer;
}

namespace detail {

using runtime::Co;

// Whether another request may follow is settled when the head is written, because the head says so.
void ServerConnection::decide_keep() noexcept {
  const auto limit = core_.settings.requests_per_connection;
  if (!head_.keep_alive || core_.stopping || (limit != 0 && requests_ >= limit)) keep_ = false;
  if (continue_due_ && !body_.done()) keep_ = false;  // the client may send the body or not: no way to know
}

void ServerConnection::append_head_end() {
  decide_keep();
  out_.append(core_.date.text(core_.reactor));
  if (!core_.settings.name.empty()) out_.append("server: ").append(core_.settings.name).append("\r\n");
  if (!keep_) {
    out_.append("connection: close\r\n");
  } else if (head_.minor == 0) {
    out_.append("connection: keep-alive\r\n");
  }
  out_.append("\r\n");
}

void ServerConnection::append_status_line(std::string_view content_type) {
  append_status(out_, status_);
  if (!content_type.empty()) out_.append("content-type: ").append(content_type).append("\r\n");
  out_.append(headers_);
}

void ServerConnection::append_length(std::uint64_t bytes) {
  out_.append("content-length: ");
  append_number(out_, bytes);
  out_.append("\r\n");
}

void ServerConnection::add_header(std::string_view name, std::string_view value) {
  headers_.append(name).append(": ").append(value).append("\r\n");
}

void ServerConnection::send(std::string_view content_type, std::string_view body) {
  if (answer_ != Answer::none || refused_ != 0) return;
  answer_ = Answer::whole;
  const bool bodiless = has_no_body(status_);
  append_status_line(bodiless ? std::string_view() : content_type);
  if (!bodiless) append_length(body.size());
  append_head_end();
  if (!bodiless && !is_head_request()) out_.append(body);
}

void ServerConnection::send(const PreparedAnswer& answer) {
  if (answer_ != Answer::none || refused_ != 0) return;
  answer_ = Answer::whole;
  out_.append(answer.head).append(headers_);
  append_head_end();
  if (is_head_request()) return;
  if (answer.body.size() <= kCopiedBytes) {
    out_.append(answer.body);
  } else {
    tail_ = answer.body;
  }
}

void ServerConnection::append_refusal() {
  status_ = refused_;
  refused_ = 0;
  headers_.clear();
  answer_ = Answer::none;
  head_.method = {};
  std::string body(refused_why_);
  body += '\n';
  send("text/plain", body);
  refused_ = status_;
  ++core_.counts.bad_requests;
  ++answers_pending_;
}

/// After the handler: ends a streamed answer, or gives the one it did not.
void ServerConnection::complete_answer() {
  if (broken_) return;
  if (answer_ == Answer::none) {
    if (refused_ != 0) return append_refusal();
    if (peer_ended_ && !body_.done()) return;
    send({}, {});
  }
  if (answer_ == Answer::streaming_chunked && !is_head_request()) out_.append("0\r\n\r\n");
  const bool short_of_length = answer_ == Answer::streaming_length && stream_length_.value_or(0) != 0;
  if (short_of_length && !is_head_request()) abandon();
  ++answers_pending_;
}

void ServerConnection::begin_stream() {
  append_status_line({});
  if (stream_length_) {
    answer_ = Answer::streaming_length;
    append_length(*stream_length_);
  } else if (head_.minor == 0) {
    answer_ = Answer::streaming_to_end;
    keep_ = false;
  } else {
    answer_ = Answer::streaming_chunked;
    out_.append("transfer-encoding: chunked\r\n");
  }
  append_head_end();
}

Co<bool> ServerConnection::write(std::string_view piece) {
  if (broken_ || refused_ != 0 || answer_ == Answer::whole) co_return false;
  if (answer_ == Answer::none) begin_stream();
  if (is_head_request() || piece.empty()) co_return true;
  if (answer_ == Answer::streaming_chunked) {
    append_number(out_, piece.size(), 16);
    out_.append("\r\n");
  } else if (answer_ == Answer::streaming_length) {
    piece = piece.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(piece.size(), *stream_length_)));
    *stream_length_ -= piece.size();
  }
  tail_ = piece;
  const bool sent = co_await flush();
  if (answer_ == Answer::streaming_chunked) out_.append("\r\n");
  co_return sent;
}

Co<bool> ServerConnection::flush() {
  if (broken_) co_return false;
  if (!something_to_send()) co_return true;
  const Phase before = phase_;
  phase_ = Phase::sending;
  wait_at_most(core_.settings.send_timeout);
  const runtime::Bytes first = std::as_bytes(std::span(out_));
  const runtime::Bytes second = std::as_bytes(std::span(tail_));
  const runtime::IoResult sent = co_await stream_->send(first, second);
  wait_forever();
  phase_ = before;
  co_return note_sent(sent);
}

bool ServerConnection::note_sent(const runtime::IoResult& result) {
  if (result.ok()) {
    core_.counts.answers_sent += answers_pending_;
    core_.counts.bytes_sent += out_.size() + tail_.size();
  } else {
    core_.counts.answers_failed += answers_pending_;
    broken_ = true;
  }
  answers_pending_ = 0;
  constexpr std::size_t kKeptBytes = 256 * 1024;
  if (out_.capacity() > kKeptBytes) out_ = std::string();
  out_.clear();
  tail_ = {};
  return result.ok();
}

void ServerConnection::abandon() {
  out_.clear();
  tail_ = {};
  broken_ = true;
  stream_->abort(kCancelled);
}

}  // namespace detail
}  // namespace vajrapulse::http
