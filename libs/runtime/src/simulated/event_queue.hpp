#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "vajrapulse/base/clock.hpp"

namespace vajrapulse::runtime::simulated {

class SimReactor;
struct Event;

/// Something that events happen to; lives while anybody, an event included, refers to it.
class Target {
 public:
  Target() = default;
  Target(const Target&) = delete;
  Target& operator=(const Target&) = delete;
  virtual ~Target() = default;

  /// Whose turn handles the event; null: the network itself, which is never busy.
  [[nodiscard]] virtual SimReactor* owner(std::uint32_t what) noexcept = 0;
  virtual void on_event(const Event& event) = 0;

  void keep() noexcept { ++references_; }
  void release() noexcept {
    if (--references_ == 0) delete this;
  }

 private:
  std::uint32_t references_ = 0;
};

template <class T>
class Ref {
 public:
  Ref() = default;
  explicit Ref(T* target) noexcept : target_(target) {
    if (target_) target_->keep();
  }
  Ref(Ref&& other) noexcept : target_(std::exchange(other.target_, nullptr)) {}
  Ref& operator=(Ref&& other) noexcept {
    std::swap(target_, other.target_);
    return *this;
  }
  ~Ref() {
    if (target_) target_->release();
  }
  [[nodiscard]] T* get() const noexcept { return target_; }
  T* operator->() const noexcept { return target_; }
  T& operator*() const noexcept { return *target_; }
  explicit operator bool() const noexcept { return target_ != nullptr; }

 private:
  T* target_ = nullptr;
};

/// Plain data, so that a million of them cost a heap's moves and nothing else.
struct Event {
  TimePoint when;
  std::uint64_t order;  ///< of scheduling: what breaks ties
  Target* target;       ///< counted by hand: kept when scheduled, released when handled
  std::uint32_t what;   ///< the target's own word for it
  std::uint32_t amount;
};

/// All that will happen, soonest first; what is due together comes in the order it was scheduled.
class EventQueue {
 public:
  EventQueue() = default;
  EventQueue(const EventQueue&) = delete;
  EventQueue& operator=(const EventQueue&) = delete;
  ~EventQueue() { clear(); }

  void push(TimePoint when, Target& target, std::uint32_t what, std::uint32_t amount) {
    target.keep();
    events_.push_back({when, next_order_++, &target, what, amount});
    std::push_heap(events_.begin(), events_.end(), later);
  }
  [[nodiscard]] bool empty() const noexcept { return events_.empty(); }
  [[nodiscard]] TimePoint next_at() const noexcept { return events_.front().when; }
  /// The caller owes its target a `release`.
  Event pop() {
    std::pop_heap(events_.begin(), events_.end(), later);
    const Event event = events_.back();
    events_.pop_back();
    return event;
  }
  void clear() {
    const std::vector<Event> events = std::exchange(events_, {});
    for (const Event& event : events)
      event.target->release();
  }

 private:
  static bool later(const Event& a, const Event& b) noexcept {
    return a.when != b.when ? a.when > b.when : a.order > b.order;
  }
  std::vector<Event> events_;
  std::uint64_t next_order_ = 0;
};

}  // namespace vajrapulse::runtime::simulated
