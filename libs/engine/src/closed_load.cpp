#include "closed_load.hpp"

#include <algorithm>
#include <utility>

namespace vajrapulse::engine {

ClosedLoad::ClosedLoad(Launcher& launcher, ShardShare share, const ClosedModel& model)
    : launcher_(launcher), reactor_(launcher.reactor()), share_(share), model_(model) {}

void ClosedLoad::make_users(std::uint64_t most) {
  const std::uint64_t mine = share_.of(most);
  while (users_.size() < mine)
    users_.push_back(std::make_unique<User>(*this, share_.index + users_.size() * share_.count));
}

double ClosedLoad::rate(TimePoint now) const {
  if (!paced() || !round_ || !round_->open || round_->rota.paused_at(now)) return 0;
  return double(share_.of(round_->rota.users_at(now))) / std::chrono::duration<double>(model_.pacing).count();
}

void ClosedLoad::enter(const Window& window) {
  earlier_.reset();
  if (round_ && waits(*round_, &User::turns)) earlier_ = std::move(round_);
  round_.emplace(Round{.rota = Rota(window, plan_.population, model_.pacing), .plan = plan_, .last_due = {}});
  make_users(plan_.population.most());
  for (const auto& user : users_) {
    user->owed = std::exchange(user->turns, 0);
    user->until = TimePoint::min();
    if (!user->busy) arm(*user);
  }
}

/// An idle user begins when it may, if anybody knows when that is.
void ClosedLoad::arm(User& user) {
  const Rota& rota = round_->rota;
  TimePoint from;
  if (paced()) {
    from = rota.due(user.id, user.turns);
  } else {
    const Rota::Presence presence = rota.presence(user.id, std::max(user.ready, reactor_.now()));
    from = presence.from;
    user.until = presence.until;
  }
  if (from >= rota.window().end) {
    user.cancel();
  } else {
    reactor_.timers().arm(user, from);
  }
}

void ClosedLoad::steer(const Course& course) {
  if (!round_ || !round_->open) return;
  round_->rota.steer(course);
  make_users(course.population->most());
  for (const auto& user : users_) {
    user->until = TimePoint::min();
    if (!user->busy) arm(*user);
  }
}

Start ClosedLoad::start(Round& round, User& user, const StartTimes& times) {
  user.busy = true;
  return {times, share_.index + round.started++ * share_.count, user.id, round.rota.window().ledger};
}

/// The user is idle, and its time has come.
void ClosedLoad::begin(User& user) {
  Round& round = *round_;
  const TimePoint now = reactor_.now();
  if (now >= round.rota.window().end) return;  // unreached: the shard closes the window
  if (!round.open || !round.may_start()) return;
  const TimePoint intended = paced() ? round.rota.due(user.id, user.turns) : now;
  if (intended > now || (!paced() && now >= user.until)) return arm(user);
  ++user.turns;
  launcher_.launch(start(round, user, {intended, now, now, intended}));
}

/// The user has just become free: an intended start that has passed waited for the user, not for the shard.
std::optional<Start> ClosedLoad::take_turn(Round& round, Turns taken, User& user, TimePoint free) {
  const TimePoint now = reactor_.now();
  if (!round.may_start() || (!round.open && !round.last_due)) return std::nullopt;
  const TimePoint intended = round.rota.due(user.id, user.*taken);
  // A shard that was held up may get here before it has closed the window.
  if (intended >= round.last_due.value_or(round.rota.window().end)) return std::nullopt;
  if (intended > now) {
    reactor_.timers().arm(user, intended);
    return std::nullopt;
  }
  ++(user.*taken);
  return start(round, user, {intended, intended, now, std::max(intended, free)});
}

Duration ClosedLoad::think(const User& user) const {
  const auto [least, most] = model_.think;
  Random random = Random(round_->plan.think_seed).fork(user.id).fork(user.turns);
  return least + Duration(std::int64_t(random.below(std::uint64_t((most - least).count()) + 1)));
}

/// Without a pacing: at once, or when it has thought and may.
std::optional<Start> ClosedLoad::go_on(User& user, TimePoint now) {
  Round& round = *round_;
  if (!round.open || !round.may_start()) return std::nullopt;
  if (thinks()) {
    user.ready = now + think(user);
  } else if (now < user.until) {
    ++user.turns;
    return start(round, user, {now, now, now, now});
  }
  arm(user);
  return std::nullopt;
}

std::optional<Start> ClosedLoad::next(const Start& landed, TimePoint free) {
  User& user = *users_[landed.user / share_.count];
  user.busy = false;
  if (!paced()) return go_on(user, reactor_.now());
  if (earlier_)
    if (const auto start = take_turn(*earlier_, &User::owed, user, free)) return start;
  return take_turn(*round_, &User::turns, user, free);
}

void ClosedLoad::dispatch() {
  if (!round_ || !round_->open || !paced()) return;
  const TimePoint now = reactor_.now();
  for (const auto& user : users_) {
    if (user->busy || !user->armed() || user->due() > now) continue;
    user->cancel();
    begin(*user);
  }
}

void ClosedLoad::close(Ending ending) {
  if (!round_ || !round_->open) return;
  Round& round = *round_;
  round.open = false;
  for (const auto& user : users_)
    user->cancel();
  if (!paced()) return;
  const TimePoint now = reactor_.now();
  const Window& window = round.rota.window();
  // By hand: turns that are due by now still wait, later ones never were.
  round.last_due = ending == Ending::scheduled ? window.end : std::min(now + Duration(1), window.end);
  std::uint64_t unreached = 0;
  for (const auto& user : users_) {
    if (user->busy) continue;
    const std::uint64_t due = round.rota.due_before(user->id, *round.last_due);
    if (ending == Ending::scheduled) unreached += due - std::min(due, user->turns);
    user->turns = std::max(due, user->turns);
  }
  if (round.plan.iterations) unreached = std::min(unreached, *round.plan.iterations - round.started);
  round.lost += unreached;
  window.ledger->missed(unreached);
  settle();
}

/// Whether turns are due, and were not taken, that still may be.
bool ClosedLoad::waits(const Round& round, Turns taken) const {
  if (!paced() || !round.may_start() || !round.last_due) return false;
  return std::ranges::any_of(
      users_, [&](const auto& user) { return (*user).*taken < round.rota.due_before(user->id, *round.last_due); });
}

void ClosedLoad::drop(Waiting which) {
  if (earlier_ && which == Waiting::all) drop(*earlier_, &User::owed);
  if (round_) drop(*round_, &User::turns);
}

void ClosedLoad::drop(Round& round, Turns taken) {
  settle(round, taken);
  if (!round.last_due) return;
  Ledger& ledger = *round.rota.window().ledger;
  const std::uint64_t waiting = ledger.counts().queued;
  round.last_due.reset();
  round.lost += waiting;
  ledger.dropped(DropReason::deadline, waiting);
  ledger.settle(round.started + round.lost, 0, reactor_.now());
}

bool ClosedLoad::exhausted() const {
  if (!round_) return true;
  if (earlier_ && waits(*earlier_, &User::owed)) return false;
  if (!round_->may_start()) return true;
  return round_->open ? deserted() : !waits(*round_, &User::turns);
}

/// Only iterations would end it, and nobody is there, or will come, to do them.
bool ClosedLoad::deserted() const {
  const Rota& rota = round_->rota;
  if (!round_->plan.iterations || rota.window().end != TimePoint::max() || rota.stands_still()) return false;
  return std::ranges::none_of(users_, [](const auto& user) { return user->armed() || user->busy; });
}

void ClosedLoad::settle() {
  if (earlier_) settle(*earlier_, &User::owed);
  if (round_) settle(*round_, &User::turns);
}

/// Turns that are due and not taken are waiting for their users.
void ClosedLoad::settle(Round& round, Turns taken) {
  if (!paced() || (!round.open && !round.last_due)) return;
  const TimePoint now = reactor_.now();
  const TimePoint until = round.last_due ? *round.last_due : std::min(now + Duration(1), round.rota.window().end);
  std::uint64_t waiting = 0;
  for (const auto& user : users_) {
    const std::uint64_t due = round.rota.due_before(user->id, until);
    waiting += due - std::min(due, (*user).*taken);
  }
  if (const auto limit = round.plan.iterations)
    waiting = std::min(waiting, *limit - std::min(*limit, round.started + round.lost));
  round.rota.window().ledger->settle(round.started + round.lost + waiting, waiting, now);
}

}  // namespace vajrapulse::engine
