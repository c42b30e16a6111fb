#include "vajrapulse/runtime/timers.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <utility>
#include <vector>

namespace vajrapulse::runtime {
namespace {

using namespace std::chrono_literals;

TimePoint at(Duration offset) { return TimePoint{offset}; }

/// A timer that says what to do when it fires.
struct Alarm : Timer {
  explicit Alarm(std::function<void(Alarm&)> act) : Timer(&fire), on_fire(std::move(act)) {}
  static void fire(Timer& timer) {
    auto& alarm = static_cast<Alarm&>(timer);
    alarm.on_fire(alarm);
  }
  std::function<void(Alarm&)> on_fire;
};

constexpr auto kNothing = [](Alarm&) {};

TEST(Timers, FiresNeverEarlyAndLessThanASlotLate) {
  TimerWheel wheel{at(0s)};
  int fired = 0;
  Alarm alarm{[&](Alarm&) { ++fired; }};
  wheel.arm(alarm, at(5000ns));  // its slot ends at 5 * 1024 = 5120
  EXPECT_EQ(wheel.fire_due(at(5119ns)), 0u);
  EXPECT_TRUE(alarm.armed());
  EXPECT_EQ(wheel.fire_due(at(5120ns)), 1u);
  EXPECT_EQ(fired, 1);
  EXPECT_FALSE(alarm.armed());
  EXPECT_EQ(wheel.size(), 0u);
  EXPECT_FALSE(wheel.next_wake());
}

TEST(Timers, NextWakeIsExactWithinTheNearestSlots) {
  TimerWheel wheel{at(0s)};
  Alarm alarm{kNothing};
  wheel.arm(alarm, at(60 * 1024ns));
  EXPECT_EQ(wheel.next_wake(), at(60 * 1024ns));
  alarm.cancel();
  EXPECT_FALSE(wheel.next_wake());
}

TEST(Timers, AFarTimerIsWokenForOnce) {
  TimerWheel wheel{at(1h)};
  Alarm alarm{kNothing};
  Alarm later{kNothing};
  const TimePoint due = at(1h + 5s + 123456789ns);
  wheel.arm(later, due + 2ms);
  wheel.arm(alarm, due);
  const TimePoint wake = wheel.next_wake().value();
  EXPECT_GE(wake, due);
  EXPECT_LT(wake, due + 1024ns);
  EXPECT_EQ(wheel.fire_due(wake - 1ns), 0u);
  EXPECT_EQ(wheel.fire_due(wake), 1u);
}

TEST(Timers, ManyFarTimersCostAtMostOneWakeALevel) {
  TimerWheel wheel{at(1h)};
  const TimePoint due = at(1h + 5s + 123456789ns);
  std::vector<std::unique_ptr<Alarm>> crowd;
  for (int i = 0; i < 100; ++i) {
    crowd.push_back(std::make_unique<Alarm>(kNothing));
    wheel.arm(*crowd.back(), due + 10ns * i);
  }
  int wakes = 0;
  TimePoint now = at(1h);
  for (std::size_t fired = 0; fired == 0; ++wakes) {
    now = wheel.next_wake().value();
    ASSERT_LE(now, due + 1024ns);
    fired = wheel.fire_due(now);
  }
  EXPECT_LE(wakes, 5);  // 5 s are 2^22.2 ticks: four digits of six bits, and the last firing
  EXPECT_GE(now, due);
}

TEST(Timers, FarAwayTimesAreKept) {
  TimerWheel wheel{at(0s)};
  Alarm never{kNothing};
  wheel.arm(never, TimePoint::max());
  EXPECT_EQ(wheel.fire_due(at(24h * 365 * 100)), 0u);
  EXPECT_TRUE(never.armed());
}

TEST(Timers, TimersOfOneSlotFireInTheOrderOfArmingEvenAfterACascade) {
  TimerWheel wheel{at(0s)};
  std::vector<int> order;
  std::vector<std::unique_ptr<Alarm>> alarms;
  for (int i = 0; i < 5; ++i) {
    alarms.push_back(std::make_unique<Alarm>([&order, i](Alarm&) { order.push_back(i); }));
    wheel.arm(*alarms.back(), at(1s));
  }
  wheel.fire_due(at(2s));
  EXPECT_EQ(order, (std::vector{0, 1, 2, 3, 4}));
}

TEST(Timers, ACallbackMayCancelAndDestroyTimersOfItsOwnSlot) {
  TimerWheel wheel{at(0s)};
  int fired = 0;
  auto victim = std::make_unique<Alarm>([&](Alarm&) { ++fired; });
  Alarm cancelled{[&](Alarm&) { ++fired; }};
  Alarm first{[&](Alarm&) {
    victim.reset();
    cancelled.cancel();
  }};
  wheel.arm(first, at(1us));
  wheel.arm(*victim, at(1us));
  wheel.arm(cancelled, at(1us));
  EXPECT_EQ(wheel.fire_due(at(10us)), 1u);
  EXPECT_EQ(fired, 0);
  EXPECT_EQ(wheel.size(), 0u);
}

TEST(Timers, ACallbackThatArmsForThePastFiresAtTheNextCallOnly) {
  TimerWheel wheel{at(0s)};
  int fired = 0;
  Alarm again{[&](Alarm& self) {
    ++fired;
    wheel.arm(self, at(0s));
  }};
  wheel.arm(again, at(1us));
  EXPECT_EQ(wheel.fire_due(at(1s)), 1u);
  EXPECT_LE(wheel.next_wake().value(), at(1s));
  EXPECT_EQ(wheel.fire_due(at(1s)), 1u);
  EXPECT_EQ(fired, 2);
}

TEST(Timers, RearmingMovesATimer) {
  TimerWheel wheel{at(0s)};
  Alarm alarm{kNothing};
  wheel.arm(alarm, at(1ms));
  wheel.arm(alarm, at(3ms));
  EXPECT_EQ(wheel.size(), 1u);
  EXPECT_EQ(wheel.fire_due(at(2ms)), 0u);
  EXPECT_EQ(wheel.fire_due(at(4ms)), 1u);
}

TEST(Timers, ATimerMayOutliveItsWheel) {
  Alarm alarm{kNothing};
  {
    TimerWheel wheel{at(0s)};
    wheel.arm(alarm, at(1s));
  }
  EXPECT_FALSE(alarm.armed());
}

/// The wheel beside the simplest thing that could be right: a map sorted by slot, then by arming.
class Oracle {
 public:
  explicit Oracle(std::uint64_t seed) : random_(seed), wheel_(now_) {
    for (int i = 0; i < kTimers; ++i) {
      alarms_.push_back(std::make_unique<Alarm>([this, i](Alarm&) { fired_.push_back(i); }));
    }
  }

