#pragma once

#include <sys/epoll.h>

#include <array>
#include <cstdint>
#include <memory>
#include <unordered_map>
#include <vector>

#include "loop.hpp"
#include "ready_queue.hpp"
#include "receive_buffers.hpp"
#include "socket.hpp"

namespace vajrapulse::runtime {

class EpollStream;
class EpollListener;

/// The reactor for kernels without a usable io_uring: edge-triggered epoll.
///
/// Each descriptor is registered once, for both directions; a send is tried at once, a receive only when the
/// kernel has said that something is there. So an exchange costs one send, one receive and its part of an
/// epoll_wait.
class EpollReactor final : public Loop {
 public:
  /// How it sleeps for less than a millisecond: epoll_pwait2 where there is one (Linux 5.11), else a timerfd.
  enum class Sleep { epoll_pwait2, timer_descriptor };
  static Expected<std::unique_ptr<Reactor>> make(Sleep sleep = Sleep::epoll_pwait2);
  ~EpollReactor() override;

  [[nodiscard]] std::string_view name() const noexcept override { return "epoll"; }
  bool start_connect(ConnectOp& op) override;
  void abort_connect(ConnectOp& op, ErrorKind why) override;
  Expected<std::unique_ptr<Listener>> listen(const Address& address) override;
  bool start_poll(PollOp& op) override;
  void cancel_poll(PollOp& op) override;

  // For streams and listeners:
  /// What an event or a queued item belongs to; in the low bits of a pointer, or above them a descriptor.
  enum class Tag : std::uint64_t { stream, listener, poll, wake, timer };

  /// 0, or the errno.
  int watch(int fd, std::uint32_t events, std::uint64_t token) noexcept;
  void enqueue(EpollStream& stream) { ready_.push(token(Tag::stream, &stream)); }
  void enqueue(EpollListener& listener) { ready_.push(token(Tag::listener, &listener)); }
  /// Frees the memory when nothing can name it any more.
  void bury(EpollStream& stream) { buried_.push_back(token(Tag::stream, &stream)); }
  void bury(EpollListener& listener) { buried_.push_back(token(Tag::listener, &listener)); }
  [[nodiscard]] ReceiveBuffers& buffers() noexcept { return buffers_; }

  static std::uint64_t token(Tag tag, const void* object) noexcept {
    return reinterpret_cast<std::uint64_t>(object) | static_cast<std::uint64_t>(tag);
  }

 private:
  /// Who waits for a descriptor of someone else's library.
  struct Watch {
    std::vector<PollOp*> ops;
  };

  EpollReactor(Descriptor epoll, Sleep sleep);

  void wait_and_handle(std::optional<TimePoint> until) override;
  void handle_ready() override;
  [[nodiscard]] bool has_ready() const noexcept override { return !ready_.empty(); }

  int wait(std::optional<TimePoint> until) noexcept;
  int wait_with_timer_descriptor(TimePoint until) noexcept;
  void handle(std::uint64_t token, std::uint32_t events);
  void handle_poll(int fd, std::uint32_t events);
  /// 0, or the errno.
  int rearm_poll(int fd, const Watch& watch, int how) noexcept;
  void free_buried();

  static constexpr int kEventsPerTurn = 256;

  Descriptor epoll_;
  Descriptor timer_;  ///< only for Sleep::timer_descriptor
  Sleep sleep_;
  ReadyQueue<std::uint64_t> ready_;
  std::vector<std::uint64_t> buried_;
  std::unordered_map<int, Watch> watches_;
  ReceiveBuffers buffers_;
  std::array<epoll_event, kEventsPerTurn> events_;
};

}  // namespace vajrapulse::runtime
