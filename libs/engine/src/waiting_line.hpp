#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>

#include "vajrapulse/engine/arrivals.hpp"

namespace vajrapulse::engine {

/// Arrivals that wait for a slot, first come first served.
///
/// Who waits is not stored: a second walk through the same arrivals finds each again when its turn comes.
/// When the shard had got to each is kept for runs of arrivals: those that were reached promptly share one lag, the
/// largest among them; those of a burst, reached within 100 us of each other, share when that was. So an hour of a
/// slow target takes no more memory than a second of it; and when it is the shard that is late, again and again, only
/// so many runs are kept, and what comes after them shares the largest lag: too much of it, not too little.
class WaitingLine {
 public:
  struct Waiter {
    Duration intended;  ///< from the window's begin
    Duration reached;
    std::uint64_t index;
  };

  /// `arrivals` has just given this one; it is copied when the line was empty.
  void push(Duration intended, Duration reached, const Arrivals& arrivals);
  Waiter pop();
  /// Who comes from now on follows `pattern` up to `length`; who waits was due in `before`.
  void follow(std::shared_ptr<const LoadPattern> before, std::shared_ptr<const LoadPattern> pattern, Duration length);
  void clear() noexcept;

  [[nodiscard]] std::uint64_t size() const noexcept { return size_; }
  [[nodiscard]] std::size_t runs() const noexcept { return runs_.size(); }

 private:
  /// Below this a lag is shared rather than kept: less than a host takes away at any time.
  static constexpr Duration kPrompt = std::chrono::microseconds(100);
  static constexpr std::size_t kMostRuns = 64 * 1024;

  struct Run {
    enum class Kind : std::uint8_t { lag, burst };
    Kind kind;
    std::uint64_t count;
    Duration value;  ///< lag: the largest among them; burst: when the first was reached
  };
  /// Where the walk, too, has to change its pattern.
  struct Turn {
    std::uint64_t after;  ///< so many pops
    std::shared_ptr<const LoadPattern> pattern;
    Duration length;
  };
  void advance();
  void leave() noexcept;

  Duration front_{};              ///< intended start of the first in line
  std::optional<Arrivals> walk_;  ///< gave `front_` last
  std::deque<Run> runs_;
  std::uint64_t size_ = 0;
  std::uint64_t popped_ = 0;  ///< since the line was empty
  std::deque<Turn> turns_;
  std::shared_ptr<const LoadPattern> walked_;  ///< kept for the walk, once the load has left it
};

}  // namespace vajrapulse::engine
