#pragma once

#include <atomic>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "event_queue.hpp"
#include "vajrapulse/base/random.hpp"
#include "vajrapulse/runtime/address.hpp"
#include "vajrapulse/runtime/simulated/world.hpp"

namespace vajrapulse::runtime::simulated {

class Acceptor;

/// What everything in a World shares: the clock, the events to come, the weather, who listens where.
class Room final : public Clock {
 public:
  Room(std::uint64_t seed, const Weather& weather);

  [[nodiscard]] TimePoint now() const noexcept override;
  [[nodiscard]] WallTime wall_now() const noexcept override { return wall_at(now()); }
  [[nodiscard]] WallTime wall_at(TimePoint time) const noexcept;
  Duration calendar_step{};

  void schedule(TimePoint when, Target& target, std::uint32_t what, std::uint32_t amount = 0) {
    queue_.push(std::max(when, now()), target, what, amount);
  }
  /// Handles the next event, when it is due by `limit`.
  bool step(TimePoint limit);
  void move_to(TimePoint time) noexcept;
  /// Forgets all that was to come.
  void end() { queue_.clear(); }
  [[nodiscard]] std::uint64_t events() const noexcept { return events_; }
  [[nodiscard]] std::uint64_t trace() const noexcept { return trace_; }
  /// One more event, as part of what distinguishes this run from others.
  void note(TimePoint when, std::uint64_t what) noexcept;

  // Weather
  Weather weather;
  Random random;
  Duration latency();
  /// When something that leaves at `from` arrives, retransmissions included.
  TimePoint arrival(TimePoint from);
  bool chance(double probability) { return probability > 0 && random.uniform() < probability; }

  // Addresses
  Acceptor* listening_at(const Address& address);
  void add_listener(const Address& address, Acceptor& acceptor);
  void remove_listener(const Address& address);
  /// A free port where `address` asks for one.
  Address bound(Address address);
  /// The near end of a connection to `to`.
  Address ephemeral(const Address& to);
  std::map<std::string, ErrorKind> broken;
  std::size_t connections = 0;
  std::map<std::string, std::vector<Address>, std::less<>> names;

  // Reactors
  std::vector<Ref<SimReactor>> reactors;
  /// The one whose turn it is.
  SimReactor* current = nullptr;
  /// Set by `post`, from any thread: some reactor has messages.
  std::atomic<bool> posted = false;
  std::atomic<std::thread::id> thread;

 private:
  void distribute_messages();

  std::atomic<Duration::rep> now_ns_;
  EventQueue queue_;
  std::uint64_t events_ = 0;
  std::uint64_t trace_;
  std::map<std::string, Acceptor*> listeners_;
  std::uint16_t next_port_ = 32768;
};

}  // namespace vajrapulse::runtime::simulated
