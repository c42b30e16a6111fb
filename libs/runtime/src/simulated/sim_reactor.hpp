#pragma once

#include <atomic>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "../saturation.hpp"
#include "event_queue.hpp"
#include "vajrapulse/runtime/reactor.hpp"
#include "vajrapulse/runtime/resolver.hpp"
#include "vajrapulse/runtime/simulated/world.hpp"

namespace vajrapulse::runtime::simulated {

class Room;
class Dial;

/// A shard in a World. Reactors work in parallel: each has its own time, which runs ahead of the World's
/// while it handles what costs time; what reaches it meanwhile waits in its inbox.
class SimReactor final : public Reactor, public Target {
 public:
  SimReactor(Room& room, std::uint32_t index);
  ~SimReactor() override;

  [[nodiscard]] std::string_view name() const noexcept override { return "simulated"; }
  [[nodiscard]] TimePoint now() const noexcept override;
  [[nodiscard]] WallTime wall_now() const noexcept override;
  bool start_connect(ConnectOp& op) override;
  void abort_connect(ConnectOp& op, ErrorKind why) override;
  Expected<std::unique_ptr<Listener>> listen(const Address& address) override;
  bool start_poll(PollOp& op) override;
  void cancel_poll(PollOp&) override {}
  [[nodiscard]] Resolver& resolver() override { return *resolver_; }
  void defer(Operation& op) override;
  void post(std::move_only_function<void()> message) override;
  /// Drives the whole World until `stop`.
  void run() override;
  [[nodiscard]] std::optional<TimePoint> saturated_since() const noexcept override { return saturation_.since(); }
  void stop() override { stopping_.store(true, std::memory_order_release); }

  [[nodiscard]] SimReactor* owner(std::uint32_t) noexcept override { return nullptr; }
  void on_event(const Event& event) override;

  /// An event for something that lives here: handled now, or when this reactor gets to it.
  void deliver(const Event& event);
  void freeze(Duration duration) noexcept;
  void burden(Duration each_event) noexcept { burden_ = each_event; }
  void compute(Duration duration) noexcept;
  [[nodiscard]] World::Usage usage() const noexcept { return usage_; }
  /// Looks again for what may be due: timers armed from outside a turn.
  void check_timers();
  void wake_for_messages();
  void forget(ConnectOp& op);

 private:
  struct Message {
    TimePoint due;
    std::move_only_function<void()> call;
  };

  void wake_at(TimePoint when);
  void turn();
  void handle_inbox();
  void fire_timers();
  void complete_deferred();
  void deliver_messages();
  void arrange_next_turn();
  void begin_event() noexcept;
  void charge(std::size_t events) noexcept;
  void pass(Duration duration) noexcept;
  [[nodiscard]] TimePoint local() const noexcept;
  [[nodiscard]] TimePoint ready_at() const noexcept { return std::max(local(), frozen_until_); }

  Room& room_;
  std::uint32_t index_;
  std::atomic<Duration::rep> local_ns_;
  TimePoint frozen_until_;
  Duration burden_{};
  World::Usage usage_{};
  TimePoint wake_ = TimePoint::max();  ///< the earliest turn scheduled
  TimePoint soonest_;                  ///< when this reactor may next wake itself
  Saturation saturation_;
  bool worked_ = false;
  std::atomic<bool> stopping_ = false;
  std::deque<Event> inbox_;
  std::vector<Operation*> deferred_;
  std::vector<Operation*> completing_;
  std::unordered_map<ConnectOp*, Ref<Dial>> dials_;  ///< looked up, never walked: its order is no part of a run
  std::unique_ptr<Resolver> resolver_;
  std::mutex messages_mutex_;
  std::deque<Message> messages_;
  std::vector<Message> delivering_;
};

}  // namespace vajrapulse::runtime::simulated
