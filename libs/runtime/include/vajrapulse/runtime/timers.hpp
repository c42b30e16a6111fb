#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "vajrapulse/base/clock.hpp"

namespace vajrapulse::runtime {

class TimerWheel;

namespace detail {
/// A place in a circular list; a list's head is such a place too, so that unlinking needs no head.
struct TimerLink {
  TimerLink* next = nullptr;
  TimerLink* previous = nullptr;
};
}  // namespace detail

/// One pending alarm, linked into the wheel in place: arming and cancelling allocate nothing.
/// Destroying an armed timer cancels it.
class Timer : private detail::TimerLink {
 public:
  using Fire = void (*)(Timer&);

  explicit Timer(Fire fire) noexcept : fire_(fire) {}
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;
  ~Timer() { cancel(); }

  void cancel() noexcept;
  [[nodiscard]] bool armed() const noexcept { return next != nullptr; }
  [[nodiscard]] TimePoint due() const noexcept { return due_; }

 private:
  friend class TimerWheel;
  Fire fire_;
  TimerWheel* wheel_ = nullptr;
  TimePoint due_;
};

/// All timers of a shard: a hierarchical wheel (Varghese and Lauck, 1987) with slots of 1,024 ns.
///
/// Arming and cancelling are O(1). Timers many seconds away are sorted a few at a time while they are still far, so
/// that a million of them hold up no turn for long. A timer never fires early and, given a prompt reactor, less than
/// one slot late. Timers fire in the order of their due times' slots, those of one slot in the order of arming.
class TimerWheel {
 public:
  explicit TimerWheel(TimePoint start) noexcept;
  ~TimerWheel();
  TimerWheel(const TimerWheel&) = delete;
  TimerWheel& operator=(const TimerWheel&) = delete;

  /// Arms (or re-arms) `timer`. A time already past fires at the next `fire_due`, after what was armed for
  /// the past before it; so a callback that re-arms itself for the past cannot hold up the loop.
  void arm(Timer& timer, TimePoint due) noexcept;
  /// Fires everything due by `now`; callbacks may arm, cancel and destroy timers freely, and may not throw.
  /// Returns how many fired.
  std::size_t fire_due(TimePoint now);
  /// When the earliest timer is due, rounded up to its slot; nothing when no timer is armed. With many timers far
  /// away it may be earlier than that, never later: sleeping until then, firing and asking again is right.
  [[nodiscard]] std::optional<TimePoint> next_wake() const noexcept;
  [[nodiscard]] std::size_t size() const noexcept { return size_; }

 private:
  friend class Timer;
  using Link = detail::TimerLink;
  static constexpr int kTickBits = 10;
  static constexpr int kSlotBits = 6;
  static constexpr int kSlots = 1 << kSlotBits;
  static constexpr int kLevels = 9;  // 2^(10+54) ns: beyond any run

  struct Position {
    int level;
    int slot;
    std::uint64_t tick;  ///< the first tick of the slot
  };

  [[nodiscard]] std::optional<Position> earliest() const noexcept;
  [[nodiscard]] Link& head(Position p) noexcept { return heads_[p.level * kSlots + p.slot]; }
  [[nodiscard]] std::uint64_t first_tick_of(Position position) const noexcept;
  [[nodiscard]] static std::uint64_t tick_of(TimePoint due) noexcept;
  void insert(Timer& timer) noexcept;
  void remove(Timer& timer) noexcept;
  void take_slot(Position position, Link& into) noexcept;
  void cascade(Position position) noexcept;
  void sort_ahead(std::uint64_t tick) noexcept;
  void take_sorted() noexcept;
  std::size_t fire_list(Link& list) noexcept;

  /// Everything before this tick has fired; what is due at or before it waits in `overdue_`.
  std::uint64_t tick_ = 0;
  std::size_t size_ = 0;
  Link overdue_;
  std::array<std::uint64_t, kLevels> occupied_{};
  /// Of the slot of level `kFar` that begins next: what has been sorted into slots of the level below.
  static constexpr int kFar = 4;  // slots of 17 s
  int ahead_slot_ = -1;
  std::array<Link, kSlots> ahead_;
  std::array<Link, kLevels * kSlots> heads_;
};

inline void Timer::cancel() noexcept {
  if (armed()) wheel_->remove(*this);
}

}  // namespace vajrapulse::runtime
