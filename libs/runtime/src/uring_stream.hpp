#pragma once

#include <sys/socket.h>

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <new>

#include "uring_reactor.hpp"
#include "vajrapulse/runtime/frame_pool.hpp"
#include "vajrapulse/runtime/stream.hpp"

namespace vajrapulse::runtime {

/// A connected socket on io_uring, or one that is being connected.
///
/// The kernel may hold requests that name it after its owner let go: deleting begins the close and leaves the
/// memory until the last completion has come.
class alignas(64) UringStream final : public Stream {
 public:
  UringStream(UringReactor& reactor, UringReactor::Socket socket, const Address& peer) noexcept
      : reactor_(reactor), socket_(socket), peer_(peer) {}
  static void* operator new(std::size_t bytes, std::align_val_t) { return std::aligned_alloc(64, bytes); }
  static void operator delete(UringStream* self, std::destroying_delete_t);
  static void operator delete(void* memory, std::align_val_t) { std::free(memory); }
  static void free(UringStream& self);

  void start_connect(ConnectOp& op);
  void abort_connect(ErrorKind why);
  [[nodiscard]] bool connecting() const noexcept { return connect_ != nullptr; }
  /// Arms the receive of a socket that is connected already.
  void begin() { arm_receive(); }

  bool start_receive(ReceiveOp& op) override;
  void release_received() noexcept override;
  bool start_send(SendOp& op) override;
  void shutdown_send() override;
  void abort(ErrorKind why) override;
  [[nodiscard]] bool idle_ok() const override;
  [[nodiscard]] const Address& peer() const override { return peer_; }

  /// Where the reactor keeps it while it waits for its last completion.
  void set_place(std::size_t place) noexcept { place_ = place; }
  [[nodiscard]] std::size_t place() const noexcept { return place_; }

  /// Whether someone waits for the send that is with the kernel.
  [[nodiscard]] bool sends_user_memory() const noexcept { return user_memory_; }

  void on_receive(int result, std::uint32_t flags);
  void on_send(int result);
  void on_connect(int result);
  void on_close();
  void on_shutdown();
  void on_ready();

 private:
  /// Sends up to this size are copied and complete at once, as they do with the kernel's own buffer.
  static constexpr std::size_t kCopyBytes = 4096;
  /// Pieces received but not asked for, above which the kernel is told to wait.
  static constexpr unsigned kMostUnread = 16;

  struct Unread {
    Chunk chunk;
    Unread* next;
  };
  /// What the kernel reads while it sends two pieces of the user's memory.
  struct Pieces {
    msghdr message;
    iovec parts[2];
  };

  void arm_receive();
  void cancel_receive();
  void take_in(Chunk chunk);
  bool take_out(ReceiveOp& op);
  ReceiveOp& end_wait();
  void drop_unread();
  bool begin_send(SendOp& op);
  void send_block();
  void send_rest_of_block();
  void settle();
  void settle_from(std::uint32_t turns_later);
  void send_pieces();
  void free_block() noexcept;
  void end_send(IoResult result);
  void submit_shutdown();
  void submit_close();
  void finish_connect(IoResult result);
  void finish_one();
  void enqueue();
  void free_if_over();

  // In the order of use, the busy part of an exchange in the first two cache lines.
  UringReactor& reactor_;
  ReceiveOp* receiving_ = nullptr;
  SendOp* sending_ = nullptr;
  UringReactor::Socket socket_;
  std::uint16_t pending_ = 0;  ///< completions that will still name this
  bool armed_ : 1 = false;
  bool cancelling_receive_ : 1 = false;
  bool in_flight_ : 1 = false;    ///< a send is with the kernel
  bool user_memory_ : 1 = false;  ///< … and reads what sending_ points to
  bool quiet_ : 1 = false;        ///< … and says so only if it fails
  bool ended_ : 1 = false;
  bool queued_ : 1 = false;
  bool closed_ : 1 = false;
  bool closing_ : 1 = false;  ///< the close is with the kernel
  bool shutdown_wanted_ : 1 = false;
  bool shutdown_sent_ : 1 = false;
  bool shutting_down_ : 1 = false;  ///< the shutdown is with the kernel
  std::uint8_t unread_ = 0;
  std::uint32_t sent_turn_ = 0;  ///< in which a quiet send was requested
  Chunk held_;
  std::byte* block_ = nullptr;
  std::uint32_t block_size_ = 0;
  Unread* first_unread_ = nullptr;
  Unread* last_unread_ = nullptr;
  std::size_t sent_ = 0;
  IoResult broken_;         ///< aborted: why nothing works any more
  IoResult receive_error_;  ///< comes after the bytes that came before it
  IoResult send_error_;     ///< of a send that had completed as copied
  ConnectOp* connect_ = nullptr;
  std::size_t place_ = 0;
  Address peer_;
};

/// Accepts on io_uring, one request at a time.
class UringListener final : public Listener {
 public:
  UringListener(UringReactor& reactor, ListeningSocket socket) noexcept
      : reactor_(reactor), socket_(std::move(socket.descriptor)), local_(socket.local) {}
  static void* operator new(std::size_t bytes) { return allocate_frame(bytes); }
  static void operator delete(UringListener* self, std::destroying_delete_t);
  static void operator delete(void* memory, std::size_t bytes) { free_frame(memory, bytes); }
  static void free(UringListener& self);

  bool start_accept(AcceptOp& op) override;
  void abort(ErrorKind why) override;
  [[nodiscard]] const Address& local() const override { return local_; }

  void on_accept(int result);
  void on_ready();

 private:
  void free_if_over();

  UringReactor& reactor_;
  Descriptor socket_;
  Address local_;
  AcceptOp* accepting_ = nullptr;
  IoResult broken_;
  bool armed_ = false;
  bool queued_ = false;
  bool closed_ = false;
  sockaddr_storage from_{};
  socklen_t from_size_ = 0;
};

}  // namespace vajrapulse::runtime
