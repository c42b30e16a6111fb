#include "closed_load.hpp"

#include <algorithm>

namespace vajrapulse::engine {

ClosedLoad::ClosedLoad(Launcher& launcher, ShardShare share, const ClosedModel& model)
    : launcher_(launcher), reactor_(launcher.reactor()), share_(share), model_(model) {
  for (std::uint64_t i = 0; i < share.of(model.users); ++i) {
    auto user = std::make_unique<User>();
    user->load = this;
    user->id = share.index + i * share.count;
    users_.push_back(std::move(user));
  }
}

void ClosedLoad::User::begin(Timer& timer) {
  auto& user = static_cast<User&>(timer);
  user.load->begin(user);
}

/// User u of n begins at u/n of the pacing; then one turn a pacing, of the time that was not paused.
TimePoint ClosedLoad::turn_of(const User& user, std::uint64_t turn) const noexcept {
  const auto pacing = model_.pacing.count();
  __extension__ typedef __int128 Wide;
  const auto offset = std::int64_t(Wide(pacing) * Wide(user.id) / Wide(model_.users));
  return pauses_.shifted(window_.begin + Duration(offset) + std::int64_t(turn) * model_.pacing);
}

/// How many of the user's turns are due before `time`.
std::uint64_t ClosedLoad::turns_before(const User& user, TimePoint time) const noexcept {
  const TimePoint first = turn_of(user, 0);
  if (first >= time) return 0;
  const Duration since = time - first - pauses_.within(first, time);
  return std::uint64_t((since.count() - 1) / model_.pacing.count()) + 1;
}

void ClosedLoad::enter(const Window& window) {
  window_ = window;
  pauses_ = {};
  open_ = true;
  last_due_.reset();
  started_ = lost_ = 0;
  for (const auto& user : users_) {
    user->turns = 0;
    if (!user->busy) arm(*user);
  }
}

/// An idle user begins when it may, if anybody knows when that is.
void ClosedLoad::arm(User& user) {
  const TimePoint soonest = std::max(window_.begin, reactor_.now());
  const TimePoint due = paced() ? turn_of(user, user.turns) : pauses_.resumed(soonest);
  if (due == TimePoint::max()) {
    user.cancel();
  } else {
    reactor_.timers().arm(user, due);
  }
}

void ClosedLoad::steer(const Course& course) {
  if (!open_) return;
  pauses_ = course.pauses;
  window_.end = course.end;
  for (const auto& user : users_)
    if (!user->busy) arm(*user);
}

/// The user is idle, and its time has come.
void ClosedLoad::begin(User& user) {
  const TimePoint now = reactor_.now();
  if (now >= window_.end) return;  // unreached: the shard closes the window
  if (paced() && turn_of(user, user.turns) > now) return;
  if (!open_ || !may_start()) return;
  if (!paced() && pauses_.resumed(now) != now) return arm(user);
  const TimePoint intended = paced() ? turn_of(user, user.turns) : now;
  ++user.turns;
  user.busy = true;
  const Start start{{intended, now, now}, share_.index + started_++ * share_.count, user.id, window_.ledger};
  launcher_.launch(start);
}

/// The user has just become free: an intended start that has passed waited for the user, not for the shard.
std::optional<Start> ClosedLoad::take_turn(User& user, TimePoint now) {
  if (!may_start() || (!open_ && !last_due_)) return std::nullopt;
  TimePoint intended = now;
  if (paced()) {
    intended = turn_of(user, user.turns);
    // A shard that was held up may get here before it has closed the window.
    if (intended >= last_due_.value_or(window_.end)) return std::nullopt;
    if (intended > now) {
      if (intended < window_.end) reactor_.timers().arm(user, intended);
      return std::nullopt;
    }
  } else if (now >= window_.end) {
    return std::nullopt;
  } else if (const TimePoint resumed = pauses_.resumed(now); resumed != now) {
    if (resumed < window_.end) reactor_.timers().arm(user, resumed);
    return std::nullopt;
  }
  ++user.turns;
  return Start{{intended, intended, now}, share_.index + started_++ * share_.count, user.id, window_.ledger};
}

std::optional<Start> ClosedLoad::next(const Start& landed) {
  User& user = *users_[landed.user / share_.count];
  const std::optional<Start> start = take_turn(user, reactor_.now());
  user.busy = start.has_value();
  return start;
}

void ClosedLoad::dispatch() {
  if (!open_ || !paced()) return;
  const TimePoint now = reactor_.now();
  for (const auto& user : users_) {
    if (user->busy || !user->armed() || user->due() > now) continue;
    user->cancel();
    begin(*user);
  }
}

void ClosedLoad::close(Ending ending) {
  if (!open_) return;
  open_ = false;
  const TimePoint now = reactor_.now();
  // By hand: turns that are due by now still wait, later ones never were.
  last_due_ = ending == Ending::scheduled ? window_.end : std::min(now + Duration(1), window_.end);
  std::uint64_t unreached = 0;
  for (const auto& user : users_) {
    user->cancel();
    if (!paced() || user->busy) continue;
    const std::uint64_t due = turns_before(*user, *last_due_);
    if (ending == Ending::scheduled) unreached += due - std::min(due, user->turns);
    user->turns = std::max(due, user->turns);
  }
  if (allowance_) unreached = std::min(unreached, *allowance_ - started_);
  lost_ += unreached;
  window_.ledger->missed(unreached);
  if (!paced()) last_due_.reset();
  settle();
}

void ClosedLoad::drop_waiting() {
  settle();
  if (!paced() || !last_due_) return;
  const std::uint64_t waiting = window_.ledger->counts().queued;
  last_due_.reset();
  lost_ += waiting;
  window_.ledger->dropped(DropReason::deadline, waiting);
  window_.ledger->settle(started_ + lost_, 0, reactor_.now());
}

bool ClosedLoad::exhausted() const {
  if (!may_start()) return true;
  if (open_) return false;
  if (!last_due_) return true;
  return std::ranges::none_of(users_, [&](const auto& user) { return user->turns < turns_before(*user, *last_due_); });
}

/// Turns that are due and not taken are waiting for their users.
void ClosedLoad::settle() {
  if (!paced() || !window_.ledger) return;
  if (!open_ && !last_due_) return;
  const TimePoint now = reactor_.now();
  const TimePoint until = last_due_ ? *last_due_ : std::min(now + Duration(1), window_.end);
  std::uint64_t waiting = 0;
  for (const auto& user : users_) {
    const std::uint64_t due = turns_before(*user, until);
    waiting += due - std::min(due, user->turns);
  }
  if (allowance_) waiting = std::min(waiting, *allowance_ - std::min(*allowance_, started_ + lost_));
  window_.ledger->settle(started_ + lost_ + waiting, waiting, now);
}

}  // namespace vajrapulse::engine