  void step() {
    switch (pick(4)) {
      case 0:
      case 1: return arm();
      case 2: return cancel();
      default: return advance();
    }
  }

 private:
  static constexpr int kTimers = 200;
  using Key = std::pair<std::int64_t, std::uint64_t>;

  std::uint64_t pick(std::uint64_t bound) { return random_() % bound; }
  Duration random_span() { return Duration{static_cast<std::int64_t>(random_() >> (24 + pick(40)))}; }
  static std::int64_t slot_after(TimePoint t) { return (to_ns(t.time_since_epoch()) + 1023) / 1024; }
  std::int64_t present() const { return to_ns(now_.time_since_epoch()) / 1024; }

  void forget(int i) {
    std::erase_if(expected_, [i](const auto& entry) { return entry.second == i; });
  }

  void arm() {
    const int i = static_cast<int>(pick(kTimers));
    const TimePoint due = pick(8) == 0 ? now_ - random_span() : now_ + random_span();
    forget(i);
    expected_[{std::max(slot_after(due), present()), ++armings_}] = i;
    wheel_.arm(*alarms_[i], due);
  }

  void cancel() {
    const int i = static_cast<int>(pick(kTimers));
    forget(i);
    alarms_[i]->cancel();
    ASSERT_EQ(wheel_.size(), expected_.size());
  }

