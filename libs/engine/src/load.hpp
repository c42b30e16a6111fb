#pragma once

#include <cstdint>
#include <optional>

#include "course.hpp"
#include "ledger.hpp"
#include "vajrapulse/base/clock.hpp"
#include "vajrapulse/runtime/reactor.hpp"

namespace vajrapulse::engine {

/// One iteration that is to begin: whose it is, and the moments that led to it.
struct Start {
  StartTimes times;
  std::uint64_t index = 0;
  std::uint64_t user = 0;
  Ledger* ledger = nullptr;
};

/// One phase in which arrivals are due.
struct Window {
  TimePoint begin;
  TimePoint end;  ///< the highest there is when only the number of iterations ends it
  Ledger* ledger = nullptr;
};

/// Which part of the run's total a shard has.
struct ShardShare {
  std::uint64_t index = 0;
  std::uint64_t count = 1;
  [[nodiscard]] std::uint64_t of(std::uint64_t total) const noexcept {
    return total / count + (index < total % count ? 1 : 0);
  }
};

/// Where starts go; a load calls it, a shard is one.
class Launcher {
 public:
  virtual void launch(const Start& start) = 0;
  virtual runtime::Reactor& reactor() noexcept = 0;

 protected:
  ~Launcher() = default;
};

/// What decides when iterations of a shard begin: arrivals fixed in advance, or users that take turns.
class Load {
 public:
  /// Beyond any run, and yet a moment can be added to it.
  static constexpr TimePoint kNever = TimePoint::max() - std::chrono::hours(1);
  enum class Ending {
    scheduled,  ///< the window is over: what was not reached is missed
    stopped,    ///< by hand: what was not due yet never was
  };

  virtual ~Load() = default;
  /// From now on starts belong to `window`; the one before it has been closed.
  virtual void enter(const Window& window) = 0;
  /// The window takes another course.
  virtual void steer(const Course& course) = 0;
  /// Starts what is due now.
  virtual void dispatch() = 0;
  /// A slot has become free, the one of `landed`: the start that takes it, if one does. It would have been free at
  /// `free`, had the shard never been late.
  virtual std::optional<Start> next(const Start& landed, TimePoint free) = 0;
  /// No further arrivals; those that wait may still start.
  virtual void close(Ending ending) = 0;
  enum class Waiting {
    all,
    latest,  ///< of the window that was closed last
  };
  /// What waits never starts.
  virtual void drop(Waiting which) = 0;
  /// When the start is due that the shard has to get to next, where that is known without looking: what it sees only
  /// after that, may have happened while it did not look.
  [[nodiscard]] TimePoint next_due() const noexcept { return next_due_; }
  /// How far starts lie apart about that time; nothing where that is not known.
  [[nodiscard]] virtual Duration apart() const { return Duration::zero(); }
  /// Nothing is left that could start, ever.
  [[nodiscard]] virtual bool exhausted() const = 0;
  /// Brings the ledger's counts up to date, where they are not counted event by event.
  virtual void settle() {}

 protected:
  TimePoint next_due_ = kNever;
};

}  // namespace vajrapulse::engine
