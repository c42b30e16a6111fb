#include "sim_reactor.hpp"

#include <cassert>
#include <utility>

#include "acceptor.hpp"
#include "dial.hpp"
#include "room.hpp"
#include "sim_resolver.hpp"
#include "vajrapulse/runtime/errors.hpp"

namespace vajrapulse::runtime::simulated {
namespace {

/// After this many events the timers get their turn, as in the real reactors.
constexpr int kEventsBetweenTimers = 64;
/// A reactor that wakes itself does so a little later: time moves on even where nothing costs time, so that
/// code which waits in a loop of empty waits does not wait for ever.
constexpr Duration kLeastStep{1};

}  // namespace

SimReactor::SimReactor(Room& room, std::uint32_t index)
    : Reactor(room.now()), room_(room), index_(index), local_ns_(to_ns(room.now().time_since_epoch())) {
  resolver_ = std::make_unique<SimResolver>(*this, room);
}

SimReactor::~SimReactor() {
  for (const Event& event : inbox_)
    event.target->release();
}

TimePoint SimReactor::local() const noexcept { return TimePoint{Duration{local_ns_.load(std::memory_order_relaxed)}}; }

TimePoint SimReactor::now() const noexcept { return std::max(local(), room_.now()); }
WallTime SimReactor::wall_now() const noexcept { return room_.wall_at(now()); }

bool SimReactor::start_connect(ConnectOp& op) {
  Ref<Dial> dial(new Dial(room_, *this, op));
  dial->begin();
  dials_.insert_or_assign(&op, std::move(dial));
  return false;
}

void SimReactor::abort_connect(ConnectOp& op, ErrorKind why) {
  if (const auto dial = dials_.find(&op); dial != dials_.end()) dial->second->abort(why);
}

void SimReactor::forget(ConnectOp& op) { dials_.erase(&op); }

Expected<std::unique_ptr<Listener>> SimReactor::listen(const Address& address) {
  return Acceptor::listen(room_, *this, address);
}

bool SimReactor::start_poll(PollOp& op) {
  op.result = IoResult{kIo};
  op.ready = 0;
  return true;
}

void SimReactor::defer(Operation& op) {
  deferred_.push_back(&op);
  if (room_.current != this) wake_at(ready_at());
}

void SimReactor::post(std::move_only_function<void()> message) {
  TimePoint due;  // of other threads: at once
  if (room_.thread.load(std::memory_order_relaxed) == std::this_thread::get_id()) {
    due = room_.current ? room_.current->now() : room_.now();
  }
  {
    const std::lock_guard lock(messages_mutex_);
    messages_.push_back({due, std::move(message)});
  }
  room_.posted.store(true, std::memory_order_release);
}

void SimReactor::run() {
  assert(!room_.current);
  room_.thread = std::this_thread::get_id();
  for (auto& reactor : room_.reactors)
    reactor->check_timers();
  while (!stopping_.load(std::memory_order_acquire) && room_.step(TimePoint::max())) {
  }
  stopping_ = false;
}

void SimReactor::on_event(const Event& event) {
  if (event.when != wake_) return;  // an earlier one took its place
  wake_ = TimePoint::max();
  if (ready_at() > room_.now()) return wake_at(ready_at());
  turn();
}

void SimReactor::deliver(const Event& event) {
  inbox_.push_back(event);
  if (ready_at() > room_.now()) return wake_at(ready_at());
  turn();
}

void SimReactor::freeze(Duration duration) noexcept {
  const TimePoint begin = std::max(frozen_until_, now());
  frozen_until_ = std::max(begin, now() + duration);
  usage_.frozen += frozen_until_ - begin;
}

void SimReactor::compute(Duration duration) noexcept {
  assert(room_.current == this);
  pass(duration);
}

void SimReactor::pass(Duration duration) noexcept {
  usage_.busy += duration;
  local_ns_.store(local_ns_.load(std::memory_order_relaxed) + to_ns(duration), std::memory_order_relaxed);
}

void SimReactor::check_timers() {
  if (const auto due = timers_.next_wake()) wake_at(std::max(*due, ready_at()));
  if (!deferred_.empty() || !inbox_.empty()) wake_at(ready_at());
}

void SimReactor::wake_for_messages() {
  const std::lock_guard lock(messages_mutex_);
  if (!messages_.empty()) wake_at(std::max({messages_.front().due, ready_at(), soonest_}));
}

void SimReactor::wake_at(TimePoint when) {
  when = std::max(when, room_.now());
  if (when >= wake_) return;
  wake_ = when;
  room_.schedule(when, *this, 0);
}

void SimReactor::begin_event() noexcept {
  worked_ = true;
  event_time_ = local();
}

void SimReactor::charge(std::size_t events) noexcept {
  room_.note(local(), index_);
  const Duration cost = (room_.weather.turn_cost + burden_) * static_cast<Duration::rep>(events);
  if (cost != Duration::zero()) pass(cost);
}

void SimReactor::turn() {
  const TimePoint start = room_.now();
  assert(local() <= start && !room_.current);
  const bool slept = start > local() + kLeastStep;
  local_ns_.store(to_ns(start.time_since_epoch()), std::memory_order_relaxed);
  room_.current = this;
  worked_ = false;
  event_time_ = start;
  handle_inbox();
  fire_timers();
  complete_deferred();
  deliver_messages();
  saturation_.saw(slept || !worked_ ? Saturation::Turn::idle : Saturation::Turn::busy, start);
  if (worked_) {
    for (TurnObserver* observer : turn_observers_)
      observer->on_turn(local() - start);
  }
  room_.current = nullptr;
  arrange_next_turn();
}

void SimReactor::handle_inbox() {
  for (int i = 0; i < kEventsBetweenTimers && !inbox_.empty(); ++i) {
    const Event event = inbox_.front();
    inbox_.pop_front();
    begin_event();
    event.target->on_event(event);
    event.target->release();
    charge(1);
  }
}

void SimReactor::fire_timers() {
  event_time_ = local();
  const std::size_t fired = timers_.fire_due(event_time_);
  if (fired == 0) return;
  worked_ = true;
  charge(fired);
}

void SimReactor::complete_deferred() {
  if (deferred_.empty()) return;
  completing_.swap(deferred_);
  for (Operation* op : completing_) {
    begin_event();
    op->complete();
    charge(1);
  }
  completing_.clear();
}

void SimReactor::deliver_messages() {
  {
    const std::lock_guard lock(messages_mutex_);
    while (!messages_.empty() && messages_.front().due <= local()) {
      delivering_.push_back(std::move(messages_.front()));
      messages_.pop_front();
    }
  }
  for (Message& message : delivering_) {
    begin_event();
    message.call();
    charge(1);
  }
  delivering_.clear();
}

void SimReactor::arrange_next_turn() {
  soonest_ = std::max(local() + kLeastStep, frozen_until_);
  if (!inbox_.empty() || !deferred_.empty()) {
    wake_at(soonest_);
  } else if (const auto due = timers_.next_wake()) {
    wake_at(std::max(*due, soonest_));
  }
  const std::lock_guard lock(messages_mutex_);
  if (!messages_.empty()) wake_at(std::max(messages_.front().due, soonest_));
}

}  // namespace vajrapulse::runtime::simulated
