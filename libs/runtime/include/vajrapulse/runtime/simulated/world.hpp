#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "vajrapulse/runtime/reactor.hpp"

namespace vajrapulse::runtime::simulated {

/// How the simulated network behaves. Every choice is drawn from the world's seed.
struct Weather {
  Duration latency_min = std::chrono::microseconds(50);  ///< one way
  Duration latency_max = std::chrono::microseconds(50);
  double loss = 0;  ///< probability that a segment needs a retransmission (adds `retransmit_after`)
  Duration retransmit_after = std::chrono::milliseconds(200);
  double reset_on_connect = 0;            ///< probability that an accepted connection is reset at once
  double reset_per_segment = 0;           ///< probability that delivering a segment resets the connection instead
  std::size_t segment_max = 64 * 1024;    ///< sends are cut into segments of 1..segment_max bytes when partial is set
  bool partial = false;                   ///< deliver in pieces of random size
  Duration turn_cost{0};                  ///< virtual time that handling one event takes on a shard
  std::size_t window_bytes = 256 * 1024;  ///< sent and not yet received, per direction; for new connections
};

/// A virtual machine room: one clock, one network, any number of reactors ("shards" and servers), one
/// thread. Time moves only when nothing is left to do now, straight to the next event; the same seed gives
/// the same run, event for event. Time begins at one hour, the calendar at 2026-01-01T00:00:00Z.
///
/// Streams and listeners must be gone before their world; an `abort` of those that wait, and a `run`, lets
/// their coroutines end. Timers are armed from the reactor's own turns, or while the world does not run.
///
/// Example:
///   World world{7};
///   Reactor& server = world.reactor("server");
///   Reactor& client = world.reactor("client");
///   spawn(serve(server));
///   spawn(ask(client, answered));
///   ASSERT_TRUE(world.run_until([&] { return answered; }));
class World {
 public:
  explicit World(std::uint64_t seed, Weather weather = {});
  ~World();

  /// A new reactor of this world, living as long as it. Its `run` drives the whole world until its `stop`.
  Reactor& reactor(std::string_view label = "shard");
  [[nodiscard]] const Clock& clock() const;
  void set_weather(const Weather& weather);
  /// Faults of the machine itself: makes `reactor` deaf (no turn runs) for `duration` from now, as a host
  /// that takes the CPU away does.
  void freeze(Reactor& reactor, Duration duration);
  /// From now on every event that `reactor` handles takes this much longer: a shard with more to do than it can.
  void burden(Reactor& reactor, Duration each_event);
  /// In a turn of `reactor`: computes for `duration` without waiting, so that all else there has to wait.
  void compute(Reactor& reactor, Duration duration);
  /// What the thread of `reactor` would read in /proc: time on its processor, time kept from it by `freeze`.
  struct Usage {
    Duration busy, frozen;
  };
  [[nodiscard]] Usage usage(const Reactor& reactor) const;
  /// The calendar jumps, as when somebody sets the clock; time goes on as before.
  void step_calendar(Duration by);
  /// From now on connects to `address` end in `kind` (`timeout`: never answer; no kind: it is well again).
  void break_address(const Address& address, ErrorKind kind);
  /// Names: what the simulated resolver answers.
  void name(std::string_view host, std::vector<Address> addresses);

  /// Runs until nothing is pending or `until` (virtual) is reached. Returns events handled.
  std::uint64_t run(TimePoint until = TimePoint::max());
  /// Runs until `done` returns true; false when the world ran dry first.
  bool run_until(const std::function<bool()>& done);
  /// How many connections there are, of which at least one end is still in somebody's hands or under way.
  [[nodiscard]] std::size_t connections() const;
  /// What has happened so far, as one number: equal for equal runs.
  [[nodiscard]] std::uint64_t trace() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace vajrapulse::runtime::simulated
