#pragma once

#include <cstdint>
#include <memory>
#include <new>

#include "epoll_reactor.hpp"
#include "vajrapulse/runtime/frame_pool.hpp"
#include "vajrapulse/runtime/stream.hpp"

namespace vajrapulse::runtime {

/// A connected socket on the epoll reactor, or one that is being connected.
///
/// Events of the same turn may still name a stream that was just destroyed: deleting closes the socket at
/// once and leaves the memory to the reactor, which frees it at the end of the turn.
class EpollStream final : public Stream {
 public:
  EpollStream(EpollReactor& reactor, Descriptor socket, const Address& peer) noexcept;
  static void* operator new(std::size_t bytes) { return allocate_frame(bytes); }
  static void operator delete(EpollStream* self, std::destroying_delete_t);
  static void operator delete(void* memory, std::size_t bytes) { free_frame(memory, bytes); }
  /// Frees a deleted stream's memory; false while the ready queue still names it.
  static bool free(EpollStream& self);

  /// Begins to connect; true when it is over, well or not.
  bool start_connect(ConnectOp& op);
  void abort_connect(ErrorKind why);
  [[nodiscard]] bool connecting() const noexcept { return connect_ != nullptr; }
  /// Registers a socket that is connected already. 0, or the errno.
  int watch() noexcept;

  bool start_receive(ReceiveOp& op) override;
  void release_received() noexcept override;
  bool start_send(SendOp& op) override;
  void shutdown_send() override;
  void abort(ErrorKind why) override;
  [[nodiscard]] bool idle_ok() const override;
  [[nodiscard]] const Address& peer() const override { return peer_; }

  void on_events(std::uint32_t events);
  void on_ready();

 private:
  /// Completions in a row without the loop, before others get their turn.
  static constexpr std::uint8_t kInARow = 32;

  bool receive_now(ReceiveOp& op);
  bool send_now(SendOp& op);
  ssize_t send_some(const SendOp& op) noexcept;
  void finish_connect(IoResult result);
  void complete_what_is_possible();
  void enqueue();

  EpollReactor& reactor_;
  ReceiveOp* receiving_ = nullptr;
  SendOp* sending_ = nullptr;
  std::size_t sent_ = 0;
  int fd_;
  std::uint8_t in_a_row_ = kInARow;
  mutable bool readable_ = false;
  bool writable_ = false;
  bool hung_up_ = false;
  bool queued_ = false;
  bool closed_ = false;
  bool shutdown_wanted_ = false;
  Chunk held_;
  IoResult broken_;  ///< why nothing works any more
  ConnectOp* connect_ = nullptr;
  Address peer_;
};

/// Accepts on the epoll reactor.
class EpollListener final : public Listener {
 public:
  EpollListener(EpollReactor& reactor, ListeningSocket socket) noexcept;
  static void* operator new(std::size_t bytes) { return allocate_frame(bytes); }
  static void operator delete(EpollListener* self, std::destroying_delete_t);
  static void operator delete(void* memory, std::size_t bytes) { free_frame(memory, bytes); }
  static bool free(EpollListener& self);

  /// 0, or the errno.
  int watch() noexcept;
  bool start_accept(AcceptOp& op) override;
  void abort(ErrorKind why) override;
  [[nodiscard]] const Address& local() const override { return local_; }

  void on_events();
  void on_ready();

 private:
  static constexpr std::uint8_t kInARow = 32;

  bool accept_now(AcceptOp& op);
  void complete_if_possible();
  void enqueue();

  EpollReactor& reactor_;
  Descriptor socket_;
  Address local_;
  AcceptOp* accepting_ = nullptr;
  IoResult broken_;
  std::uint8_t in_a_row_ = kInARow;
  bool readable_ = false;
  bool queued_ = false;
  bool closed_ = false;
};

}  // namespace vajrapulse::runtime