  void advance() {
    const auto wake = wheel_.next_wake();
    ASSERT_EQ(wake.has_value(), !expected_.empty());
    if (wake) {
      ASSERT_LE(to_ns(wake->time_since_epoch()) / 1024, expected_.begin()->first.first);
    }
    now_ = (wake && pick(2) == 0) ? std::max(now_, *wake) : now_ + random_span();
    std::vector<int> due;
    while (!expected_.empty() && expected_.begin()->first.first <= present()) {
      due.push_back(expected_.begin()->second);
      expected_.erase(expected_.begin());
    }
    fired_.clear();
    ASSERT_EQ(wheel_.fire_due(now_), due.size());
    ASSERT_EQ(fired_, due);
  }

  std::mt19937_64 random_;
  TimePoint now_ = at(777h);
  TimerWheel wheel_;
  std::vector<std::unique_ptr<Alarm>> alarms_;
  std::map<Key, int> expected_;
  std::vector<int> fired_;
  std::uint64_t armings_ = 0;
};

class TimersAgainstASortedMap : public testing::TestWithParam<std::uint64_t> {};

TEST_P(TimersAgainstASortedMap, AgreeOnWhatFiresWhenAndInWhichOrder) {
  Oracle oracle{GetParam()};
  for (int i = 0; i < 20'000 && !HasFatalFailure(); ++i)
    oracle.step();
}

INSTANTIATE_TEST_SUITE_P(Seeds, TimersAgainstASortedMap, testing::Range<std::uint64_t>(1, 9));

/// What far timers go through on their way, and who is cancelled or armed anew meanwhile, changes nothing about when
/// they fire.
TEST(Timers, ManyFarTimersFireWhenTheyAreDue) {
  std::mt19937_64 random(20261126);
  const auto below = [&](std::uint64_t bound) { return std::int64_t(random() % bound); };
  TimerWheel wheel{at(3s)};
  Duration now = 3s;
  std::size_t fired = 0;
  std::vector<std::unique_ptr<Alarm>> alarms;
  for (int i = 0; i < 20'000; ++i) {
    alarms.push_back(std::make_unique<Alarm>([&](Alarm& alarm) {
      ++fired;
      EXPECT_LE(alarm.due(), at(now));
      EXPECT_LT(at(now) - alarm.due(), 1ms + 2 * 1024ns) << "later than the step that it was due in";
    }));
    wheel.arm(*alarms.back(), at(now + Duration(below(60'000'000'000))));
  }
  std::size_t cancelled = 0;
  while (now < 120s) {
    now += 1ms;
    wheel.fire_due(at(now));
    Alarm& one = *alarms[std::size_t(below(alarms.size()))];
    if (!one.armed()) continue;
    if (below(4) == 0) {
      one.cancel();
      ++cancelled;
    } else if (now < 50s) {
      wheel.arm(one, at(now + Duration(below(60'000'000'000))));
    }
  }
  EXPECT_EQ(fired + cancelled, alarms.size());
  EXPECT_EQ(wheel.size(), 0U);
  EXPECT_FALSE(wheel.next_wake());
}

/// 60,000 that are due just after the wheel's 17 s are over: sorted beforehand, none of them late by more than a few.
TEST(Timers, AnEndOfAFarSlotIsNoBurst) {
  constexpr Duration kBoundary = Duration(std::int64_t{1} << 34);
  TimerWheel wheel{at(1s)};
  std::vector<Duration> order;
  std::vector<std::unique_ptr<Alarm>> alarms;
  for (int i = 0; i < 60'000; ++i) {
    alarms.push_back(std::make_unique<Alarm>([&](Alarm& alarm) { order.push_back(alarm.due() - at(0s)); }));
    wheel.arm(*alarms.back(), at(kBoundary + Duration(std::int64_t{i} * 100'000)));
  }
  for (Duration now = 1s; now < kBoundary + 6s + 1ms; now += 1ms)
    wheel.fire_due(at(now));
  EXPECT_EQ(order.size(), alarms.size());
  EXPECT_TRUE(std::ranges::is_sorted(order));
}

}  // namespace
}  // namespace vajrapulse::runtime
