#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "vajrapulse/base/random.hpp"
#include "vajrapulse/http/server.hpp"

namespace vajrapulse::http {

/// How long the demo server thinks before it answers.
struct LatencyModel {
  enum class Shape { none, fixed, exponential, normal };
  Shape shape = Shape::none;
  Duration mean{};
  Duration deviation{};  ///< normal only

  /// One draw; never negative.
  [[nodiscard]] Duration draw(Random& random) const noexcept;
};

/// "5ms", "exp:5ms", "normal:5ms,1ms".
Expected<LatencyModel> parse_latency(std::string_view text);

/// Every `every`, counted from the server's start, all answers are held for `length`.
struct Stall {
  TimePoint origin;
  Duration every{};  ///< zero: never
  Duration length{};

  /// When an answer that is due at `due` leaves: itself, or the end of the stall that it falls into. The
  /// n-th stall (n = 1, 2, …) is [origin + n·every, origin + n·every + length).
  [[nodiscard]] TimePoint release(TimePoint due) const noexcept;
  /// When the first stall ends that has not ended by `now`.
  [[nodiscard]] TimePoint next_end(TimePoint now) const noexcept;
};

/// At most so many requests are served at once, the others wait in the order in which they came. With a fixed latency
/// the capacity is exactly slots / latency.
///
/// When each slot is free again is all there is to know (Kiefer and Wolfowitz, 1955): a request that comes to a busy
/// server begins at the instant at which the earliest slot is free, not when a timer got round to it, so nothing
/// of the capacity is lost. A client that leaves does not free its slot.
class Slots {
 public:
  explicit Slots(std::size_t count) : free_at_(count) {}
  /// When a request that came at `arrival` and takes `service` is answered. In the order of arrivals.
  TimePoint serve(TimePoint arrival, Duration service);

 private:
  std::vector<TimePoint> free_at_;  ///< a heap, the earliest in front
};

/// A stall as it was, on the clock of the server's reactor (CLOCK_MONOTONIC on real sockets).
struct StallRecord {
  TimePoint begin;         ///< what was due from here on was held: exact, whatever the host did
  TimePoint end;           ///< when the server came to let go; as late as its timer was
  std::uint64_t held = 0;  ///< answers
};

/// The stalls that have ended, the newest 65,536.
class StallLog {
 public:
  explicit StallLog(Duration length) : length_(length) {}
  /// The stall that was to end at `due` has; only the first to say so gives its end.
  void ended(TimePoint due, TimePoint now);
  /// The same, said by an answer that was held.
  void released(TimePoint due, TimePoint now);
  [[nodiscard]] const std::deque<StallRecord>& records() const noexcept { return records_; }

 private:
  Duration length_;
  std::deque<StallRecord> records_;
};

struct DemoSettings {
  runtime::Address listen = *runtime::Address::ip("127.0.0.1", 0);
  bool tls = false;
  std::string certificate_file;  ///< empty: a self-signed one for localhost is made at start
  std::string key_file;
  LatencyModel latency;
  std::size_t slots = 0;  ///< requests served at once; 0: no limit
  double error_rate = 0;  ///< share of answers that are a 500, in [0, 1]
  Duration stall_every{};
  Duration stall_for{};
  std::size_t body_bytes = 0;     ///< of "/"; 0: a small JSON greeting
  std::uint64_t close_after = 0;  ///< requests a connection; 0: no limit
  std::uint64_t seed = 1;         ///< same seed, same latencies, errors and tokens in the order of requests
  ServerSettings server;          ///< limits and time-outs; `tls` and `requests_per_connection` come from above
};

/// Says in one sentence what cannot be.
Status check(const DemoSettings& settings);

/// The server that `vajrapulse demo-server` runs: a target whose behaviour is known exactly, with counts of
/// its own to hold a client's against. `GET /` with `accept: text/html` lists its endpoints.
///
/// For plans it is a small shop as well: POST /login (every user's password is "secret-" and the user's name), a JSON
/// API of products, carts and orders, pages with a form, an XML catalog, cookies, a rate limit, an endpoint that gets
/// slower under load. All it remembers is the newest 10,000 carts and 10,000 orders; log-ins it does not remember at
/// all: their tokens are checksums under the seed.
class DemoServer {
 public:
  DemoServer(runtime::Reactor& reactor, DemoSettings settings);
  ~DemoServer();

  Status start();
  /// Takes no more connections, lets what is in flight end for at most `grace`.
  runtime::Co<void> stop(Duration grace);

  [[nodiscard]] const runtime::Address& address() const noexcept;
  /// "http://127.0.0.1:8080/"
  [[nodiscard]] std::string url() const;
  [[nodiscard]] const ServerCounts& counts() const noexcept;
  /// Requests to an endpoint by its first segment: "", "status", "delay", …; "other" for unknown paths.
  [[nodiscard]] std::uint64_t requests_to(std::string_view endpoint) const noexcept;
  /// When each stall really began and ended, in order: what a client's percentiles are to be held against. The
  /// endpoint /stalls says the same.
  [[nodiscard]] std::vector<StallRecord> stalls() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace vajrapulse::http
