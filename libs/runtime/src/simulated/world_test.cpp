#include "vajrapulse/runtime/simulated/world.hpp"

#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

#include "vajrapulse/runtime/errors.hpp"
#include "vajrapulse/runtime/resolver.hpp"

namespace vajrapulse::runtime::simulated {
namespace {

using namespace std::chrono_literals;

Co<void> note_times(Reactor& reactor, Duration every, int count, std::vector<TimePoint>& times) {
  for (int i = 0; i < count; ++i) {
    co_await reactor.sleep_for(every);
    times.push_back(reactor.now());
  }
}

TEST(World, TimeJumpsToTheNextEventAndNoFurther) {
  World world{1};
  Reactor& shard = world.reactor();
  const TimePoint start = world.clock().now();
  std::vector<TimePoint> times;
  spawn(note_times(shard, 24h, 3, times));
  world.run();
  ASSERT_EQ(times.size(), 3U);
  for (std::size_t i = 0; i < times.size(); ++i) {
    const Duration late = times[i] - (start + 24h * (i + 1));
    EXPECT_GE(late, 0ns);
    EXPECT_LT(late, 4us);  // a slot of the timer wheel is 1.024 us
  }
  EXPECT_EQ(world.clock().now(), times.back());
}

TEST(World, RunStopsAtItsLimitAndTheCalendarFollowsTheClock) {
  World world{1};
  Reactor& shard = world.reactor();
  const TimePoint start = world.clock().now();
  const WallTime wall = world.clock().wall_now();
  EXPECT_EQ(wall, (WallTime{std::chrono::sys_days{std::chrono::year{2026} / 1 / 1}}));
  std::vector<TimePoint> times;
  spawn(note_times(shard, 1s, 10, times));
  world.run(start + 3500ms);
  EXPECT_EQ(times.size(), 3U);
  EXPECT_EQ(world.clock().now(), start + 3500ms);
  EXPECT_EQ(shard.wall_now(), wall + 3500ms);
  world.run();
  EXPECT_EQ(times.size(), 10U);
}

TEST(World, RunUntilSaysWhenItRanDry) {
  World world{1};
  Reactor& shard = world.reactor();
  std::vector<TimePoint> times;
  spawn(note_times(shard, 1s, 5, times));
  EXPECT_TRUE(world.run_until([&] { return times.size() == 2; }));
  EXPECT_EQ(times.size(), 2U);
  EXPECT_FALSE(world.run_until([&] { return times.size() == 6; }));
  EXPECT_EQ(times.size(), 5U);
}

TEST(World, MessagesKeepTheirOrderAndComeFromAnyThread) {
  World world{1};
  Reactor& a = world.reactor("a");
  Reactor& b = world.reactor("b");
  std::string said;
  a.post([&] {
    said += "a1 ";
    b.post([&] { said += "b1 "; });
    b.post([&] { said += "b2 "; });
    a.post([&] { said += "a2 "; });
  });
  world.run();
  EXPECT_EQ(said, "a1 b1 b2 a2 ");
  std::thread([&] { a.post([&] { said += "thread"; }); }).join();
  world.run();
  EXPECT_EQ(said, "a1 b1 b2 a2 thread");
}

TEST(World, MessagesNeverArriveBeforeTheyWereSent) {
  World world{1, {.turn_cost = 1ms}};
  Reactor& busy = world.reactor("busy");
  Reactor& idle = world.reactor("idle");
  TimePoint sent;
  TimePoint arrived;
  for (int i = 0; i < 5; ++i)
    busy.post([] {});
  busy.post([&] {
    sent = busy.now();
    idle.post([&] { arrived = idle.event_time(); });
  });
  const TimePoint start = world.clock().now();
  world.run();
  EXPECT_EQ(sent, start + 5ms);
  EXPECT_GE(arrived, sent);
}

struct Deferred : Operation {
  int completions = 0;
  Deferred() {
    notify_with([](Operation& op) { ++static_cast<Deferred&>(op).completions; });
  }
};

TEST(World, DeferredOperationsCompleteLaterNotInsideTheCall) {
  World world{1};
  Reactor& shard = world.reactor();
  Deferred op;
  shard.defer(op);
  EXPECT_EQ(op.completions, 0);
  world.run();
  EXPECT_EQ(op.completions, 1);
}

TEST(World, PollingDescriptorsIsRefused) {
  World world{1};
  PollOp op;
  EXPECT_TRUE(world.reactor().start_poll(op));
  EXPECT_EQ(op.result.kind, kIo);
}

TEST(World, WaitingInALoopOfEmptyWaitsEnds) {
  World world{1};
  Reactor& shard = world.reactor();
  bool done = false;
  const auto body = [](Reactor& r, bool& flag) -> Co<void> {
    const TimePoint until = r.now() + 1us;
    while (r.now() < until)
      co_await r.sleep_until(r.now());
    flag = true;
  };
  spawn(body(shard, done));
  EXPECT_TRUE(world.run_until([&] { return done; }));
}

TEST(World, AFrozenReactorHandlesNothingAndThenItsBacklog) {
  World world{1};
  Reactor& shard = world.reactor("shard");
  Reactor& other = world.reactor("other");
  const TimePoint start = world.clock().now();
  std::vector<TimePoint> frozen;
  std::vector<TimePoint> free;
  spawn(note_times(shard, 1ms, 3, frozen));
  spawn(note_times(other, 1ms, 3, free));
  world.freeze(shard, 100ms);
  world.run();
  EXPECT_EQ(frozen.front(), start + 100ms);
  EXPECT_LT(free.back(), start + 4ms);
}

struct Turns final : TurnObserver {
  std::vector<Duration> busy;
  void on_turn(Duration d) noexcept override { busy.push_back(d); }
};

TEST(World, WorkTakesTimeOnItsOwnShardOnly) {
  World world{1, {.turn_cost = 1ms}};
  Reactor& busy = world.reactor("busy");
  Reactor& idle = world.reactor("idle");
  Turns turns;
  busy.observe_turns(turns);
  const TimePoint start = world.clock().now();
  std::vector<TimePoint> stamps;
  std::vector<TimePoint> others;
  for (int i = 0; i < 4; ++i)
    busy.post([&] { stamps.push_back(busy.event_time()); });
  spawn(note_times(idle, 100us, 1, others));
  world.run();
  EXPECT_EQ(stamps, (std::vector<TimePoint>{start, start + 1ms, start + 2ms, start + 3ms}));
  EXPECT_EQ(turns.busy, std::vector<Duration>{4ms});
  EXPECT_LT(others.at(0), start + 1ms);
}

TEST(World, AMillionSleepersWake) {
  World world{3};
  Reactor& shard = world.reactor();
  std::size_t awake = 0;
  const auto sleeper = [](Reactor& r, Duration d, std::size_t& count) -> Co<void> {
    co_await r.sleep_for(d);
    ++count;
  };
  constexpr std::size_t kSleepers = 1'000'000;
  for (std::size_t i = 0; i < kSleepers; ++i)
    spawn(sleeper(shard, 1us * (i % 100'000), awake));
  world.run();
  EXPECT_EQ(awake, kSleepers);
}

Co<void> look_up(Reactor& reactor, std::string host, std::string& into) {
  const auto found = co_await reactor.resolver().resolve(host, 80);
  if (!found) {
    into = found.error().kind.name();
    co_return;
  }
  for (const Address& address : *found)
    into += address.text() + " ";
}

TEST(World, NamesAreWhatTheWorldSays) {
  World world{1};
  Reactor& shard = world.reactor();
  world.name("shop.test", {*Address::ip("10.0.0.1", 0), *Address::ip("fd00::1", 0)});
  std::string known, unknown, numeric, local, pinned;
  shard.resolver().pin("pin.test", 80, *Address::ip("10.9.9.9", 8080));
  spawn(look_up(shard, "shop.test", known));
  spawn(look_up(shard, "nobody.test", unknown));
  spawn(look_up(shard, "192.0.2.7", numeric));
  spawn(look_up(shard, "localhost", local));
  spawn(look_up(shard, "pin.test", pinned));
  world.run();
  EXPECT_EQ(known, "10.0.0.1:80 [fd00::1]:80 ");
  EXPECT_EQ(unknown, "dns-failure");
  EXPECT_EQ(numeric, "192.0.2.7:80 ");
  EXPECT_EQ(local, "127.0.0.1:80 ");
  EXPECT_EQ(pinned, "10.9.9.9:8080 ");
}

}  // namespace
}  // namespace vajrapulse::runtime::simulated
