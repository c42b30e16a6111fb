#include "tls_core.hpp"

#include <openssl/err.h>

#include <algorithm>
#include <cassert>
#include <cstring>
#include <utility>

namespace vajrapulse::runtime::tls {
namespace {

constexpr Duration kLinger = std::chrono::seconds(1);

}  // namespace

Core::Core(Reactor& reactor, Ssl ssl, std::unique_ptr<Stream> transport, CoreSettings settings)
    : reactor_(reactor), transport_(std::move(transport)), settings_(std::move(settings)), ssl_(std::move(ssl)) {
  SSL_set_app_data(ssl_.get(), this);
  BIO* bio = new_core_bio(*this);
  SSL_set_bio(ssl_.get(), bio, bio);
  fetching_op_.core = this;
  fetching_op_.notify_with([](Operation& op) { static_cast<TransportReceive&>(op).core->on_fetched(); });
  sending_op_.core = this;
  sending_op_.notify_with([](Operation& op) { static_cast<TransportSend&>(op).core->on_sent(); });
}

Core::~Core() {
  // Without this OpenSSL takes the session for broken and nobody could resume it.
  if (established_) SSL_set_shutdown(ssl_.get(), SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
}

void Core::abandon(Core* core) {
  assert(!core->handshake_ && !core->receive_ && !core->send_);
  core->abandoned_ = true;
  if (core->fetching_) {
    core->transport_->abort(kCancelled);
  } else if (core->sending_) {
    core->reactor_.timers().arm(core->linger_, core->reactor_.now() + kLinger);
  }
  core->free_if_let_go();
}

void Core::free_if_let_go() {
  if (!fetching_ && !sending_) delete this;
}

void Core::abort(ErrorKind why) {
  if (aborted_) return;
  aborted_ = why;
  transport_->abort(why);  // whatever waits, waits for the transport, and completes with it
}

void Core::end(IoResult how, std::string text) {
  ended_ = how;
  if (failure_.empty()) failure_ = std::move(text);
}

void Core::end_broken() {
  Failure failure = broken_session();
  if (refusal_) failure = std::move(*std::exchange(refusal_, std::nullopt));
  end({failure.kind}, std::move(failure.text));
}

// Handshake

bool Core::start_handshake(HandshakeOp& op) {
  assert(!handshake_);
  handshake_ = &op;
  if (!advance_handshake()) return false;
  handshake_ = nullptr;
  return true;
}

/// True when the handshake has ended, and its operation has the result.
bool Core::advance_handshake() {
  while (!established_ && !ended_ && !aborted_) {
    ERR_clear_error();
    const int done = SSL_do_handshake(ssl_.get());
    if (done == 1) {
      end_handshake();
    } else if (SSL_get_error(ssl_.get(), done) != SSL_ERROR_WANT_READ) {
      end_broken();
    }
    advance_send();  // the flight, or the alert
    if (established_ || ended_) break;
    if (!fetch()) return false;
  }
  handshake_->result = aborted_ ? IoResult{aborted_} : ended_.value_or(IoResult{});
  return true;
}

void Core::end_handshake() {
  established_ = true;
  SSL* ssl = ssl_.get();
  facts_.version = SSL_get_version(ssl);
  facts_.cipher = SSL_get_cipher_name(ssl);
  facts_.resumed = SSL_session_reused(ssl) == 1;
  const unsigned char* alpn = nullptr;
  unsigned size = 0;
  SSL_get0_alpn_selected(ssl, &alpn, &size);
  facts_.alpn.assign(reinterpret_cast<const char*>(alpn), size);
}

void Core::keep_session(Session session) {
  if (settings_.sessions) settings_.sessions->keep(settings_.session_key, std::move(session));
}

// Receiving

bool Core::start_receive(ReceiveOp& op) {
  assert(!receive_ && !handshake_);
  receive_ = &op;
  if (!advance_receive()) return false;
  receive_ = nullptr;
  return true;
}

/// True when the receive has its result.
bool Core::advance_receive() {
  for (;;) {
    receive_->data = {};
    if (aborted_) {
      receive_->result = {aborted_};
      return true;
    }
    if (const std::size_t size = read_plain()) {
      receive_->result = {};
      receive_->data = {plain_.get(), size};
      return true;
    }
    if (ended_) {
      receive_->result = *ended_;
      return true;
    }
    if (!fetch()) return false;
  }
}

/// Decrypts what has arrived. 0: nothing yet, or `ended_`.
std::size_t Core::read_plain() {
  constexpr std::size_t kSmallest = 4 * 1024;
  constexpr std::size_t kLargest = 64 * 1024;
  if (!established_) end({kTlsHandshake}, "receive before the handshake");
  if (ended_) return 0;
  if (!plain_) {
    plain_capacity_ = kSmallest;
    plain_ = std::make_unique_for_overwrite<std::byte[]>(plain_capacity_);
  }
  std::size_t size = 0;
  while (size < plain_capacity_) {
    ERR_clear_error();
    std::size_t read = 0;
    const int ok = SSL_read_ex(ssl_.get(), plain_.get() + size, plain_capacity_ - size, &read);
    size += read;
    if (ok == 1) continue;
    const int error = SSL_get_error(ssl_.get(), ok);
    if (error == SSL_ERROR_ZERO_RETURN) {
      end({});
    } else if (error != SSL_ERROR_WANT_READ) {
      end_broken();
    }
    break;
  }
  if (!outbound_.empty()) advance_send();  // a key update asks for an answer, an error for an alert
  if (size == plain_capacity_ && plain_capacity_ < kLargest) {
    // More is waiting: give this out and be larger next time.
    auto larger = std::make_unique_for_overwrite<std::byte[]>(plain_capacity_ * 2);
    std::memcpy(larger.get(), plain_.get(), size);
    plain_ = std::move(larger);
    plain_capacity_ *= 2;
  }
  return size;
}

/// Gets more bytes for OpenSSL, which has read all there were; false when they come later.
bool Core::fetch() {
  if (fetching_) return false;
  fetching_ = true;
  if (!transport_->start_receive(fetching_op_)) return false;
  take_fetched();
  return true;
}

void Core::take_fetched() {
  fetching_ = false;
  if (!fetching_op_.result.ok()) return end(fetching_op_.result);
  if (fetching_op_.data.empty()) {
    return established_ ? end({kTlsTruncated}, "the peer closed the connection without a close_notify")
                        : end({kTlsHandshake}, "the peer closed the connection during the handshake");
  }
  inbound_ = fetching_op_.data;
  if (std::exchange(heard_, true)) return;
  if (auto failure = not_tls(inbound_)) end({failure->kind}, std::move(failure->text));
}

void Core::on_fetched() {
  if (abandoned_) {
    fetching_ = false;
    return free_if_let_go();
  }
  take_fetched();
  if (handshake_) {
    if (advance_handshake()) std::exchange(handshake_, nullptr)->complete();
  } else if (receive_) {
    if (advance_receive()) std::exchange(receive_, nullptr)->complete();
  }
}

/// Whether the peer has sent something to be received, or ended.
bool Core::holds_plain() {
  char first = 0;
  std::size_t read = 0;
  ERR_clear_error();
  const int ok = SSL_peek_ex(ssl_.get(), &first, 1, &read);
  return ok == 1 || SSL_get_error(ssl_.get(), ok) != SSL_ERROR_WANT_READ;
}

bool Core::idle_ok() {
  if (!established_ || ended_ || aborted_ || shutdown_wanted_ || send_failure_.kind) return false;
  if (SSL_has_pending(ssl_.get()) || !inbound_.empty()) {
    if (holds_plain()) return false;
  }
  // What came unasked may be session tickets, which do no harm. Only what is there already is read, so that
  // no receive stays pending behind the owner's back.
  while (!fetching_ && !transport_->idle_ok()) {
    if (!fetch() || ended_ || holds_plain()) return false;
  }
  return !fetching_;
}

int Core::read_inbound(char* to, int size) {
  const std::size_t taken = std::min(inbound_.size(), std::size_t(size));
  if (taken == 0) return 0;
  std::memcpy(to, inbound_.data(), taken);
  inbound_ = inbound_.subspan(taken);
  if (inbound_.empty()) transport_->release_received();
  return int(taken);
}

// Sending

bool Core::start_send(SendOp& op) {
  assert(!send_ && !handshake_);
  op.result = aborted_ ? IoResult{aborted_} : IoResult{};
  if (!established_ || close_notify_made_) op.result = {kConnectionClosed};
  if (!op.result.ok()) return true;
  unencrypted_ = op.data;
  send_ = &op;
  if (!advance_send()) return false;
  op.result = send_failure_;
  send_ = nullptr;
  return true;
}

/// Sends what there is; true when all of it has left, or `send_failure_` says why it cannot.
bool Core::advance_send() {
  while (!sending_ && prepare_outbound()) {
    std::swap(outbound_, leaving_);
    outbound_.clear();
    sending_op_.data = {Bytes(leaving_), Bytes()};
    sending_ = true;
    if (!transport_->start_send(sending_op_)) return false;
    sending_ = false;
    send_failure_ = sending_op_.result;
  }
  return !sending_;
}

/// Has bytes in `outbound_` for the transport; false when there is nothing to send or no way to.
bool Core::prepare_outbound() {
  if (send_failure_.kind) return false;
  if (outbound_.empty()) encrypt_some();
  if (outbound_.empty() && shutdown_wanted_ && established_ && !close_notify_made_) {
    close_notify_made_ = true;
    ERR_clear_error();
    SSL_shutdown(ssl_.get());
  }
  if (!outbound_.empty() && !send_failure_.kind) return true;
  if (shutdown_wanted_ && !std::exchange(transport_shut_, true)) transport_->shutdown_send();
  return false;
}

void Core::encrypt_some() {
  constexpr std::size_t kAtATime = 64 * 1024;
  constexpr std::size_t kKept = 16 * 1024;
  if (leaving_.capacity() > kKept && !has_unencrypted()) leaving_ = {};  // idle connections stay small
  while (has_unencrypted() && outbound_.size() < kAtATime) {
    const Bytes piece = next_piece();
    std::size_t written = 0;
    ERR_clear_error();
    if (SSL_write_ex(ssl_.get(), piece.data(), piece.size(), &written) != 1) {
      send_failure_ = {ended_ && ended_->kind ? ended_->kind : kConnectionClosed};
      unencrypted_ = {};
      return;
    }
    consume(written);
  }
}

bool Core::has_unencrypted() const { return !unencrypted_[0].empty() || !unencrypted_[1].empty(); }

/// At most one record's worth; a short head and the start of a body go into one record.
Bytes Core::next_piece() {
  constexpr std::size_t kRecord = 16 * 1024;
  const auto& [first, second] = unencrypted_;
  if (first.empty()) return second.first(std::min(second.size(), kRecord));
  if (second.empty() || first.size() >= kRecord) return first.first(std::min(first.size(), kRecord));
  gathered_.assign(first.begin(), first.end());
  const Bytes more = second.first(std::min(second.size(), kRecord - first.size()));
  gathered_.insert(gathered_.end(), more.begin(), more.end());
  return gathered_;
}

void Core::consume(std::size_t sent) {
  for (Bytes& part : unencrypted_) {
    const std::size_t of_part = std::min(sent, part.size());
    part = part.subspan(of_part);
    sent -= of_part;
  }
}

void Core::on_sent() {
  sending_ = false;
  send_failure_ = sending_op_.result;
  const bool done = advance_send();
  if (abandoned_) return free_if_let_go();
  if (!done || !send_) return;
  send_->result = send_failure_;
  std::exchange(send_, nullptr)->complete();
}

void Core::shutdown_send() {
  if (std::exchange(shutdown_wanted_, true)) return;
  advance_send();
}

int Core::write_outbound(const char* from, int size) {
  const auto* bytes = reinterpret_cast<const std::byte*>(from);
  outbound_.insert(outbound_.end(), bytes, bytes + size);
  return size;
}

}  // namespace vajrapulse::runtime::tls
