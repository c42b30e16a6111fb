#pragma once

#include <cstdint>

#include "course.hpp"
#include "load.hpp"
#include "vajrapulse/engine/population.hpp"

namespace vajrapulse::engine {

/// When the users of one window are there and, with a pacing, when their turns are due: all by arithmetic, so that
/// what was due needs no counting as it passes.
class Rota {
 public:
  Rota(const Window& window, Population population, Duration pacing)
      : window_(window), population_(std::move(population)), pacing_(pacing) {}

  void steer(const Course& course);
  [[nodiscard]] const Window& window() const noexcept { return window_; }
  [[nodiscard]] const Population& population() const noexcept { return population_; }
  [[nodiscard]] std::uint64_t users_at(TimePoint time) const noexcept { return population_.at(planned(time)); }
  [[nodiscard]] bool paused_at(TimePoint time) const noexcept { return pauses_.resumed(time) != time; }

  /// A pause was asked for, and nobody has said when it ends.
  [[nodiscard]] bool stands_still() const noexcept { return pauses_.open(); }

  /// When the user may begin iterations next, at `since` or later, and up to when that stays so.
  struct Presence {
    TimePoint from, until;
  };
  [[nodiscard]] Presence presence(std::uint64_t user, TimePoint since) const noexcept;

  /// When the user's turn number `turn` is due; the highest there is when it never is, or nobody knows yet.
  [[nodiscard]] TimePoint due(std::uint64_t user, std::uint64_t turn) const noexcept;
  /// How many of the user's turns are due before `time`.
  [[nodiscard]] std::uint64_t due_before(std::uint64_t user, TimePoint time) const noexcept;

 private:
  /// Pauses taken out, from the window's begin.
  [[nodiscard]] Duration planned(TimePoint time) const noexcept {
    return time - window_.begin - pauses_.within(window_.begin, time);
  }
  [[nodiscard]] TimePoint real(Duration planned) const noexcept {
    return planned == Duration::max() ? TimePoint::max() : pauses_.shifted(window_.begin + planned);
  }
  [[nodiscard]] std::uint64_t turns_of(const Population::Stint& stint, Duration until) const noexcept;

  Window window_;
  Population population_;
  Duration pacing_;
  Pauses pauses_;
};

}  // namespace vajrapulse::engine
