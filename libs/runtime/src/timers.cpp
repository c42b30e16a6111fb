#include "vajrapulse/runtime/timers.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>

namespace vajrapulse::runtime {
namespace {

using Link = detail::TimerLink;

void make_empty(Link& head) noexcept { head.next = head.previous = &head; }
bool is_empty(const Link& head) noexcept { return head.next == &head; }

void append(Link& head, Link& link) noexcept {
  link.next = &head;
  link.previous = head.previous;
  head.previous->next = &link;
  head.previous = &link;
}

void unlink(Link& link) noexcept {
  link.previous->next = link.next;
  link.next->previous = link.previous;
  link.next = link.previous = nullptr;
}

/// So few that they may as well be looked at one by one.
constexpr int kFew = 16;

bool holds_few(const Link& head) noexcept {
  const Link* link = head.next;
  for (int seen = 0; seen <= kFew && link != &head; ++seen)
    link = link->next;
  return link == &head;
}

/// Moves the whole of `from` to the end of `to`.
void splice(Link& from, Link& to) noexcept {
  if (is_empty(from)) return;
  from.next->previous = to.previous;
  to.previous->next = from.next;
  from.previous->next = &to;
  to.previous = from.previous;
  make_empty(from);
}

}  // namespace

TimerWheel::TimerWheel(TimePoint start) noexcept
    : tick_(static_cast<std::uint64_t>(std::max<std::int64_t>(to_ns(start.time_since_epoch()), 0)) >> kTickBits) {
  make_empty(overdue_);
  for (Link& head : heads_)
    make_empty(head);
  for (Link& head : ahead_)
    make_empty(head);
}

TimerWheel::~TimerWheel() {
  const auto forget_all = [](Link& head) {
    while (!is_empty(head))
      unlink(*head.next);
  };
  forget_all(overdue_);
  for (Link& head : heads_)
    forget_all(head);
  for (Link& head : ahead_)
    forget_all(head);
}

void TimerWheel::arm(Timer& timer, TimePoint due) noexcept {
  timer.cancel();
  timer.wheel_ = this;
  timer.due_ = due;
  ++size_;
  insert(timer);
}

/// The first tick that does not begin before `due`.
std::uint64_t TimerWheel::tick_of(TimePoint due) noexcept {
  const std::int64_t ns = std::max<std::int64_t>(to_ns(due.time_since_epoch()), 0);
  constexpr std::int64_t kTickMask = (1 << kTickBits) - 1;
  return static_cast<std::uint64_t>(ns >> kTickBits) + ((ns & kTickMask) != 0 ? 1 : 0);
}

/// Puts a timer where its tick first differs from the present one: the highest digit (of 6 bits) that
/// differs says the level, its value the slot. So lower levels are always earlier than higher ones.
void TimerWheel::insert(Timer& timer) noexcept {
  const std::uint64_t tick = tick_of(timer.due_);
  if (tick <= tick_) {
    append(overdue_, timer);
    return;
  }
  const int level = (63 - std::countl_zero(tick ^ tick_)) / kSlotBits;
  const int slot = static_cast<int>(tick >> (level * kSlotBits)) & (kSlots - 1);
  append(heads_[level * kSlots + slot], timer);
  occupied_[level] |= std::uint64_t{1} << slot;
}

void TimerWheel::remove(Timer& timer) noexcept {
  Link* const before = timer.previous;
  unlink(timer);
  --size_;
  if (!is_empty(*before)) return;
  // The list became empty. When its head is a slot's, the slot is free now; heads of `overdue_` and of lists
  // being fired have no bit.
  const auto offset = reinterpret_cast<std::uintptr_t>(before) - reinterpret_cast<std::uintptr_t>(heads_.data());
  if (offset >= sizeof(heads_)) return;  // also when below: it wraps around
  const std::size_t index = offset / sizeof(Link);
  if (ahead_slot_ >= 0 && index == std::size_t(kFar * kSlots + ahead_slot_)) return;  // others of it are in `ahead_`
  occupied_[index / kSlots] &= ~(std::uint64_t{1} << (index % kSlots));
}

std::optional<TimerWheel::Position> TimerWheel::earliest() const noexcept {
  for (int level = 0; level < kLevels; ++level) {
    if (occupied_[level] == 0) continue;
    const int slot = std::countr_zero(occupied_[level]);
    const int shift = level * kSlotBits;
    const std::uint64_t above = shift + kSlotBits >= 64 ? 0 : (tick_ >> (shift + kSlotBits)) << (shift + kSlotBits);
    return Position{level, slot, above | (static_cast<std::uint64_t>(slot) << shift)};
  }
  return std::nullopt;
}

std::optional<TimePoint> TimerWheel::next_wake() const noexcept {
  if (!is_empty(overdue_)) return TimePoint{Duration{static_cast<std::int64_t>(tick_ << kTickBits)}};
  const auto position = earliest();
  if (!position) return std::nullopt;
  constexpr std::uint64_t kLastTick = static_cast<std::uint64_t>(INT64_MAX) >> kTickBits;
  const std::uint64_t tick = position->level == 0 ? position->tick : first_tick_of(*position);
  if (tick > kLastTick) return TimePoint::max();
  return TimePoint{Duration{static_cast<std::int64_t>(tick << kTickBits)}};
}

/// The earliest tick that a slot of a higher level holds; the slot's first when it holds more than a few timers.
std::uint64_t TimerWheel::first_tick_of(Position position) const noexcept {
  if (position.level == kFar && position.slot == ahead_slot_) return position.tick;
  const Link& head = heads_[position.level * kSlots + position.slot];
  std::uint64_t first = UINT64_MAX;
  int seen = 0;
  for (const Link* link = head.next; link != &head; link = link->next) {
    if (++seen > kFew) return position.tick;
    first = std::min(first, tick_of(static_cast<const Timer&>(*link).due_));
  }
  return first;
}

void TimerWheel::take_slot(Position position, Link& into) noexcept {
  splice(head(position), into);
  occupied_[position.level] &= ~(std::uint64_t{1} << position.slot);
}

/// Spreads a slot of a higher level over the lower ones, which are empty: all they had was earlier.
void TimerWheel::cascade(Position position) noexcept {
  if (position.level == kFar && position.slot == ahead_slot_) take_sorted();
  Link list;
  make_empty(list);
  take_slot(position, list);
  while (!is_empty(list)) {
    auto& timer = static_cast<Timer&>(*list.next);
    unlink(timer);
    insert(timer);
  }
}

/// In the last quarter of a far slot, some of those of the next one at each call.
void TimerWheel::sort_ahead(std::uint64_t tick) noexcept {
  constexpr int kShift = (kFar - 1) * kSlotBits;
  constexpr int kAtOnce = 256;
  if (((tick >> kShift) & (kSlots - 1)) < kSlots * 3 / 4) return;
  const int slot = static_cast<int>((tick >> (kShift + kSlotBits)) + 1) & (kSlots - 1);
  if (((occupied_[kFar] >> slot) & 1) == 0) return;
  Link& far = heads_[kFar * kSlots + slot];
  if (ahead_slot_ != slot && holds_few(far)) return;
  ahead_slot_ = slot;
  for (int i = 0; i < kAtOnce && !is_empty(far); ++i) {
    auto& timer = static_cast<Timer&>(*far.next);
    unlink(timer);
    append(ahead_[(tick_of(timer.due_) >> kShift) & (kSlots - 1)], timer);
  }
}

/// The slot begins: what was sorted of it takes its place, and what is due first goes on down.
void TimerWheel::take_sorted() noexcept {
  ahead_slot_ = -1;
  for (int slot = 0; slot < kSlots; ++slot) {
    if (is_empty(ahead_[slot])) continue;
    splice(ahead_[slot], heads_[(kFar - 1) * kSlots + slot]);
    occupied_[kFar - 1] |= std::uint64_t{1} << slot;
  }
  if ((occupied_[kFar - 1] & 1) != 0) cascade({kFar - 1, 0, tick_});
}

std::size_t TimerWheel::fire_list(Link& list) noexcept {
  std::size_t fired = 0;
  while (!is_empty(list)) {
    auto& timer = static_cast<Timer&>(*list.next);
    unlink(timer);
    --size_;
    ++fired;
    timer.fire_(timer);  // may destroy the timer
  }
  return fired;
}

/// All that is due is collected before anything fires: what callbacks arm for the past then waits for the
/// next call, and what they cancel just leaves the collected list.
std::size_t TimerWheel::fire_due(TimePoint now) {
  const std::uint64_t target =
      static_cast<std::uint64_t>(std::max<std::int64_t>(to_ns(now.time_since_epoch()), 0)) >> kTickBits;
  Link due;
  make_empty(due);
  splice(overdue_, due);
  sort_ahead(tick_);
  for (auto position = earliest(); position && position->tick <= target; position = earliest()) {
    tick_ = position->tick;
    if (position->level > 0) {
      cascade(*position);
    } else {
      take_slot(*position, due);
    }
    splice(overdue_, due);  // what cascading found due at exactly this tick
  }
  tick_ = std::max(tick_, target);
  return fire_list(due);
}

}  // namespace vajrapulse::runtime
