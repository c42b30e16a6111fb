#include "connection_pool.hpp"

#include <algorithm>
#include <utility>

namespace vajrapulse::http {

void WaiterQueue::push(Waiter& waiter) noexcept {
  waiter.queue_ = this;
  waiter.next_ = nullptr;
  waiter.previous_ = last_;
  (last_ ? last_->next_ : first_) = &waiter;
  last_ = &waiter;
  ++size_;
}

Waiter* WaiterQueue::pop() noexcept {
  Waiter* const waiter = first_;
  if (waiter) leave(*waiter);
  return waiter;
}

void WaiterQueue::leave(Waiter& waiter) noexcept {
  WaiterQueue* const queue = std::exchange(waiter.queue_, nullptr);
  if (!queue) return;
  (waiter.previous_ ? waiter.previous_->next_ : queue->first_) = waiter.next_;
  (waiter.next_ ? waiter.next_->previous_ : queue->last_) = waiter.previous_;
  --queue->size_;
}

std::unique_ptr<Connection> Origin::take_idle() {
  while (!idle_.empty()) {
    std::unique_ptr<Connection> connection = std::move(idle_.back());
    idle_.pop_back();
    --counts_.idle;
    if (connection->stream->idle_ok()) {
      ++counts_.active;
      return connection;
    }
    --open_;
  }
  return nullptr;
}

void Origin::watch_line(TimePoint now) noexcept {
  const Duration watched = now - watched_at_;
  if (watched < kWatch) return;
  const bool long_line = std::int64_t(queue_.size()) * watched > std::int64_t(returned_) * kWatch;
  if (!long_line) {
    short_since_.reset();
  } else if (!short_since_) {
    short_since_ = now;
  }
  returned_ = 0;
  watched_at_ = now;
}

bool Origin::may_open(const runtime::Reactor& reactor) noexcept {
  const TimePoint now = reactor.event_time();
  watch_line(now);
  if (at_limit()) return false;
  if (opening_ >= std::max(kOpening, (open_ - opening_) / 4)) return false;
  if (open_ < kMany) return true;
  if (reactor.saturated_since()) return false;
  if (now - last_back_ >= kWatch) return true;
  return short_since_ && (now - last_slot_) * std::int64_t(open_) >= kGrowth;
}

void Origin::take_one(TimePoint now) noexcept {
  ++open_;
  ++counts_.active;
  last_slot_ = now;
}

bool Origin::take_slot(const runtime::Reactor& reactor) noexcept {
  if (!may_open(reactor)) return false;
  take_one(reactor.event_time());
  return true;
}

void Origin::end_opening(runtime::Reactor& reactor) noexcept {
  --opening_;
  if (!may_open(reactor)) return;
  Waiter* const waiter = pop_waiter();
  if (!waiter) return;
  take_one(reactor.event_time());
  reactor.defer(*waiter);
}

void Origin::wait(Waiter& waiter) noexcept {
  queue_.push(waiter);
  ++counts_.waiting;
}

void Origin::leave(Waiter& waiter) noexcept {
  if (!waiter.queued()) return;
  WaiterQueue::leave(waiter);
  --counts_.waiting;
}

Waiter* Origin::pop_waiter() noexcept {
  Waiter* const waiter = queue_.pop();
  if (waiter) --counts_.waiting;
  return waiter;
}

void Origin::give_back(std::unique_ptr<Connection> connection, runtime::Reactor& reactor, TimePoint free) {
  ++returned_;
  last_back_ = reactor.event_time();
  if (Waiter* const waiter = pop_waiter()) {
    waiter->connection = std::move(connection);
    waiter->free = free;
    reactor.defer(*waiter);
    return;
  }
  --counts_.active;
  ++counts_.idle;
  idle_.push_back(std::move(connection));
}

void Origin::free_slot(runtime::Reactor& reactor, TimePoint free) noexcept {
  if (Waiter* const waiter = pop_waiter()) {
    waiter->free = free;
    reactor.defer(*waiter);  // the slot passes on with it
    return;
  }
  --open_;
  --counts_.active;
}

void Origin::close_idle() noexcept {
  open_ -= idle_.size();
  counts_.idle -= idle_.size();
  for (const auto& each : idle_)
    each->stream->shutdown_send();  // close_notify under TLS, or it looks like an attack
  idle_.clear();
}

}  // namespace vajrapulse::http
