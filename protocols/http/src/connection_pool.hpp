#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "vajrapulse/base/clock.hpp"
#include "vajrapulse/base/error.hpp"
#include "vajrapulse/http/url.hpp"
#include "vajrapulse/runtime/address.hpp"
#include "vajrapulse/runtime/operation.hpp"
#include "vajrapulse/runtime/reactor.hpp"
#include "vajrapulse/runtime/stream.hpp"
#include "vajrapulse/runtime/tls.hpp"

namespace vajrapulse::http {

/// One connection to an origin; whoever holds it is the only one who uses it.
struct Connection {
  std::unique_ptr<runtime::Stream> stream;
  runtime::TlsStream* tls = nullptr;  ///< the same stream, when it is one
  bool used = false;                  ///< has carried a response: another may find it closed
};

/// Someone in a queue of the client, in place: no allocation. Woken from the reactor's loop.
class Waiter : public runtime::Operation {
 public:
  [[nodiscard]] bool queued() const noexcept { return queue_ != nullptr; }
  /// What was handed over; nothing: leave to open a connection of one's own.
  std::unique_ptr<Connection> connection;
  /// When that would have come free, had the generator never been late; nothing when nobody had it before.
  std::optional<TimePoint> free;

 private:
  friend class WaiterQueue;
  class WaiterQueue* queue_ = nullptr;
  Waiter* next_ = nullptr;
  Waiter* previous_ = nullptr;
};

/// First come, first served; leaving from the middle is O(1).
class WaiterQueue {
 public:
  void push(Waiter& waiter) noexcept;
  Waiter* pop() noexcept;
  static void leave(Waiter& waiter) noexcept;
  [[nodiscard]] std::size_t size() const noexcept { return size_; }

 private:
  Waiter* first_ = nullptr;
  Waiter* last_ = nullptr;
  std::size_t size_ = 0;
};

/// How many connections all origins of a client have, for its gauges.
struct PoolCounts {
  std::size_t active = 0;  ///< in use or being opened
  std::size_t idle = 0;
  std::size_t waiting = 0;
};

/// The connections to one origin: idle ones are reused last in, first out, so that few stay warm and the others can
/// be closed by the server.
class Origin {
 public:
  Origin(Url url, std::size_t limit, PoolCounts& counts) : url_(std::move(url)), limit_(limit), counts_(counts) {}

  [[nodiscard]] const Url& url() const noexcept { return url_; }

  /// An idle connection that is fit for use, or null. What has been closed meanwhile is let go.
  std::unique_ptr<Connection> take_idle();
  /// Takes leave to open a connection; false when as many as allowed are there, or many enough are being opened.
  bool take_slot(const runtime::Reactor& reactor) noexcept;
  /// As many connections are there as the user allows: whoever waits now, waits for that.
  [[nodiscard]] bool at_limit() const noexcept { return limit_ > 0 && open_ >= limit_; }
  /// How long a line is watched before it is judged.
  static constexpr Duration kWatch = std::chrono::milliseconds(10);
  /// Since when more wait than connections that come free will serve within `kWatch`. Nothing: it was not so when it
  /// was last looked at.
  [[nodiscard]] std::optional<TimePoint> short_since() const noexcept { return short_since_; }
  void begin_opening() noexcept { ++opening_; }
  /// The attempt at a connection ended: the next in the queue may try.
  void end_opening(runtime::Reactor& reactor) noexcept;
  void wait(Waiter& waiter) noexcept;
  void leave(Waiter& waiter) noexcept;

  [[nodiscard]] bool has_line() const noexcept { return queue_.size() > 0; }
  /// Gives a connection back: to who waits first, or to the idle ones. `free`: when that would have been, had the
  /// generator never been late; matters only to who waits.
  void give_back(std::unique_ptr<Connection> connection, runtime::Reactor& reactor, TimePoint free);
  /// Says that a connection (or the attempt at one) is no more.
  void free_slot(runtime::Reactor& reactor, TimePoint free) noexcept;
  void close_idle() noexcept;

  /// Where to connect without asking a resolver: a numeric host, a pin, a Unix socket.
  std::optional<runtime::Address> fixed;
  // One question at a time for all who need its answer.
  bool resolving = false;
  Expected<std::vector<runtime::Address>> addresses;
  WaiterQueue resolve_queue;

 private:
  /// So many at once are opened, or a quarter of what is open already, if that is more. After a pause of ours or the
  /// server's, opening a connection for each arrival that piled up would take the time that is needed to catch up; the
  /// connections in use come free sooner.
  static constexpr std::size_t kOpening = 32;
  /// With so many open, a shard that is itself what everything waits for opens no more. Others do when none has been
  /// given back for `kWatch`; and, e-fold in `kGrowth`, when the waiting line would take longer than `kWatch` at the
  /// pace at which connections came back during the last `kWatch`: then it is the target's latency that wants more of
  /// them. What piled up during a pause before a fast target is worked off sooner by the connections there are than by
  /// more of them (docs/performance.md has the figures).
  static constexpr std::size_t kMany = 256;
  static constexpr Duration kGrowth = std::chrono::milliseconds(20);

  [[nodiscard]] bool may_open(const runtime::Reactor& reactor) noexcept;
  void watch_line(TimePoint now) noexcept;
  void take_one(TimePoint now) noexcept;
  Waiter* pop_waiter() noexcept;

  Url url_;
  std::size_t limit_;
  PoolCounts& counts_;
  std::size_t open_ = 0;                  // idle, in use, being opened
  std::size_t opening_ = 0;               // being opened
  TimePoint last_slot_{};                 // when a slot was taken
  TimePoint last_back_{};                 // when a connection was given back
  TimePoint watched_at_{};                // when the line was looked at
  std::size_t returned_ = 0;              // connections given back since then
  std::optional<TimePoint> short_since_;  // since when the line would have taken longer than kWatch
  std::vector<std::unique_ptr<Connection>> idle_;
  WaiterQueue queue_;
};

}  // namespace vajrapulse::http
