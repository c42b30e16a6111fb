#pragma once

#include <algorithm>
#include <cassert>
#include <memory>
#include <utility>
#include <vector>

#include "vajrapulse/runtime/errors.hpp"
#include "vajrapulse/runtime/reactor.hpp"

namespace vajrapulse::runtime::fakes {

/// One end of a connection in memory, for tests of what stands on a Stream.
class MemoryStream final : public Stream {
 public:
  struct Nature {
    std::size_t piece_bytes = 64 * 1024;    ///< the most that one receive gets
    std::size_t window_bytes = 256 * 1024;  ///< a send waits while the peer has as much unread
    std::uint16_t port = 443;
  };
  struct Pair {
    std::unique_ptr<MemoryStream> client;
    std::unique_ptr<MemoryStream> server;
  };
  static Pair pair(Reactor& reactor, Nature nature) {
    Pair ends{std::make_unique<MemoryStream>(reactor, nature), std::make_unique<MemoryStream>(reactor, nature)};
    ends.client->other_ = ends.server.get();
    ends.server->other_ = ends.client.get();
    return ends;
  }

  MemoryStream(Reactor& reactor, Nature nature)
      : reactor_(reactor), nature_(nature), peer_(Address::ip("127.0.0.1", nature.port).value()) {}
  ~MemoryStream() override {
    assert(!receiving_ && !sending_);
    shutdown_send();
    if (other_) {
      other_->other_ = nullptr;
      if (other_->sending_) other_->finish_send({kConnectionReset});
    }
    if (destroyed) *destroyed = true;
  }

  bool start_receive(ReceiveOp& op) override {
    assert(!receiving_);
    if (receive_now(op)) return true;
    receiving_ = &op;
    return false;
  }
  bool start_send(SendOp& op) override {
    assert(!sending_);
    op.result = broken_ ? IoResult{broken_} : other_ ? IoResult{} : IoResult{kConnectionReset};
    if (!op.result.ok()) return true;
    if (other_->arrived_.size() >= nature_.window_bytes || hold_sends) {
      sending_ = &op;
      return false;
    }
    deliver(op);
    return true;
  }
  void shutdown_send() override {
    if (std::exchange(shut_, true) || !other_) return;
    other_->ended_ = true;
    other_->wake_receiver();
  }
  void abort(ErrorKind why) override {
    if (broken_) return;
    broken_ = why;
    wake_receiver();
    if (sending_) finish_send({why});
  }
  [[nodiscard]] bool idle_ok() const override { return !broken_ && !ended_ && arrived_.empty(); }
  [[nodiscard]] const Address& peer() const override { return peer_; }

  bool hold_sends = false;    ///< sends wait
  bool* destroyed = nullptr;  ///< set when this end is gone
  [[nodiscard]] bool shut() const noexcept { return shut_; }
  [[nodiscard]] std::size_t sent_bytes() const noexcept { return sent_; }
  void release_sends() {
    hold_sends = false;
    if (!sending_) return;
    deliver(*sending_);
    finish_send({});
  }

 private:
  bool receive_now(ReceiveOp& op) {
    op.data = {};
    op.result = {broken_};
    if (broken_) return true;
    if (arrived_.empty()) return ended_;
    const auto size = std::ptrdiff_t(std::min(arrived_.size(), nature_.piece_bytes));
    given_.assign(arrived_.begin(), arrived_.begin() + size);
    arrived_.erase(arrived_.begin(), arrived_.begin() + size);
    op.data = given_;
    if (other_ && other_->sending_ && !other_->hold_sends && arrived_.size() < nature_.window_bytes) {
      other_->deliver(*other_->sending_);
      other_->finish_send({});
    }
    return true;
  }
  void deliver(const SendOp& op) {
    for (const Bytes part : op.data) {
      sent_ += part.size();
      other_->arrived_.insert(other_->arrived_.end(), part.begin(), part.end());
    }
    other_->wake_receiver();
  }
  void wake_receiver() {
    if (!receiving_) return;
    ReceiveOp* op = std::exchange(receiving_, nullptr);
    if (receive_now(*op)) {
      reactor_.defer(*op);
    } else {
      receiving_ = op;
    }
  }
  void finish_send(IoResult result) {
    sending_->result = result;
    reactor_.defer(*std::exchange(sending_, nullptr));
  }

  Reactor& reactor_;
  Nature nature_;
  Address peer_;
  MemoryStream* other_ = nullptr;
  std::vector<std::byte> arrived_;
  std::vector<std::byte> given_;
  ReceiveOp* receiving_ = nullptr;
  SendOp* sending_ = nullptr;
  std::size_t sent_ = 0;
  ErrorKind broken_;
  bool ended_ = false;
  bool shut_ = false;
};

}  // namespace vajrapulse::runtime::fakes
