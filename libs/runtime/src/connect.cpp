#include "vajrapulse/runtime/connect.hpp"

#include <list>
#include <vector>

#include "vajrapulse/runtime/cancellation.hpp"
#include "vajrapulse/runtime/errors.hpp"

namespace vajrapulse::runtime {
namespace {

constexpr Duration kAttemptDelay = std::chrono::milliseconds(250);  // RFC 8305, section 5

/// RFC 8305, section 4: families take turns, beginning with that of the first address; within a family the
/// order stays.
std::vector<Address> interleave(std::span<const Address> addresses) {
  std::vector<Address> ordered;
  ordered.reserve(addresses.size());
  const int leading = addresses.empty() ? 0 : addresses.front().family();
  std::size_t same = 0;
  std::size_t other = 0;
  const auto take = [&](std::size_t& from, bool of_leading) {
    while (from < addresses.size() && (addresses[from].family() == leading) != of_leading)
      ++from;
    if (from < addresses.size()) ordered.push_back(addresses[from++]);
  };
  while (ordered.size() < addresses.size()) {
    take(same, true);
    take(other, false);
  }
  return ordered;
}

/// The attempts of one connect_any, in the frame of the coroutine that waits for them.
class Race {
 public:
  Race(Reactor& reactor, std::vector<Address> addresses, TimePoint deadline)
      : reactor_(reactor), addresses_(std::move(addresses)), deadline_(deadline) {}

  /// `co_await race`: resumes when there is a result and no attempt is left pending.
  bool await_ready() {
    if (deadline_ != TimePoint::max()) reactor_.timers().arm(deadline_timer_, deadline_);
    start_attempts();
    return pending_ == 0;
  }
  void await_suspend(std::coroutine_handle<> waiter) noexcept { waiter_ = waiter; }
  Reactor::Connected await_resume() {
    Reactor::Connected connected{failure(), std::move(winner_)};
    return connected;
  }

  /// Ends the race with `why`; the attempts complete in the next turn, never in here.
  void give_up(ErrorKind why) {
    if (over_) return;
    verdict_ = {why};
    finish();
  }

 private:
  struct Attempt : ConnectOp {
    Race* race = nullptr;
    bool pending = false;
  };
  struct RaceTimer : Timer {
    RaceTimer(Race& r, Fire fire) : Timer(fire), race(r) {}
    Race& race;
  };

  void start_attempts() {
    while (!over_ && next_ < addresses_.size()) {
      if (start_attempt()) continue;
      if (next_ < addresses_.size()) reactor_.timers().arm(stagger_timer_, reactor_.now() + kAttemptDelay);
      return;
    }
  }

  /// True when the attempt ended at once.
  bool start_attempt() {
    Attempt& attempt = attempts_.emplace_back();
    attempt.race = this;
    attempt.address = addresses_[next_++];
    attempt.notify_with([](Operation& op) {
      auto& ended = static_cast<Attempt&>(op);
      ended.race->on_ended(ended);
    });
    attempt.pending = true;
    ++pending_;
    if (!reactor_.start_connect(attempt)) return false;
    take_outcome(attempt);
    return true;
  }

  void take_outcome(Attempt& attempt) {
    attempt.pending = false;
    --pending_;
    if (over_ || !attempt.result.ok()) return;
    winner_ = std::move(attempt.stream);
    finish();
  }

  void on_ended(Attempt& attempt) {
    take_outcome(attempt);
    if (!over_) start_attempts();
    if (pending_ == 0) waiter_.resume();  // this Race is gone afterwards
  }

  void finish() {
    over_ = true;
    stagger_timer_.cancel();
    deadline_timer_.cancel();
    for (auto& attempt : attempts_) {
      if (attempt.pending) reactor_.abort_connect(attempt, verdict_.kind ? verdict_.kind : kCancelled);
    }
  }

  [[nodiscard]] IoResult failure() const {
    if (winner_) return {};
    if (verdict_.kind) return verdict_;
    return attempts_.empty() ? IoResult{kUnreachable} : attempts_.front().result;
  }

  Reactor& reactor_;
  std::vector<Address> addresses_;
  TimePoint deadline_;
  std::size_t next_ = 0;
  std::size_t pending_ = 0;
  std::list<Attempt> attempts_;  // stable addresses: the reactor keeps them
  std::unique_ptr<Stream> winner_;
  IoResult verdict_;
  bool over_ = false;
  std::coroutine_handle<> waiter_;
  RaceTimer stagger_timer_{*this, [](Timer& t) { static_cast<RaceTimer&>(t).race.start_attempts(); }};
  RaceTimer deadline_timer_{*this, [](Timer& t) { static_cast<RaceTimer&>(t).race.give_up(kConnectTimeout); }};
};

struct CancelRace : OnCancel {
  CancelRace(Cancellation& c, Race& r)
      : OnCancel(c, [](OnCancel& self, ErrorKind why) { static_cast<CancelRace&>(self).race.give_up(why); }), race(r) {}
  Race& race;
};

}  // namespace

Co<Reactor::Connected> connect_any(Reactor& reactor, std::span<const Address> addresses, TimePoint deadline,
                                   Cancellation* cancellation) {
  if (cancellation && cancellation->requested()) {
    Reactor::Connected cancelled{IoResult{cancellation->why()}, nullptr};
    co_return cancelled;
  }
  Race race{reactor, interleave(addresses), deadline};
  std::optional<CancelRace> on_cancel;
  if (cancellation) on_cancel.emplace(*cancellation, race);
  Reactor::Connected connected = co_await race;
  co_return connected;
}

}  // namespace vajrapulse::runtime
