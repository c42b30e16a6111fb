#include "epoll_stream.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <cassert>
#include <cerrno>
#include <cstring>

#include "vajrapulse/runtime/errors.hpp"

namespace vajrapulse::runtime {
namespace {

constexpr std::uint32_t kBothWays = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
/// Two pieces up to this size are joined first: cheaper than the kernel's vector import.
constexpr std::size_t kJoinBytes = 2048;

std::size_t total_of(const SendOp& op) noexcept { return op.data[0].size() + op.data[1].size(); }

int pending_error(int fd) noexcept {
  int error = 0;
  socklen_t size = sizeof(error);
  ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
  return error;
}

ssize_t send_joined(int fd, const SendOp& op) noexcept {
  std::byte joined[kJoinBytes];
  std::memcpy(joined, op.data[0].data(), op.data[0].size());
  std::memcpy(joined + op.data[0].size(), op.data[1].data(), op.data[1].size());
  return ::send(fd, joined, total_of(op), MSG_NOSIGNAL | MSG_DONTWAIT);
}

ssize_t send_pieces(int fd, Bytes first, Bytes second) noexcept {
  iovec pieces[2] = {{const_cast<std::byte*>(first.data()), first.size()},
                     {const_cast<std::byte*>(second.data()), second.size()}};
  msghdr message{};
  message.msg_iov = pieces;
  message.msg_iovlen = 2;
  return ::sendmsg(fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
}

}  // namespace

EpollStream::EpollStream(EpollReactor& reactor, Descriptor socket, const Address& peer) noexcept
    : reactor_(reactor), fd_(socket.release()), peer_(peer) {}

void EpollStream::operator delete(EpollStream* self, std::destroying_delete_t) {
  assert(!self->receiving_ && !self->sending_ && !self->connect_);
  self->closed_ = true;
  self->reactor_.buffers().release(self->held_);
  ::close(self->fd_);  // which also ends its registration
  self->reactor_.bury(*self);
}

bool EpollStream::free(EpollStream& self) {
  if (self.queued_) return false;
  self.~EpollStream();
  free_frame(&self, sizeof(self));
  return true;
}

int EpollStream::watch() noexcept {
  writable_ = true;
  return reactor_.watch(fd_, kBothWays, EpollReactor::token(EpollReactor::Tag::stream, this));
}

bool EpollStream::start_connect(ConnectOp& op) {
  int error = ::connect(fd_, peer_.data(), peer_.size()) == 0 ? 0 : errno;
  if (error == 0) {
    error = watch();
  } else if (error == EINPROGRESS) {
    error = watch();
    writable_ = false;
    if (error == 0) {
      connect_ = &op;
      return false;
    }
  }
  op.result = from_errno(error);
  return true;
}

void EpollStream::abort_connect(ErrorKind why) {
  if (!connect_ || broken_.kind) return;
  broken_.kind = why;
  enqueue();
}

/// The operation may be the end of everything here: nothing is touched after it completes.
void EpollStream::finish_connect(IoResult result) {
  ConnectOp& op = *std::exchange(connect_, nullptr);
  op.result = result;
  if (!result.ok()) op.stream.reset();
  op.complete();
}

void EpollStream::release_received() noexcept { reactor_.buffers().release(held_); }

bool EpollStream::start_receive(ReceiveOp& op) {
  assert(!receiving_);
  reactor_.buffers().release(held_);
  if (broken_.kind) {
    op.result = broken_;
    op.data = {};
    return true;
  }
  if (readable_ && in_a_row_ > 0) {
    --in_a_row_;
    if (receive_now(op)) return true;
  }
  receiving_ = &op;
  if (readable_) enqueue();
  return false;
}

bool EpollStream::receive_now(ReceiveOp& op) {
  std::byte* buffer = reactor_.buffers().lease();
  ssize_t got;
  do {
    got = ::recv(fd_, buffer, ReceiveBuffers::kBytes, MSG_DONTWAIT);
  } while (got < 0 && errno == EINTR);
  if (got > 0) {
    // Less than asked for means drained: the next edge tells of more. After a hang-up there is no next edge.
    if (got < static_cast<ssize_t>(ReceiveBuffers::kBytes) && !hung_up_) readable_ = false;
    held_ = reactor_.buffers().keep(buffer, static_cast<std::size_t>(got));
    op.data = {held_.data, held_.size};
    op.result = {};
    return true;
  }
  const int error = got < 0 ? errno : 0;
  reactor_.buffers().give_back(buffer);
  if (error == EAGAIN) {
    readable_ = false;
    return false;
  }
  op.data = {};
  op.result = from_errno(error);
  if (error == ETIMEDOUT) op.result.kind = kTimeout;
  if (error != 0) broken_ = op.result;
  return true;
}

bool EpollStream::start_send(SendOp& op) {
  assert(!sending_);
  if (broken_.kind) {
    op.result = broken_;
    return true;
  }
  sent_ = 0;
  if (writable_ && in_a_row_ > 0) {
    --in_a_row_;
    if (send_now(op)) return true;
  }
  sending_ = &op;
  if (writable_) enqueue();
  return false;
}

ssize_t EpollStream::send_some(const SendOp& op) noexcept {
  const Bytes first = op.data[0];
  const Bytes second = op.data[1];
  if (sent_ >= first.size()) {
    const Bytes rest = second.subspan(sent_ - first.size());
    return ::send(fd_, rest.data(), rest.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  }
  const Bytes rest = first.subspan(sent_);
  if (second.empty()) return ::send(fd_, rest.data(), rest.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  if (sent_ == 0 && total_of(op) <= kJoinBytes) return send_joined(fd_, op);
  return send_pieces(fd_, rest, second);
}

bool EpollStream::send_now(SendOp& op) {
  const std::size_t total = total_of(op);
  while (sent_ < total) {
    const ssize_t sent = send_some(op);
    if (sent >= 0) {
      sent_ += static_cast<std::size_t>(sent);
      continue;
    }
    if (errno == EINTR) continue;
    if (errno == EAGAIN) {
      writable_ = false;
      return false;
    }
    // What the peer sent before it reset the connection is gone too, so one reason serves both directions;
    // a peer that only stopped reading (EPIPE after shutdown) still lets us receive.
    op.result = from_errno(errno);
    return true;
  }
  op.result = {};
  return true;
}

void EpollStream::shutdown_send() {
  if (sending_) {
    shutdown_wanted_ = true;
  } else {
    ::shutdown(fd_, SHUT_WR);
  }
}

void EpollStream::abort(ErrorKind why) {
  if (broken_.kind && !receiving_ && !sending_) return;
  if (!broken_.kind) broken_.kind = why;
  if (receiving_ || sending_) enqueue();
}

bool EpollStream::idle_ok() const {
  if (broken_.kind || hung_up_) return false;
  if (!readable_) return true;
  // A receive that filled its buffer exactly left this open: look, without taking.
  std::byte byte;
  if (::recv(fd_, &byte, 1, MSG_PEEK | MSG_DONTWAIT) >= 0 || errno != EAGAIN) return false;
  readable_ = false;
  return true;
}

void EpollStream::enqueue() {
  if (std::exchange(queued_, true)) return;
  reactor_.enqueue(*this);
}

void EpollStream::on_events(std::uint32_t events) {
  if (closed_) return;
  if (connect_) {
    if (broken_.kind) return;  // aborted; on_ready tells
    const int error = (events & (EPOLLERR | EPOLLHUP)) != 0 ? pending_error(fd_) : 0;
    if (error == 0 && (events & EPOLLOUT) == 0) return;
    writable_ = true;
    readable_ = (events & (EPOLLIN | EPOLLRDHUP)) != 0;
    hung_up_ = (events & EPOLLRDHUP) != 0;
    finish_connect(from_errno(error));
    return;
  }
  if ((events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0) readable_ = true;
  if ((events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0) hung_up_ = true;
  if ((events & (EPOLLOUT | EPOLLHUP | EPOLLERR)) != 0) writable_ = true;
  complete_what_is_possible();
}

void EpollStream::on_ready() {
  queued_ = false;
  if (closed_) return;
  if (connect_) {
    finish_connect(broken_);
  } else {
    complete_what_is_possible();
  }
}

/// Whoever is resumed may destroy this stream; its memory lasts until the end of the turn.
void EpollStream::complete_what_is_possible() {
  in_a_row_ = kInARow;
  if (sending_ && (broken_.kind || writable_)) {
    SendOp& op = *sending_;
    const bool done = broken_.kind || send_now(op);
    if (done) {
      if (broken_.kind) op.result = broken_;
      sending_ = nullptr;
      if (std::exchange(shutdown_wanted_, false)) ::shutdown(fd_, SHUT_WR);
      op.complete();
      if (closed_) return;
    }
  }
  if (receiving_ && (broken_.kind || readable_)) {
    ReceiveOp& op = *receiving_;
    if (broken_.kind) {
      op.result = broken_;
      op.data = {};
    } else if (!receive_now(op)) {
      return;
    }
    receiving_ = nullptr;
    op.complete();
  }
}

EpollListener::EpollListener(EpollReactor& reactor, ListeningSocket socket) noexcept
    : reactor_(reactor), socket_(std::move(socket.descriptor)), local_(socket.local) {}

void EpollListener::operator delete(EpollListener* self, std::destroying_delete_t) {
  assert(!self->accepting_);
  self->closed_ = true;
  self->socket_ = Descriptor{};  // the old one closes with the temporary
  self->reactor_.bury(*self);
}

bool EpollListener::free(EpollListener& self) {
  if (self.queued_) return false;
  self.~EpollListener();
  free_frame(&self, sizeof(self));
  return true;
}

int EpollListener::watch() noexcept {
  return reactor_.watch(socket_.get(), EPOLLIN | EPOLLET, EpollReactor::token(EpollReactor::Tag::listener, this));
}

bool EpollListener::start_accept(AcceptOp& op) {
  assert(!accepting_);
  if (broken_.kind) {
    op.result = broken_;
    return true;
  }
  if (readable_ && in_a_row_ > 0) {
    --in_a_row_;
    if (accept_now(op)) return true;
  }
  accepting_ = &op;
  if (readable_) enqueue();
  return false;
}

bool EpollListener::accept_now(AcceptOp& op) {
  sockaddr_storage storage{};
  socklen_t size = sizeof(storage);
  auto* from = reinterpret_cast<sockaddr*>(&storage);
  int fd;
  do {
    fd = ::accept4(socket_.get(), from, &size, SOCK_CLOEXEC | SOCK_NONBLOCK);
  } while (fd < 0 && (errno == EINTR || errno == ECONNABORTED));
  if (fd < 0) {
    if (errno == EAGAIN) {
      readable_ = false;
      return false;
    }
    op.result = from_errno(errno);
    return true;
  }
  const Address peer = local_.family() == AF_UNIX ? local_ : Address::from_sockaddr(from, size);
  set_no_delay(fd, local_.family());
  auto stream = std::unique_ptr<EpollStream>(new EpollStream(reactor_, Descriptor(fd), peer));
  op.result = from_errno(stream->watch());
  if (op.result.ok()) op.stream = std::move(stream);
  return true;
}

void EpollListener::abort(ErrorKind why) {
  if (!broken_.kind) broken_.kind = why;
  if (accepting_) enqueue();
}

void EpollListener::enqueue() {
  if (std::exchange(queued_, true)) return;
  reactor_.enqueue(*this);
}

void EpollListener::on_events() {
  if (closed_) return;
  readable_ = true;
  complete_if_possible();
}

void EpollListener::on_ready() {
  queued_ = false;
  if (!closed_) complete_if_possible();
}

void EpollListener::complete_if_possible() {
  in_a_row_ = kInARow;
  if (!accepting_) return;
  AcceptOp& op = *accepting_;
  if (broken_.kind) {
    op.result = broken_;
  } else if (!readable_ || !accept_now(op)) {
    return;
  }
  accepting_ = nullptr;
  op.complete();
}

}  // namespace vajrapulse::runtime
