#include "uring_stream.hpp"

#include <cassert>
#include <cerrno>
#include <cstring>
#include <utility>

#include "vajrapulse/runtime/errors.hpp"

namespace vajrapulse::runtime {
namespace {

using Tag = UringReactor::Tag;

std::size_t total_of(const SendOp& op) noexcept { return op.data[0].size() + op.data[1].size(); }

}  // namespace

void UringStream::operator delete(UringStream* self, std::destroying_delete_t) {
  assert(!self->receiving_ && !self->connect_ && !self->sending_);
  self->closed_ = true;
  self->reactor_.buffers().release(self->held_);
  self->drop_unread();
  if (self->armed_ && !self->cancelling_receive_) self->cancel_receive();
  // A copied send that the peer has not taken yet still goes out: closing waits for it, as the kernel does.
  self->settle_from(2);
  if (self->quiet_) self->enqueue();
  if (!self->in_flight_ && !self->shutting_down_) self->submit_close();
  self->reactor_.keep_until_complete(*self);
}

void UringStream::free(UringStream& self) {
  self.free_block();
  self.~UringStream();
  std::free(&self);
}

void UringStream::finish_one() {
  --pending_;
  free_if_over();
}

void UringStream::free_if_over() {
  if (closed_ && pending_ == 0 && !queued_ && !in_flight_) reactor_.complete_at_last(*this);
}

void UringStream::enqueue() {
  if (queued_) return;
  queued_ = true;
  reactor_.enqueue(*this);
}

void UringStream::submit_close() {
  if (closing_) return;
  closing_ = true;
  ++pending_;
  io_uring_sqe& sqe = reactor_.request(Tag::close, this, IORING_OP_CLOSE);
  if (socket_.registered) {
    sqe.file_index = static_cast<std::uint32_t>(socket_.number) + 1;
  } else {
    sqe.fd = socket_.number;
  }
}

void UringStream::on_close() {
  reactor_.forget(socket_);
  finish_one();
}

void UringStream::start_connect(ConnectOp& op) {
  connect_ = &op;
  ++pending_;
  io_uring_sqe& sqe = reactor_.request(Tag::connect, this, IORING_OP_CONNECT, socket_);
  sqe.addr = reinterpret_cast<std::uint64_t>(peer_.data());
  sqe.off = peer_.size();
}

void UringStream::abort_connect(ErrorKind why) {
  if (!connect_ || broken_.kind) return;
  broken_.kind = why;
  reactor_.cancel(UringReactor::token(Tag::connect, this));
  enqueue();
}

void UringStream::on_connect(int result) {
  if (connect_ && !broken_.kind) {
    if (result >= 0) arm_receive();
    finish_connect(from_errno(result < 0 ? -result : 0));
  }
  finish_one();
}

void UringStream::finish_connect(IoResult result) {
  ConnectOp& op = *std::exchange(connect_, nullptr);
  op.result = result;
  if (!result.ok()) op.stream.reset();
  op.complete();
}

void UringStream::arm_receive() {
  armed_ = true;
  ++pending_;
  io_uring_sqe& sqe = reactor_.request(Tag::receive, this, IORING_OP_RECV, socket_);
  sqe.flags |= IOSQE_BUFFER_SELECT;
  sqe.buf_group = UringBuffers::kGroup;
  sqe.ioprio = IORING_RECV_MULTISHOT;
}

void UringStream::cancel_receive() {
  cancelling_receive_ = true;
  reactor_.cancel(UringReactor::token(Tag::receive, this));
}

void UringStream::release_received() noexcept { reactor_.buffers().release(held_); }

bool UringStream::start_receive(ReceiveOp& op) {
  assert(!receiving_);
  reactor_.buffers().release(held_);
  if (take_out(op)) {
    if (!armed_ && !ended_ && !receive_error_.kind && !broken_.kind) arm_receive();
    return true;
  }
  receiving_ = &op;
  reactor_.await_one();
  if (!armed_) arm_receive();
  return false;
}

ReceiveOp& UringStream::end_wait() {
  reactor_.await_one_less();
  return *std::exchange(receiving_, nullptr);
}

/// What can be said without the kernel: an abort, bytes that are here, then how it ended.
bool UringStream::take_out(ReceiveOp& op) {
  op.result = {};
  op.data = {};
  if (broken_.kind) {
    op.result = broken_;
    return true;
  }
  if (Unread* unread = first_unread_) {
    held_ = unread->chunk;
    first_unread_ = unread->next;
    --unread_;
    free_frame(unread, sizeof(*unread));
    op.data = {held_.data, held_.size};
    return true;
  }
  op.result = receive_error_;
  return ended_ || receive_error_.kind;
}

void UringStream::take_in(Chunk chunk) {
  auto* unread = ::new (allocate_frame(sizeof(Unread))) Unread{chunk, nullptr};
  (first_unread_ ? last_unread_->next : first_unread_) = unread;
  last_unread_ = unread;
  if (++unread_ >= kMostUnread && armed_ && !cancelling_receive_) cancel_receive();
}

void UringStream::drop_unread() {
  while (Unread* unread = first_unread_) {
    first_unread_ = unread->next;
    reactor_.buffers().release(unread->chunk);
    free_frame(unread, sizeof(*unread));
  }
  unread_ = 0;
}

void UringStream::on_receive(int result, std::uint32_t flags) {
  settle_from(1);
  const bool more = (flags & IORING_CQE_F_MORE) != 0;
  if (!more) armed_ = cancelling_receive_ = false;
  if (result > 0) {
    const auto buffer = static_cast<std::uint16_t>(flags >> IORING_CQE_BUFFER_SHIFT);
    if (closed_) {
      reactor_.buffers().recycle(buffer);
    } else if (Chunk chunk = reactor_.buffers().keep(buffer, static_cast<std::size_t>(result));
               receiving_ && !broken_.kind) {
      held_ = chunk;
      ReceiveOp& op = end_wait();
      op.result = {};
      op.data = {chunk.data, chunk.size};
      op.complete();
    } else {
      take_in(chunk);
    }
  } else if (result == 0) {
    ended_ = true;
  } else if (result == -ENOBUFS) {
    reactor_.buffers().grow();
  } else if (result != -ECANCELED) {
    receive_error_ = from_errno(-result);
    if (result == -ETIMEDOUT) receive_error_.kind = kTimeout;
  }
  if (receiving_ && !broken_.kind && (ended_ || receive_error_.kind)) {
    ReceiveOp& op = end_wait();
    take_out(op);
    op.complete();
  }
  if (more) return;
  // Whatever ended the multishot receive (no buffers, a full queue, our cancel): on it goes, unless the stream
  // is over or has more unread than it should.
  const bool over = closed_ || broken_.kind || ended_ || receive_error_.kind;
  if (!armed_ && !over && (receiving_ || unread_ < kMostUnread)) arm_receive();
  finish_one();
}

bool UringStream::start_send(SendOp& op) {
  assert(!sending_);
  op.result = broken_.kind ? broken_ : send_error_;
  if (op.result.kind) return true;
  settle_from(2);
  if (!in_flight_ && begin_send(op)) return true;
  if (quiet_) enqueue();
  sending_ = &op;
  return false;
}

/// True when complete already: small sends are copied.
bool UringStream::begin_send(SendOp& op) {
  const std::size_t total = total_of(op);
  op.result = {};
  if (total == 0) return true;
  sent_ = 0;
  if (total > kCopyBytes) {
    user_memory_ = true;
    sending_ = &op;
    send_pieces();
    return false;
  }
  block_size_ = static_cast<std::uint32_t>(total);
  block_ = static_cast<std::byte*>(allocate_frame(total));
  std::memcpy(block_, op.data[0].data(), op.data[0].size());
  if (!op.data[1].empty()) std::memcpy(block_ + op.data[0].size(), op.data[1].data(), op.data[1].size());
  send_block();
  return true;
}

/// Nearly every small send ends as it begins. So it is asked not to wait and to complete only when it fails: a
/// completion of each send would end the wait for what the turn is really waiting for.
void UringStream::send_block() {
  in_flight_ = quiet_ = true;
  sent_turn_ = reactor_.turn();
  io_uring_sqe& sqe = reactor_.request(Tag::send, this, IORING_OP_SEND, socket_);
  sqe.flags |= IOSQE_CQE_SKIP_SUCCESS;
  sqe.addr = reinterpret_cast<std::uint64_t>(block_);
  sqe.len = block_size_;
  sqe.msg_flags = MSG_NOSIGNAL | MSG_DONTWAIT | MSG_WAITALL;
}

/// What the peer's window did not take waits in the kernel, and says when it is done.
void UringStream::send_rest_of_block() {
  in_flight_ = true;
  ++pending_;
  io_uring_sqe& sqe = reactor_.request(Tag::send, this, IORING_OP_SEND, socket_);
  sqe.addr = reinterpret_cast<std::uint64_t>(block_ + sent_);
  sqe.len = block_size_ - static_cast<std::uint32_t>(sent_);
  sqe.msg_flags = MSG_NOSIGNAL | MSG_WAITALL;
}

void UringStream::settle() {
  in_flight_ = quiet_ = false;
  free_block();
}

/// A quiet send has succeeded when nothing else was said of it: for what the socket itself received, by the next turn
/// (its failure would stand before that in the queue), otherwise when that turn's completions have been handled.
void UringStream::settle_from(std::uint32_t turns_later) {
  if (quiet_ && reactor_.turn() - sent_turn_ >= turns_later) settle();
}

void UringStream::send_pieces() {
  in_flight_ = true;
  ++pending_;
  if (!block_) {
    block_size_ = sizeof(Pieces);
    block_ = static_cast<std::byte*>(allocate_frame(block_size_));
  }
  auto* pieces = ::new (block_) Pieces{};
  std::size_t skip = sent_;
  for (const Bytes data : sending_->data) {
    const Bytes rest = data.subspan(std::min(skip, data.size()));
    skip -= data.size() - rest.size();
    if (rest.empty()) continue;
    pieces->parts[pieces->message.msg_iovlen++] = {const_cast<std::byte*>(rest.data()), rest.size()};
  }
  pieces->message.msg_iov = pieces->parts;
  io_uring_sqe& sqe = reactor_.request(Tag::send, this, IORING_OP_SENDMSG, socket_);
  sqe.addr = reinterpret_cast<std::uint64_t>(&pieces->message);
  sqe.len = 1;
  sqe.msg_flags = MSG_NOSIGNAL | MSG_WAITALL;
}

void UringStream::free_block() noexcept {
  if (block_) free_frame(std::exchange(block_, nullptr), block_size_);
}

void UringStream::on_send(int result) {
  const bool counted = !quiet_;
  in_flight_ = quiet_ = false;
  const std::size_t wanted = user_memory_ ? total_of(*sending_) : block_size_;
  if (result >= 0) sent_ += static_cast<std::size_t>(result);
  const bool full = !counted && result == -EAGAIN;
  if ((result > 0 || full) && sent_ < wanted && !broken_.kind) {
    user_memory_ ? send_pieces() : send_rest_of_block();
  } else {
    free_block();
    const int error = result < 0 ? -result : (sent_ < wanted ? EPIPE : 0);
    end_send(from_errno(error));
  }
  if (counted) finish_one();
}

void UringStream::end_send(IoResult result) {
  if (broken_.kind) result = broken_;
  if (user_memory_) {
    user_memory_ = false;
    SendOp& op = *std::exchange(sending_, nullptr);
    op.result = result;
    op.complete();
  } else {
    if (!result.ok()) send_error_ = result;
    if (SendOp* waiting = std::exchange(sending_, nullptr)) {
      if (start_send(*waiting)) waiting->complete();
    }
  }
  if (in_flight_) return;
  if (closed_) {
    if (!shutting_down_) submit_close();
  } else if (shutdown_wanted_ && !sending_) {
    submit_shutdown();
  }
}

void UringStream::shutdown_send() {
  shutdown_wanted_ = true;
  settle_from(2);
  if (quiet_) enqueue();
  if (!in_flight_ && !sending_) submit_shutdown();
}

void UringStream::submit_shutdown() {
  if (shutdown_sent_ || closed_) return;
  shutdown_sent_ = shutting_down_ = true;
  ++pending_;
  io_uring_sqe& sqe = reactor_.request(Tag::other, this, IORING_OP_SHUTDOWN, socket_);
  sqe.len = SHUT_WR;
}

/// The kernel's worker looks the slot up only when it gets to the shutdown: closed before that, and taken by
/// another connection, it would shut down the wrong one. So the close waits for it.
void UringStream::on_shutdown() {
  shutting_down_ = false;
  if (closed_ && !in_flight_) submit_close();
  finish_one();
}

void UringStream::abort(ErrorKind why) {
  if (broken_.kind) return;
  broken_.kind = why;
  if (armed_ && !cancelling_receive_) cancel_receive();
  if (in_flight_ && !quiet_) reactor_.cancel(UringReactor::token(Tag::send, this));
  if (receiving_ || sending_) enqueue();
}

bool UringStream::idle_ok() const { return !broken_.kind && !ended_ && !receive_error_.kind && !first_unread_; }

/// An abort (or an aborted connect) is told here. A send whose bytes the kernel may still read waits for its
/// own completion.
void UringStream::on_ready() {
  queued_ = false;
  settle_from(1);  // the turn's completions have been handled
  const bool next = sending_ || closed_ || shutdown_wanted_;
  if (next && quiet_) {
    enqueue();
  } else if (next && !in_flight_) {
    end_send({});
  }
  if (connect_) {
    finish_connect(broken_);
  } else if (broken_.kind && !closed_) {
    if (sending_ && !user_memory_) {
      SendOp& op = *std::exchange(sending_, nullptr);
      op.result = broken_;
      op.complete();
    }
    if (!closed_ && receiving_) {
      ReceiveOp& op = end_wait();
      take_out(op);
      op.complete();
    }
  }
  free_if_over();
}

void UringListener::operator delete(UringListener* self, std::destroying_delete_t) {
  assert(!self->accepting_);
  self->closed_ = true;
  if (self->armed_) self->reactor_.cancel(UringReactor::token(Tag::accept, self));
  self->socket_ = Descriptor{};
  self->reactor_.keep_until_complete(*self);
  self->free_if_over();
}

void UringListener::free(UringListener& self) {
  self.~UringListener();
  free_frame(&self, sizeof(self));
}

void UringListener::free_if_over() {
  if (closed_ && !armed_ && !queued_) reactor_.complete_at_last(*this);
}

bool UringListener::start_accept(AcceptOp& op) {
  assert(!accepting_);
  if (broken_.kind) {
    op.result = broken_;
    return true;
  }
  accepting_ = &op;
  armed_ = true;
  from_size_ = sizeof(from_);
  io_uring_sqe& sqe = reactor_.request(Tag::accept, this, IORING_OP_ACCEPT);
  sqe.fd = socket_.get();
  sqe.addr = reinterpret_cast<std::uint64_t>(&from_);
  sqe.addr2 = reinterpret_cast<std::uint64_t>(&from_size_);
  sqe.accept_flags = SOCK_CLOEXEC;
  return false;
}

void UringListener::on_accept(int result) {
  armed_ = false;
  Descriptor socket(result);
  if (accepting_ && !broken_.kind) {
    AcceptOp& op = *std::exchange(accepting_, nullptr);
    op.result = from_errno(result < 0 ? -result : 0);
    if (result >= 0) {
      const bool local = local_.family() == AF_UNIX;
      const Address peer =
          local ? local_ : Address::from_sockaddr(reinterpret_cast<const sockaddr*>(&from_), from_size_);
      set_no_delay(result, local_.family());
      auto* stream = new UringStream(reactor_, reactor_.adopt(std::move(socket)), peer);
      op.stream.reset(stream);
      stream->begin();
    }
    op.complete();
  }
  free_if_over();
}

void UringListener::abort(ErrorKind why) {
  if (broken_.kind) return;
  broken_.kind = why;
  if (armed_) reactor_.cancel(UringReactor::token(Tag::accept, this));
  if (!accepting_ || queued_) return;
  queued_ = true;
  reactor_.enqueue(*this);
}

void UringListener::on_ready() {
  queued_ = false;
  if (accepting_) {
    AcceptOp& op = *std::exchange(accepting_, nullptr);
    op.result = broken_;
    op.complete();
  }
  free_if_over();
}

}  // namespace vajrapulse::runtime
