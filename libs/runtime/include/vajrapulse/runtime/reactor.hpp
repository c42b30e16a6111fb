#pragma once

#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "vajrapulse/base/clock.hpp"
#include "vajrapulse/runtime/address.hpp"
#include "vajrapulse/runtime/operation.hpp"
#include "vajrapulse/runtime/stream.hpp"
#include "vajrapulse/runtime/timers.hpp"

namespace vajrapulse::runtime {

class Resolver;

class ConnectOp : public Operation {
 public:
  Address address;
  IoResult result;
  std::unique_ptr<Stream> stream;
};

/// Waits until a descriptor of someone else's library (c-ares, libpq, signalfd) is ready.
class PollOp : public Operation {
 public:
  int fd = -1;
  short events = 0;  ///< POLLIN, POLLOUT
  short ready = 0;
  IoResult result;
};

/// What a reactor turn cost, and how often it turned: the bound on the error of every completion stamp.
class TurnObserver {
 public:
  virtual ~TurnObserver() = default;
  /// Called at the end of each turn that did work: time from the kernel's return to the last event handled.
  virtual void on_turn(Duration busy) noexcept = 0;
};

/// One shard's event loop: sockets, timers, messages from other threads. Everything but `post` and `stop`
/// belongs to the thread that calls `run`.
///
/// Three stand behind this interface: io_uring, epoll, and the simulated one, whose time is virtual and
/// whose network is made from a seed.
class Reactor : public Clock {
 public:
  ~Reactor() override = default;

  /// "io_uring", "epoll" or "simulated".
  [[nodiscard]] virtual std::string_view name() const noexcept = 0;

  /// When the event being handled was seen (one clock reading per event): the stamp for completions.
  [[nodiscard]] TimePoint event_time() const noexcept { return event_time_; }

  /// Begins a connection to `op.address` (TCP_NODELAY set); true when complete already.
  virtual bool start_connect(ConnectOp& op) = 0;
  /// Gives up a pending connect: it completes with `why` in the next turn at the latest.
  virtual void abort_connect(ConnectOp& op, ErrorKind why) = 0;
  virtual Expected<std::unique_ptr<Listener>> listen(const Address& address) = 0;
  virtual bool start_poll(PollOp& op) = 0;
  virtual void cancel_poll(PollOp& op) = 0;

  [[nodiscard]] virtual Resolver& resolver() = 0;
  [[nodiscard]] TimerWheel& timers() noexcept { return timers_; }

  /// Completes `op` from the loop, later in this turn or at the start of the next, not inside this call.
  virtual void defer(Operation& op) = 0;

  /// Runs `message` on the reactor's thread. Any thread; wakes the loop. Messages of one thread stay in order.
  virtual void post(std::move_only_function<void()> message) = 0;

  /// Turns until `stop`. Real reactors only; the simulated ones are driven by their World.
  virtual void run() = 0;
  /// Ends `run` after the current turn. Any thread.
  virtual void stop() = 0;

  /// Since when every turn has had work, if that is 10 ms or more: what has waited since, waits for this thread.
  [[nodiscard]] virtual std::optional<TimePoint> saturated_since() const noexcept { return {}; }

  /// From now on `observer` hears of every turn with work in it, beside the others; not from within `on_turn`.
  void observe_turns(TurnObserver& observer) { turn_observers_.push_back(&observer); }
  void forget_turns(const TurnObserver& observer) noexcept { std::erase(turn_observers_, &observer); }

  // For coroutines:
  struct SleepAwaiter : Timer {
    SleepAwaiter(Reactor& r, TimePoint d) : Timer(&wake), reactor(r), until(d) {}
    static void wake(Timer& t) { static_cast<SleepAwaiter&>(t).waiter.resume(); }
    static constexpr bool await_ready() noexcept { return false; }
    void await_suspend(std::coroutine_handle<> h) {
      waiter = h;
      reactor.timers().arm(*this, until);
    }
    static constexpr void await_resume() noexcept {}
    Reactor& reactor;
    TimePoint until;
    std::coroutine_handle<> waiter;
  };
  /// `co_await reactor.sleep_until(t)`: never early. Iteration::sleep is the one that can be cancelled.
  SleepAwaiter sleep_until(TimePoint due) { return SleepAwaiter{*this, due}; }
  SleepAwaiter sleep_for(Duration duration) { return SleepAwaiter{*this, now() + duration}; }

  struct Connected {
    IoResult result;
    std::unique_ptr<Stream> stream;
  };
  struct ConnectAwaiter : ConnectOp {
    ConnectAwaiter(Reactor& r, const Address& to) : reactor(r) { address = to; }
    Reactor& reactor;
    bool await_ready() { return reactor.start_connect(*this); }
    void await_suspend(std::coroutine_handle<> h) noexcept { resume_with(h); }
    Connected await_resume() noexcept { return {result, std::move(stream)}; }
  };
  /// One attempt at one address, without a time-out; `connect_any` (connect.hpp) is what clients use.
  ConnectAwaiter connect(const Address& to) { return ConnectAwaiter{*this, to}; }

 protected:
  explicit Reactor(TimePoint start) noexcept : timers_(start), event_time_(start) {}
  TimerWheel timers_;
  TimePoint event_time_;
  std::vector<TurnObserver*> turn_observers_;
};

}  // namespace vajrapulse::runtime
