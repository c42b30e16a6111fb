#include <poll.h>
#include <unistd.h>

#include <thread>
#include <vector>

#include "reactor_test_support.hpp"

namespace vajrapulse::runtime {
namespace {

using namespace std::chrono_literals;

class Reactors : public RealReactor {};

// Real time on purpose: the sleep itself is what is tested, and only from below (a late wake-up fails nothing).
TEST_P(Reactors, SleepsAreNeverEarly) {
  const auto body = [](Reactor& r) -> Co<void> {
    for (const Duration d : {Duration(1us), Duration(100us), Duration(1500us), Duration(20ms)}) {
      const TimePoint due = r.now() + d;
      co_await r.sleep_until(due);
      EXPECT_GE(r.now(), due);
      EXPECT_GE(r.event_time(), due);
    }
  };
  run(body(reactor()));
}

TEST_P(Reactors, MessagesOfOneThreadArriveInOrder) {
  constexpr int kThreads = 4;
  constexpr int kMessages = 2000;
  std::vector<int> next(kThreads, 0);
  int arrived = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kMessages; ++i) {
        reactor().post([&, t, i] {
          EXPECT_EQ(next[t]++, i);
          if (++arrived == kThreads * kMessages) reactor().stop();
        });
      }
    });
  }
  reactor().run();
  for (std::thread& thread : threads)
    thread.join();
  EXPECT_EQ(arrived, kThreads * kMessages);
}

TEST_P(Reactors, AMessageWakesASleepingLoop) {
  std::thread poster;
  reactor().post([&] { poster = std::thread([&] { reactor().post([&] { reactor().stop(); }); }); });
  reactor().run();
  poster.join();
}

TEST_P(Reactors, StopFromAnotherThreadEndsASleepingLoop) {
  std::thread stopper;
  reactor().post([&] { stopper = std::thread([&] { reactor().stop(); }); });
  reactor().run();
  stopper.join();
}

TEST_P(Reactors, MayBeMadeOnOneThreadAndRunOnAnother) {
  auto listener = listen();
  std::thread([&] {
    const auto body = [](Reactor& r, Listener& l) -> Co<void> {
      Pair pair = co_await connected(r, l);
      co_await send_all(*pair.client, "ping");
      EXPECT_EQ(co_await receive_exactly(*pair.server, 4), "ping");
    };
    run(body(reactor(), *listener));
  }).join();
}

TEST_P(Reactors, OneThatRanElsewhereMayEndBesideOneThatRunsHere) {
  const auto turn_once = [&] {
    reactor().post([&] { reactor().stop(); });
    reactor().run();
  };
  turn_once();
  auto other = make_reactor(GetParam());
  ASSERT_TRUE(other);
  std::thread([&] {
    other->reactor->post([&] { other->reactor->stop(); });
    other->reactor->run();
  }).join();
  other->reactor.reset();
  turn_once();
}

TEST_P(Reactors, DeferCompletesLaterNotInsideTheCall) {
  struct Op : Operation {
    bool done = false;
    Reactor* reactor = nullptr;
  };
  Op op;
  op.notify_with([](Operation& o) {
    static_cast<Op&>(o).done = true;
    static_cast<Op&>(o).reactor->stop();
  });
  op.reactor = &reactor();
  reactor().defer(op);
  EXPECT_FALSE(op.done);
  reactor().run();
  EXPECT_TRUE(op.done);
}

struct Polling : PollOp {
  Polling(int descriptor, short wanted) {
    fd = descriptor;
    events = wanted;
    notify_with([](Operation& o) { ++static_cast<Polling&>(o).completions; });
  }
  int completions = 0;
};

struct Pipe {
  Pipe() { EXPECT_EQ(::pipe(ends), 0); }
  ~Pipe() {
    ::close(ends[0]);
    ::close(ends[1]);
  }
  int ends[2] = {-1, -1};
};

TEST_P(Reactors, PollTellsWhenADescriptorIsReady) {
  Pipe pipe;
  const auto body = [](Reactor& r, Pipe& p) -> Co<void> {
    Polling reading{p.ends[0], POLLIN};
    EXPECT_FALSE(r.start_poll(reading));
    co_await r.sleep_for(1ms);
    EXPECT_EQ(reading.completions, 0);
    EXPECT_EQ(::write(p.ends[1], "x", 1), 1);
    while (reading.completions == 0)
      co_await r.sleep_for(100us);
    EXPECT_TRUE(reading.result.ok());
    EXPECT_NE(reading.ready & POLLIN, 0);
    // Ready already: level-triggered, as poll(2) is.
    Polling again{p.ends[0], POLLIN};
    if (!r.start_poll(again)) {
      while (again.completions == 0)
        co_await r.sleep_for(100us);
    }
    EXPECT_NE(again.ready & POLLIN, 0);
  };
  run(body(reactor(), pipe));
}

TEST_P(Reactors, CancelledPollCompletesOnceAsCancelled) {
  Pipe pipe;
  const auto body = [](Reactor& r, Pipe& p) -> Co<void> {
    Polling reading{p.ends[0], POLLIN};
    EXPECT_FALSE(r.start_poll(reading));
    co_await r.sleep_for(1ms);
    r.cancel_poll(reading);
    EXPECT_EQ(reading.completions, 0);
    while (reading.completions == 0)
      co_await r.sleep_for(100us);
    EXPECT_EQ(reading.result.kind, kCancelled);
    EXPECT_EQ(::write(p.ends[1], "x", 1), 1);
    co_await r.sleep_for(1ms);
    EXPECT_EQ(reading.completions, 1);
  };
  run(body(reactor(), pipe));
}

struct Turns : TurnObserver {
  void on_turn(Duration busy) noexcept override {
    ++count;
    EXPECT_GE(busy, Duration::zero());
  }
  int count = 0;
};

TEST_P(Reactors, TellsWhatTurnsCost) {
  Turns turns;
  reactor().observe_turns(turns);
  const auto body = [](Reactor& r) -> Co<void> {
    for (int i = 0; i < 10; ++i)
      co_await r.sleep_for(10us);
  };
  run(body(reactor()));
  reactor().forget_turns(turns);
  EXPECT_GE(turns.count, 10);
}

TEST_P(Reactors, RunsAgainAfterStop) {
  int runs = 0;
  for (int i = 0; i < 3; ++i) {
    reactor().post([&] {
      ++runs;
      reactor().stop();
    });
    reactor().run();
  }
  EXPECT_EQ(runs, 3);
}

VP_ON_BOTH_REACTORS(Reactors);

}  // namespace
}  // namespace vajrapulse::runtime
