#include "loop.hpp"

#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#include <system_error>
#include <utility>

#include "vajrapulse/runtime/resolver.hpp"

namespace vajrapulse::runtime {
namespace {

Duration read_clock(clockid_t id) noexcept {
  timespec t;
  ::clock_gettime(id, &t);
  return std::chrono::seconds(t.tv_sec) + Duration(t.tv_nsec);
}

int make_wake_descriptor() {
  const int fd = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (fd < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
  return fd;
}

}  // namespace

Loop::Loop() : Reactor(TimePoint{read_clock(CLOCK_MONOTONIC)}), wake_descriptor_(make_wake_descriptor()) {}

Loop::~Loop() {
  // Who called `stop` may still be about to write: the loop ends as soon as it sees the wish.
  const std::lock_guard lock(messages_mutex_);
  ::close(wake_descriptor_);
}

void Loop::let_go() {
  resolver_.reset();
  const std::lock_guard lock(messages_mutex_);
  messages_.clear();
}

TimePoint Loop::now() const noexcept { return TimePoint{read_clock(CLOCK_MONOTONIC)}; }

WallTime Loop::wall_now() const noexcept { return WallTime{read_clock(CLOCK_REALTIME)}; }

Resolver& Loop::resolver() {
  if (!resolver_) resolver_ = make_resolver(*this);
  return *resolver_;
}

void Loop::post(std::move_only_function<void()> message) {
  {
    const std::lock_guard lock(messages_mutex_);
    messages_.push_back(std::move(message));
  }
  if (!has_messages_.exchange(true, std::memory_order_acq_rel)) wake();
}

void Loop::stop() {
  const std::lock_guard lock(messages_mutex_);
  stopping_.store(true, std::memory_order_release);
  wake();
}

void Loop::wake() const noexcept {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(wake_descriptor_, &one, sizeof(one));
}

void Loop::run() {
  // Sleeps end when they should, not up to 50 us later to save the laptop's battery.
  ::prctl(PR_SET_TIMERSLACK, 1UL, 0UL, 0UL, 0UL);
  enter();
  do {
    turn();
  } while (!stopping_.load(std::memory_order_acquire));
  stopping_.store(false, std::memory_order_release);
}

void Loop::turn() {
  worked_ = false;
  gathered_ = Duration::zero();
  const std::optional<TimePoint> until = sleep_until();
  wait_and_handle(until);
  fire_timers();
  handle_ready();
  complete_deferred();
  deliver_messages();
  const bool idle = !worked_ || until != TimePoint::min();
  saturation_.saw(idle ? Saturation::Turn::idle : Saturation::Turn::busy, turn_start_);
  if (!worked_ || turn_observers_.empty()) return;
  turn_end_ = now();
  for (TurnObserver* observer : turn_observers_)
    observer->on_turn(turn_end_ - turn_start_ + gathered_);
}

std::optional<TimePoint> Loop::sleep_until() const noexcept {
  const bool has_work = !deferred_.empty() || has_ready() || has_messages_.load(std::memory_order_acquire) ||
                        stopping_.load(std::memory_order_acquire);
  if (has_work) return TimePoint::min();
  const std::optional<TimePoint> wake = timers_.next_wake();
  const bool too_soon = wake && *wake - std::max(turn_start_, turn_end_) < kShortestSleep;
  return too_soon ? TimePoint::min() : wake;
}

void Loop::complete_deferred() {
  if (deferred_.empty()) return;
  worked_ = true;
  stamp_event();
  completing_.swap(deferred_);
  for (Operation* op : completing_)
    op->complete();
  completing_.clear();
}

void Loop::deliver_messages() {
  if (!has_messages_.load(std::memory_order_acquire)) return;
  worked_ = true;
  stamp_event();
  std::vector<std::move_only_function<void()>> messages;
  {
    const std::lock_guard lock(messages_mutex_);
    has_messages_.store(false, std::memory_order_release);
    messages.swap(messages_);
  }
  for (auto& message : messages)
    message();
}

}  // namespace vajrapulse::runtime
