#include "server_connection.hpp"

#include <span>
#include <utility>

#include "vajrapulse/runtime/errors.hpp"

namespace vajrapulse::http::detail {

using runtime::Co;

namespace {

constexpr std::size_t kOutBytes = 64 * 1024;       // answers that wait for their send together
constexpr std::uint64_t kSkipBytes = 256 * 1024;   // of a body nobody read, before the connection is closed instead
constexpr std::size_t kLingerBytes = 1024 * 1024;  // what a peer may still send after our last answer

std::string_view as_text(runtime::Bytes bytes) noexcept {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

runtime::Bytes as_bytes(std::string_view text) noexcept { return std::as_bytes(std::span(text)); }

}  // namespace

struct ServerConnection::FarewellAwaiter : runtime::Operation {
  explicit FarewellAwaiter(ServerConnection& c) : connection(c) {}
  [[nodiscard]] bool await_ready() const noexcept { return !connection.farewell_pending_; }
  void await_suspend(std::coroutine_handle<> waiter) noexcept {
    resume_with(waiter);
    connection.waits_for_farewell_ = this;
  }
  static void await_resume() noexcept {}
  ServerConnection& connection;
};

ServerConnection::ServerConnection(ServerCore& core, std::unique_ptr<runtime::Stream> stream)
    : core_(core), stream_(std::move(stream)), parser_(core.settings.request), timer_(*this), farewell_(*this) {
  if (core.settings.tls) {
    auto secured = core.settings.tls->accept(core.reactor, std::move(stream_));
    tls_ = secured.get();
    stream_ = std::move(secured);
  }
  core_.enter(*this);
}

ServerConnection::~ServerConnection() {
  stream_.reset();
  core_.leave(*this);
}

Co<void> ServerConnection::serve(std::shared_ptr<ServerCore> core, std::unique_ptr<runtime::Stream> stream) {
  ServerConnection connection(*core, std::move(stream));
  const bool ready = co_await connection.handshake();
  if (ready) {
    co_await connection.run();
    co_await connection.close();
  }
  if (connection.farewell_pending_) connection.stream_->abort(kTimeout);
  FarewellAwaiter farewell(connection);
  co_await farewell;
}

Co<bool> ServerConnection::handshake() {
  if (!tls_) co_return true;
  phase_ = Phase::handshake;
  wait_at_most(core_.settings.head_timeout);
  const runtime::IoResult result = co_await tls_->handshake();
  wait_forever();
  if (!result.ok()) {
    ++core_.counts.tls_failed;
    co_return false;
  }
  ++core_.counts.tls_handshakes;
  if (tls_->facts().resumed) ++core_.counts.tls_resumed;
  co_return true;
}

Co<void> ServerConnection::run() {
  while (true) {
    if (take_request()) {
      co_await handle();
      if (!keep_ || broken_) co_return;
      if (out_.size() < kOutBytes && tail_.empty()) continue;
    } else if (refused_ != 0) {
      append_refusal();
      co_return;
    }
    if (something_to_send()) {
      phase_ = Phase::sending;
      wait_at_most(core_.settings.send_timeout);
      const runtime::Bytes first = as_bytes(out_);
      const runtime::Bytes second = as_bytes(tail_);
      const runtime::IoResult sent = co_await stream_->send(first, second);
      if (!note_sent(sent)) co_return;
      continue;  // a request may have waited behind the large answer
    }
    if (core_.stopping && input_.empty()) co_return;
    expect_head();
    const auto received = co_await stream_->receive();
    if (!take_received(received)) co_return;
  }
}

/// Runs the handler for the request in head_, and makes its answer whole.
Co<void> ServerConnection::handle() {
  phase_ = Phase::handling;
  wait_forever();
  ServerRequest request(*this);
  ServerResponse response(*this);
  bool failed = false;
  try {
    Co<void> work = core_.handler(request, response);
    co_await work;
  } catch (...) {
    failed = true;
  }
  if (failed) refuse(500, "the handler failed");
  complete_answer();
  if (keep_ && !broken_ && !body_.done()) co_await skip_body();
}

bool ServerConnection::take_request() {
  if (input_.empty()) return false;
  const RequestOutcome outcome = parser_.parse(input_, head_);
  if (outcome.kind == RequestOutcome::Kind::refused) refuse(outcome.status, outcome.why);
  if (outcome.kind != RequestOutcome::Kind::complete) return false;
  begin_request(outcome);
  if (head_.framing == Framing::length && head_.content_length > core_.settings.body_bytes_max) {
    refuse(413, "the body is too large");
  }
  return refused_ == 0;
}

void ServerConnection::begin_request(const RequestOutcome& outcome) {
  const std::string_view block = input_.substr(0, outcome.head_bytes);
  input_.remove_prefix(outcome.head_bytes);
  body_ = BodyDecoder(head_);
  body_taken_ = 0;
  continue_due_ = head_.expect_continue;
  // A receive recycles the bytes that the head's views point into: keep a copy when one may be needed.
  if (!body_.done() && (head_.framing == Framing::chunked || head_.content_length > input_.size())) {
    stable_head_.assign(block);
    head_.rebase(block.data(), stable_head_.data());
  }
  received_ = core_.reactor.event_time();
  ++requests_;
  ++core_.counts.requests;
  answer_ = Answer::none;
  status_ = 200;
  headers_.clear();
  stream_length_.reset();
}

/// Before a receive: what has not been consumed moves out of the stream's buffer.
void ServerConnection::keep_what_is_left() {
  const char* const begin = carry_.data();
  const bool in_carry = input_.data() >= begin && input_.data() <= begin + carry_.size();
  if (input_.empty()) {
    carry_.clear();
  } else if (in_carry) {
    carry_.erase(0, static_cast<std::size_t>(input_.data() - begin));
  } else {
    carry_.assign(input_);
  }
  input_ = carry_;
}

void ServerConnection::expect_head() {
  keep_what_is_left();
  if (input_.empty()) {
    phase_ = Phase::idle;
    wait_at_most(core_.settings.idle_timeout);
  } else if (phase_ != Phase::head) {
    phase_ = Phase::head;  // the whole head within one limit, however it is cut: a slow loris ends here
    wait_at_most(core_.settings.head_timeout);
  }
}

bool ServerConnection::take_received(const runtime::Stream::Received& received) {
  if (received.result.ok() && !received.data.empty()) {
    core_.counts.bytes_received += received.data.size();
    const std::string_view text = as_text(received.data);
    if (carry_.empty()) {
      input_ = text;
    } else {
      carry_.append(text);
      input_ = carry_;
    }
    return true;
  }
  peer_ended_ = true;
  if (received.result.ok()) {
    if (phase_ == Phase::idle) ++core_.counts.closed_cleanly;
  } else {
    broken_ = true;
    if (received.result.kind == runtime::kTlsTruncated) ++core_.counts.tls_truncated;
  }
  return false;
}

void ServerConnection::refuse(int status, std::string_view why) noexcept {
  refused_ = status;
  refused_why_ = why;
  keep_ = false;
}

Co<bool> ServerConnection::receive_more() {
  if (continue_due_ && answer_ == Answer::none) out_.append("HTTP/1.1 100 Continue\r\n\r\n");
  continue_due_ = false;
  if (something_to_send()) {
    const bool sent = co_await flush();
    if (!sent) co_return false;
  }
  keep_what_is_left();
  phase_ = Phase::body;
  wait_at_most(core_.settings.body_timeout);
  const auto received = co_await stream_->receive();
  phase_ = Phase::handling;
  wait_forever();
  co_return take_received(received);
}

Co<ServerRequest::Piece> ServerConnection::read_piece() {
  using Step = BodyDecoder::Step;
  while (refused_ == 0 && !broken_ && !peer_ended_) {
    ServerRequest::Piece piece;
    const Step step = body_.next(input_, piece.data);
    if (step == Step::done) co_return piece;
    if (step == Step::piece) {
      body_taken_ += piece.data.size();
      if (body_taken_ <= core_.settings.body_bytes_max) co_return piece;
      refuse(413, "the body is too large");
    } else if (step == Step::bad) {
      refuse(400, "the chunked body is broken");
    } else {
      co_await receive_more();
    }
  }
  ServerRequest::Piece none;
  if (refused_ != 0) {
    none.status = fail(runtime::kIo, std::string(refused_why_));
  } else {
    keep_ = false;
    none.status = fail(runtime::kConnectionClosed, "the client went before its request had ended");
  }
  co_return none;
}

Co<Expected<std::string_view>> ServerConnection::read_body() {
  whole_body_.clear();
  while (true) {
    const ServerRequest::Piece piece = co_await read_piece();
    if (!piece.status) co_return std::unexpected(piece.status.error());
    if (whole_body_.empty() && body_.done()) co_return piece.data;  // all in one piece: no copy
    if (piece.data.empty()) co_return std::string_view(whole_body_);
    whole_body_.append(piece.data);
  }
}

/// The next request begins after this one's body, which the handler did not want.
Co<void> ServerConnection::skip_body() {
  const std::uint64_t until = body_taken_ + kSkipBytes;
  while (!body_.done() && body_taken_ < until) {
    const ServerRequest::Piece piece = co_await read_piece();
    if (!piece.status) break;
  }
  if (!body_.done()) keep_ = false;
}

// A peer that still sends while we close would get a reset, which may overtake our last answer.
bool ServerConnection::may_linger() const noexcept {
  if (broken_ || peer_ended_ || core_.settings.linger <= Duration::zero()) return false;
  return refused_ != 0 || !input_.empty() || !body_.done() || head_.keep_alive;
}

Co<void> ServerConnection::close() {
  const bool sent = co_await flush();
  if (!sent) co_return;
  stream_->shutdown_send();
  if (!may_linger()) co_return;
  phase_ = Phase::lingering;
  wait_at_most(core_.settings.linger);
  std::size_t taken = 0;
  while (taken < kLingerBytes) {
    const auto received = co_await stream_->receive();
    if (!received.result.ok() || received.data.empty()) break;
    taken += received.data.size();
  }
}

void ServerConnection::close_idle() {
  stream_->shutdown_send();
  stream_->abort(kCancelled);
}

void ServerConnection::abort(ErrorKind why) {
  stream_->abort(why);
  dropped_.request(why);
}

}  // namespace vajrapulse::http::detail
