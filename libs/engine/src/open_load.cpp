#include "open_load.hpp"

#include <algorithm>
#include <utility>

namespace vajrapulse::engine {
namespace {

/// Starts in one go before the shard looks at its sockets again.
constexpr int kBatch = 64;

/// Whoever oversleeps an arrival past the window's end has missed it. So in the last moment nobody sleeps: a reactor
/// waits for a timer as near as `kLook` without it.
constexpr Duration kLastMoment = std::chrono::milliseconds(1);
constexpr Duration kLook = std::chrono::microseconds(10);

}  // namespace

OpenLoad::OpenLoad(Launcher& launcher, ShardShare share, Limit limit)
    : launcher_(launcher), reactor_(launcher.reactor()), share_(share), limit_(limit) {}

void OpenLoad::enter(const Window& window) {
  earlier_.reset();
  if (line_.size() > 0) earlier_ = Leftover{window_, std::move(pattern_), std::exchange(line_, {})};
  window_ = window;
  pattern_ = plan_.pattern;
  arrivals_.emplace(*pattern_, plan_.arrivals, Arrivals::Share{.first = share_.index, .stride = share_.count});
  draw();
  arm();
}

/// What is due before the change stays due when it was, so that nothing needs to happen at that very instant.
void OpenLoad::steer(const Course& course) {
  if (!arrivals_) return;
  const Duration length = length_between(window_.begin, course.end);
  line_.follow(pattern_, course.pattern, length);
  arrivals_->follow(*course.pattern, length, due_ ? Arrivals::Last::given_back : Arrivals::Last::stands);
  pattern_ = course.pattern;
  window_.end = course.end;
  draw();
  arm();
}

void OpenLoad::draw() {
  const std::optional<Duration> offset = arrivals_->next();
  due_ = offset ? std::optional(window_.begin + *offset) : std::nullopt;
  next_due_ = due_ ? *due_ + limit_.slack : kNever;
}

TimePoint OpenLoad::wake_for(TimePoint due) const {
  const TimePoint last_moment = window_.end - kLastMoment;
  if (due > last_moment) {
    const TimePoint now = reactor_.now();
    return now < due - kLastMoment ? due - kLastMoment : std::min(due, now + kLook);
  }
  // Who is due already is of a batch that goes on.
  const bool lets_gather = limit_.slack > Duration::zero() && due > reactor_.now();
  return lets_gather ? std::min(due + limit_.slack, last_moment) : due;
}

void OpenLoad::arm() {
  if (due_) {
    reactor_.timers().arm(alarm_, wake_for(*due_));
  } else {
    alarm_.cancel();
  }
}

void OpenLoad::dispatch() {
  if (!due_) return;
  TimePoint now = reactor_.now();
  for (int i = 0; i < kBatch && due_ && *due_ <= now; ++i) {
    if (now >= window_.end) return;  // the rest is missed; the shard closes the window
    reach(now);
    // A batch takes time: each start is stamped with when it was really reached.
    if (due_ && *due_ <= now) now = reactor_.now();
  }
  arm();
}

void OpenLoad::reach(TimePoint now) {
  Ledger& ledger = *window_.ledger;
  const TimePoint intended = *due_;
  ledger.reached();
  if (busy_ < limit_.slots) {
    const Start start{{intended, now, now, intended}, arrivals_->index(), 0, &ledger};
    draw();
    ++busy_;
    launcher_.launch(start);
    return;
  }
  if (limit_.on_limit == OnLimit::queue) {
    line_.push(intended - window_.begin, now - window_.begin, *arrivals_);
    ledger.queued(line_.size(), now);
  } else {
    ledger.dropped(DropReason::limit, 1);
  }
  draw();
}

std::optional<Start> OpenLoad::next(const Start& /*landed*/, TimePoint free) {
  if (earlier_ && earlier_->line.size() > 0) return admit(earlier_->window, earlier_->line, free);
  if (line_.size() > 0) return admit(window_, line_, free);
  --busy_;
  return std::nullopt;
}

/// The first in line has a slot.
std::optional<Start> OpenLoad::admit(const Window& window, WaitingLine& line, TimePoint free) {
  const TimePoint now = reactor_.now();
  const WaitingLine::Waiter waiter = line.pop();
  window.ledger->queued(line.size(), now);
  const TimePoint reached = std::min(window.begin + waiter.reached, now);
  const TimePoint intended = window.begin + waiter.intended;
  return Start{{intended, reached, now, std::max(intended, free)}, waiter.index, 0, window.ledger};
}

Duration OpenLoad::apart() const {
  if (!due_) return Duration::zero();
  const double rate = pattern_->rate_at(*due_ - window_.begin) / double(share_.count);
  return rate > 1 ? Duration(std::int64_t(1e9 / rate)) : Duration::zero();
}

void OpenLoad::close(Ending ending) {
  alarm_.cancel();
  if (!arrivals_) return;
  // By hand: what is due by now, and could not be late, was missed; later ones never were.
  const TimePoint stopped = std::min(reactor_.now() - limit_.slack, window_.end);
  const TimePoint until = ending == Ending::scheduled ? window_.end : stopped;
  if (due_ && *due_ < until) {
    const std::uint64_t unreached = 1 + arrivals_->remaining(until - window_.begin);
    window_.ledger->reached(unreached);
    window_.ledger->missed(unreached);
  }
  due_.reset();
  next_due_ = kNever;
  arrivals_.reset();
}

void OpenLoad::drop(Waiting which) {
  if (earlier_ && which == Waiting::all) drop(earlier_->window, earlier_->line);
  drop(window_, line_);
}

void OpenLoad::drop(const Window& window, WaitingLine& line) {
  if (line.size() == 0) return;
  window.ledger->dropped(DropReason::deadline, line.size());
  line.clear();
  window.ledger->queued(0, reactor_.now());
}

/// A window that has a time lasts it out; only the number of iterations ends it early.
bool OpenLoad::exhausted() const {
  if (line_.size() > 0 || (earlier_ && earlier_->line.size() > 0)) return false;
  return !arrivals_ || (!due_ && arrivals_->ended_by_limit());
}

}  // namespace vajrapulse::engine
