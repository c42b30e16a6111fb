#include "open_load.hpp"

#include <algorithm>

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
  window_ = window;
  arrivals_.emplace(*plan_.pattern, plan_.arrivals, Arrivals::Share{.first = share_.index, .stride = share_.count});
  draw();
  arm();
}

/// What is due before the change stays due when it was, so that nothing needs to happen at that very instant.
void OpenLoad::steer(const Course& course) {
  if (!arrivals_) return;
  const Duration length = length_between(window_.begin, course.end);
  line_.follow(plan_.pattern, course.pattern, length);
  arrivals_->follow(*course.pattern, length, due_ ? Arrivals::Last::given_back : Arrivals::Last::stands);
  plan_.pattern = course.pattern;
  window_.end = course.end;
  draw();
  arm();
}

void OpenLoad::draw() {
  const std::optional<Duration> offset = arrivals_->next();
  due_ = offset ? std::optional(window_.begin + *offset) : std::nullopt;
  next_due_ = due_.value_or(kNever);
}

void OpenLoad::arm() {
  if (due_) {
    const bool last_moment = window_.end - *due_ < kLastMoment;
    reactor_.timers().arm(alarm_, last_moment ? std::min(*due_, reactor_.now() + kLook) : *due_);
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
    const Start start{{intended, now, now}, arrivals_->index(), 0, &ledger};
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

std::optional<Start> OpenLoad::next(const Start& /*landed*/) {
  if (line_.size() == 0) {
    --busy_;
    return std::nullopt;
  }
  const TimePoint now = reactor_.now();
  const WaitingLine::Waiter waiter = line_.pop();
  window_.ledger->queued(line_.size(), now);
  const TimePoint reached = std::min(window_.begin + waiter.reached, now);
  return Start{{window_.begin + waiter.intended, reached, now}, waiter.index, 0, window_.ledger};
}

Duration OpenLoad::apart() const {
  if (!due_) return Duration::zero();
  const double rate = plan_.pattern->rate_at(*due_ - window_.begin) / double(share_.count);
  return rate > 1 ? Duration(std::int64_t(1e9 / rate)) : Duration::zero();
}

void OpenLoad::close(Ending ending) {
  alarm_.cancel();
  if (!arrivals_) return;
  // By hand: what is due by now was missed, later ones never were.
  const TimePoint until = ending == Ending::scheduled ? window_.end : std::min(reactor_.now(), window_.end);
  if (due_ && *due_ < until) {
    const std::uint64_t unreached = 1 + arrivals_->remaining(until - window_.begin);
    window_.ledger->reached(unreached);
    window_.ledger->missed(unreached);
  }
  due_.reset();
  next_due_ = kNever;
  arrivals_.reset();
}

void OpenLoad::drop_waiting() {
  if (line_.size() == 0) return;
  window_.ledger->dropped(DropReason::deadline, line_.size());
  line_.clear();
  window_.ledger->queued(0, reactor_.now());
}

/// A window that has a time lasts it out; only the number of iterations ends it early.
bool OpenLoad::exhausted() const {
  if (line_.size() > 0) return false;
  return !arrivals_ || (!due_ && arrivals_->ended_by_limit());
}

}  // namespace vajrapulse::engine
