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
  /// A slot has become free, the one of `landed`: the start that takes it, if one does.
  virtual std::optional<Start> next(const Start& landed) = 0;
  /// No further arrivals; those that wait may still start.
  virtual void close(Ending ending) = 0;
  /// What waits never starts.
  virtual void drop_waiting() = 0;
  /// How far behind the shard is: how long a start that is due has been waiting for it, and how far apart such starts
  /// lie. What the shard sees only now may have happened as long ago. Nothing where there is no start to tell it by.
  struct Behind {
    Duration since{};
    Duration apart{};
  };
  [[nodiscard]] virtual Behind behind(TimePoint /*now*/) const { return {}; }
  /// Nothing is left that could start, ever.
  [[nodiscard]] virtual bool exhausted() const = 0;
  /// Brings the ledger's counts up to date, where they are not counted event by event.
  virtual void settle() {}
};

}  // namespace vajrapulse::engine
