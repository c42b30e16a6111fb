#include "waiting_line.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace vajrapulse::engine {

void WaitingLine::push(Duration intended, Duration reached, const Arrivals& arrivals) {
  if (size_ == 0) {
    front_ = intended;
    walk_ = arrivals;
  }
  ++size_;
  const Duration lag = reached - intended;
  Run* last = runs_.empty() ? nullptr : &runs_.back();
  const bool full = runs_.size() >= kMostRuns;
  if (lag < kPrompt || full) {
    if (last && last->kind == Run::Kind::lag && (full || last->value < kPrompt)) {
      ++last->count;
      last->value = std::max(last->value, lag);
    } else {
      runs_.push_back({Run::Kind::lag, 1, lag});
    }
  } else if (last && last->kind == Run::Kind::burst && reached - last->value < kPrompt) {
    ++last->count;
  } else {
    runs_.push_back({Run::Kind::burst, 1, reached});
  }
}

WaitingLine::Waiter WaitingLine::pop() {
  assert(size_ > 0);
  Run& run = runs_.front();
  const Waiter first{front_, run.kind == Run::Kind::lag ? front_ + run.value : run.value, walk_->index()};
  if (--run.count == 0) runs_.pop_front();
  ++popped_;
  if (--size_ > 0) {
    advance();
  } else {
    leave();
  }
  return first;
}

void WaitingLine::advance() {
  for (; !turns_.empty() && turns_.front().after <= popped_; turns_.pop_front()) {
    walked_ = std::move(turns_.front().pattern);
    walk_->follow(*walked_, turns_.front().length, Arrivals::Last::stands);
  }
  front_ = *walk_->next();
}

void WaitingLine::follow(std::shared_ptr<const LoadPattern> before, std::shared_ptr<const LoadPattern> pattern,
                         Duration length) {
  if (size_ == 0) return;
  if (!walked_) walked_ = std::move(before);
  turns_.push_back({.after = popped_ + size_, .pattern = std::move(pattern), .length = length});
}

void WaitingLine::clear() noexcept {
  size_ = 0;
  runs_.clear();
  leave();
}

/// Nobody waits any more.
void WaitingLine::leave() noexcept {
  popped_ = 0;
  if (!walked_) return;
  turns_.clear();
  walked_.reset();
}

}  // namespace vajrapulse::engine
