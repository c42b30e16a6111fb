#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "load.hpp"
#include "vajrapulse/engine/scenario.hpp"

namespace vajrapulse::engine {

/// Users on this shard, each starting its next iteration when its last one ended, or at its next multiple of
/// the pacing. Paced users begin spread evenly over one pacing, so that they make no bursts.
class ClosedLoad final : public Load {
 public:
  ClosedLoad(Launcher& launcher, ShardShare share, const ClosedModel& model);

  /// To be called before `enter`: how many iterations this shard may start in the next window.
  void allow(std::optional<std::uint64_t> iterations) { allowance_ = iterations; }

  void enter(const Window& window) override;
  void steer(const Course& course) override;
  void dispatch() override;
  std::optional<Start> next(const Start& landed) override;
  void close(Ending ending) override;
  void drop_waiting() override;
  [[nodiscard]] bool exhausted() const override;
  void settle() override;

 private:
  /// One user; while idle, its timer says when it begins.
  struct User : runtime::Timer {
    User() : Timer(&begin) {}
    static void begin(Timer& timer);
    ClosedLoad* load = nullptr;
    std::uint64_t id = 0;
    std::uint64_t turns = 0;  ///< taken in this window
    bool busy = false;
  };
  [[nodiscard]] bool paced() const noexcept { return model_.pacing > Duration::zero(); }
  [[nodiscard]] bool may_start() const noexcept { return !allowance_ || started_ + lost_ < *allowance_; }
  [[nodiscard]] TimePoint turn_of(const User& user, std::uint64_t turn) const noexcept;
  [[nodiscard]] std::uint64_t turns_before(const User& user, TimePoint time) const noexcept;
  std::optional<Start> take_turn(User& user, TimePoint now);
  void begin(User& user);
  void arm(User& user);

  Launcher& launcher_;
  runtime::Reactor& reactor_;
  ShardShare share_;
  ClosedModel model_;
  std::optional<std::uint64_t> allowance_;
  Window window_;
  Pauses pauses_;                      ///< of this window
  bool open_ = false;                  ///< new turns may become due
  std::optional<TimePoint> last_due_;  ///< after closing: turns due before this may still be taken
  std::uint64_t started_ = 0;          ///< in this window
  std::uint64_t lost_ = 0;             ///< due in this window, and missed or dropped
  std::vector<std::unique_ptr<User>> users_;
};

}  // namespace vajrapulse::engine
