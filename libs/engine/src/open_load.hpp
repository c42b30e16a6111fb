#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

#include "load.hpp"
#include "vajrapulse/engine/arrivals.hpp"
#include "vajrapulse/engine/scenario.hpp"
#include "waiting_line.hpp"

namespace vajrapulse::engine {

/// Arrivals on this shard, fixed in advance: each starts when it is due, waits for a slot, or is dropped.
class OpenLoad final : public Load {
 public:
  /// What is due in one phase.
  struct Plan {
    std::shared_ptr<const LoadPattern> pattern;
    Arrivals::Settings arrivals;
  };
  struct Limit {
    std::uint64_t slots;
    OnLimit on_limit;
    Duration slack{};
  };
  OpenLoad(Launcher& launcher, ShardShare share, Limit limit);

  /// To be called before `enter`: what the next window's arrivals are.
  void plan(Plan plan) { plan_ = std::move(plan); }

  void enter(const Window& window) override;
  void steer(const Course& course) override;
  void dispatch() override;
  std::optional<Start> next(const Start& landed, TimePoint free) override;
  void close(Ending ending) override;
  void drop(Waiting which) override;
  [[nodiscard]] Duration apart() const override;
  [[nodiscard]] bool exhausted() const override;

 private:
  struct Alarm : runtime::Timer {
    explicit Alarm(OpenLoad& of) : Timer(&ring), owner(of) {}
    static void ring(Timer& timer) { static_cast<Alarm&>(timer).owner.dispatch(); }
    OpenLoad& owner;
  };
  /// Who still waits of the window before.
  struct Leftover {
    Window window;
    std::shared_ptr<const LoadPattern> pattern;
    WaitingLine line;
  };
  void draw();
  std::optional<Start> admit(const Window& window, WaitingLine& line, TimePoint free);
  void drop(const Window& window, WaitingLine& line);
  void reach(TimePoint now);
  void arm();
  [[nodiscard]] TimePoint wake_for(TimePoint due) const;

  Launcher& launcher_;
  runtime::Reactor& reactor_;
  ShardShare share_;
  Limit limit_;
  Plan plan_{};
  Window window_;
  std::optional<Arrivals> arrivals_;
  std::optional<TimePoint> due_;  ///< the next arrival, drawn and not reached
  WaitingLine line_;
  std::shared_ptr<const LoadPattern> pattern_;  ///< of this window
  std::optional<Leftover> earlier_;
  std::uint64_t busy_ = 0;  ///< slots in use, by iterations of any phase
  Alarm alarm_{*this};
};

}  // namespace vajrapulse::engine
