#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "load.hpp"
#include "rota.hpp"
#include "vajrapulse/base/random.hpp"
#include "vajrapulse/engine/scenario.hpp"

namespace vajrapulse::engine {

/// Users on this shard, each starting its next iteration when its last one ended and it has thought, or at its next
/// turn of the pacing. Paced users begin spread evenly over one pacing, so that they make no bursts.
class ClosedLoad final : public Load {
 public:
  /// Who is there in one window.
  struct Plan {
    Population population;
    std::optional<std::uint64_t> iterations;  ///< that this shard may start
    std::uint64_t think_seed = 0;
  };
  ClosedLoad(Launcher& launcher, ShardShare share, const ClosedModel& model);

  /// To be called before `enter`.
  void plan(Plan plan) { plan_ = std::move(plan); }
  /// How many iterations a second the pacing asks for, of this shard's users; 0 without one.
  [[nodiscard]] double rate(TimePoint now) const;

  void enter(const Window& window) override;
  void steer(const Course& course) override;
  void dispatch() override;
  std::optional<Start> next(const Start& landed, TimePoint free) override;
  void close(Ending ending) override;
  void drop(Waiting which) override;
  [[nodiscard]] bool exhausted() const override;
  void settle() override;

 private:
  /// One user; while idle, its timer says when it begins.
  struct User : runtime::Timer {
    User(ClosedLoad& of, std::uint64_t number) : Timer(&begin), load(of), id(number) {}
    static void begin(Timer& timer) { static_cast<User&>(timer).load.begin(static_cast<User&>(timer)); }
    ClosedLoad& load;
    std::uint64_t id;
    std::uint64_t turns = 0;  ///< taken in this window
    std::uint64_t owed = 0;   ///< taken in the window before
    TimePoint ready;          ///< has thought
    TimePoint until;          ///< may begin before this without another look
    bool busy = false;
  };
  /// One window, and what was begun in it.
  struct Round {
    Rota rota;
    Plan plan;
    bool open = true;                   ///< new turns may become due
    std::optional<TimePoint> last_due;  ///< after closing: turns due before this may still be taken
    std::uint64_t started = 0;
    std::uint64_t lost = 0;  ///< due, and missed or dropped
    [[nodiscard]] bool may_start() const noexcept { return !plan.iterations || started + lost < *plan.iterations; }
  };
  using Turns = std::uint64_t User::*;

  [[nodiscard]] bool paced() const noexcept { return model_.pacing > Duration::zero(); }
  [[nodiscard]] bool thinks() const noexcept { return model_.think.most > Duration::zero(); }
  [[nodiscard]] bool deserted() const;
  [[nodiscard]] bool waits(const Round& round, Turns taken) const;
  void make_users(std::uint64_t most);
  void begin(User& user);
  void arm(User& user);
  Start start(Round& round, User& user, const StartTimes& times);
  std::optional<Start> take_turn(Round& round, Turns taken, User& user, TimePoint free);
  std::optional<Start> go_on(User& user, TimePoint now);
  Duration think(const User& user) const;
  void settle(Round& round, Turns taken);
  void drop(Round& round, Turns taken);

  Launcher& launcher_;
  runtime::Reactor& reactor_;
  ShardShare share_;
  ClosedModel model_;
  Plan plan_{.population = Population::level(0), .iterations = {}};
  std::optional<Round> round_;
  std::optional<Round> earlier_;  ///< paced: the window before, while turns of it wait for their users
  std::vector<std::unique_ptr<User>> users_;
};

}  // namespace vajrapulse::engine
