#include "dial.hpp"

#include <cerrno>

#include "acceptor.hpp"
#include "room.hpp"
#include "sim_reactor.hpp"
#include "vajrapulse/runtime/errors.hpp"

namespace vajrapulse::runtime::simulated {
namespace {

enum What : std::uint32_t { kAttempt, kAnswer, kAborted };

int errno_of(ErrorKind kind) noexcept {
  if (kind == kConnectionRefused) return ECONNREFUSED;
  if (kind == kUnreachable) return EHOSTUNREACH;
  if (kind == kConnectionReset) return ECONNRESET;
  if (kind == kNoPorts) return EADDRNOTAVAIL;
  if (kind == kNoDescriptors) return EMFILE;
  return 0;
}

}  // namespace

/// What happens at the far end is the network's business: a busy server still answers connections.
SimReactor* Dial::owner(std::uint32_t what) noexcept { return what == kAttempt ? nullptr : &reactor_; }

void Dial::begin() { room_.schedule(room_.arrival(reactor_.now()), *this, kAttempt); }

void Dial::on_event(const Event& event) {
  switch (event.what) {
    case kAttempt: return on_attempt();
    case kAnswer: return on_answer();
    default:
      if (op_) finish(IoResult{aborted_}, nullptr);
  }
}

void Dial::on_attempt() {
  if (!op_ || aborted_) return;
  const auto broken = room_.broken.find(address_.text());
  if (broken != room_.broken.end()) {
    if (broken->second == kTimeout || broken->second == kConnectTimeout) return;  // nobody ever answers
    outcome_ = IoResult{broken->second, errno_of(broken->second)};
  } else if (Acceptor* acceptor = room_.listening_at(address_)) {
    connection_ = Ref<Connection>(&acceptor->offer(reactor_));
  } else {
    outcome_ = from_errno(ECONNREFUSED);
  }
  const TimePoint answered = room_.arrival(room_.now());
  room_.schedule(answered, *this, kAnswer);
  if (connection_ && room_.chance(room_.weather.reset_on_connect)) connection_->reset_both(answered);
}

void Dial::on_answer() {
  if (!op_ || aborted_) {
    if (connection_) connection_->close(Connection::kClient, Connection::Goodbye::reset);
    return;
  }
  std::unique_ptr<Stream> stream;
  if (connection_) stream = std::make_unique<SimStream>(*connection_, Connection::kClient);
  finish(outcome_, std::move(stream));
}

void Dial::abort(ErrorKind why) {
  if (aborted_) return;
  aborted_ = why;
  room_.schedule(reactor_.now(), *this, kAborted);
}

void Dial::finish(IoResult result, std::unique_ptr<Stream> stream) {
  ConnectOp& op = *std::exchange(op_, nullptr);
  reactor_.forget(op);  // the event that brought us here keeps this
  op.result = result;
  op.stream = std::move(stream);
  op.complete();
}

}  // namespace vajrapulse::runtime::simulated
