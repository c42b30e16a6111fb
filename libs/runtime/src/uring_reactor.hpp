#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "gathering.hpp"
#include "loop.hpp"
#include "ready_queue.hpp"
#include "socket.hpp"
#include "uring_buffers.hpp"
#include "uring_ring.hpp"

namespace vajrapulse::runtime {

class UringStream;
class UringListener;

/// The reactor on io_uring: completions instead of readiness.
///
/// A connection keeps one multishot receive armed for all its life, so an exchange is one request in the
/// queue (the send) and two completions; a whole turn's requests enter the kernel together, in the call that
/// also waits. Sockets are registered files.
class UringReactor final : public Loop {
 public:
  /// Fails when the kernel lacks what this needs.
  static Expected<std::unique_ptr<Reactor>> make();
  ~UringReactor() override;

  [[nodiscard]] std::string_view name() const noexcept override { return "io_uring"; }
  bool start_connect(ConnectOp& op) override;
  void abort_connect(ConnectOp& op, ErrorKind why) override;
  Expected<std::unique_ptr<Listener>> listen(const Address& address) override;
  bool start_poll(PollOp& op) override;
  void cancel_poll(PollOp& op) override;

  // For streams and listeners:
  /// What a completion is for; in the low bits of the pointer to whom.
  enum class Tag : std::uint64_t { receive, send, connect, close, other, accept, poll, wake };
  static std::uint64_t token(Tag tag, const void* object) noexcept {
    return reinterpret_cast<std::uint64_t>(object) | static_cast<std::uint64_t>(tag);
  }

  /// A socket as requests name it: a slot of the registered table, or the descriptor itself when it is full.
  struct Socket {
    int number = -1;
    bool registered = false;
  };

  [[nodiscard]] io_uring_sqe& request(Tag tag, const void* object, int opcode) noexcept;
  [[nodiscard]] io_uring_sqe& request(Tag tag, const void* object, int opcode, Socket socket) noexcept;
  /// Asks the kernel to end the request with `target`, which then completes, cancelled or not.
  void cancel(std::uint64_t target) noexcept;
  Socket adopt(Descriptor socket) noexcept;
  void forget(Socket socket);

  void enqueue(UringStream& stream) { ready_.push(token(Tag::receive, &stream)); }
  void enqueue(UringListener& listener) { ready_.push(token(Tag::accept, &listener)); }
  /// Counts kernel entries that wait: what was requested in an earlier turn has been begun, and what failed at its
  /// beginning is in the completion queue before anything that the socket received since.
  [[nodiscard]] std::uint32_t turn() const noexcept { return turn_; }

  /// How many receives someone waits for: what a busy turn may gather some of.
  void await_one() noexcept { ++awaited_; }
  void await_one_less() noexcept { --awaited_; }

  /// A closed stream or listener that waits for its last completion; it says so when that has come.
  void keep_until_complete(UringStream& stream);
  void keep_until_complete(UringListener& listener) { closing_listeners_.push_back(&listener); }
  void complete_at_last(UringStream& stream);
  void complete_at_last(UringListener& listener);
  [[nodiscard]] UringBuffers& buffers() noexcept { return buffers_; }

 private:
  explicit UringReactor(std::unique_ptr<UringRing> ring) : ring_(std::move(ring)) {}

  void enter() override;
  void wait_and_handle(std::optional<TimePoint> until) override;
  void handle_ready() override;
  [[nodiscard]] bool has_ready() const noexcept override { return !ready_.empty(); }
  void register_files() noexcept;
  void watch_wake_descriptor() noexcept;
  void handle(const io_uring_cqe& cqe);
  void handle_all(unsigned count);

  /// So many requests go to the kernel in mid-turn, so that the peer can work while we do.
  static constexpr unsigned kSubmitBatch = 32;

  std::unique_ptr<UringRing> ring_;
  UringBuffers buffers_;
  bool watching_wake_ = false;
  std::vector<int> free_slots_;
  ReadyQueue<std::uint64_t> ready_;
  std::vector<UringStream*> closing_;
  std::vector<UringListener*> closing_listeners_;
  Gathering gathering_;
  std::size_t awaited_ = 0;
  std::uint32_t turn_ = 0;
};

}  // namespace vajrapulse::runtime
