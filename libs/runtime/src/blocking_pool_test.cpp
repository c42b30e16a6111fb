#include "vajrapulse/runtime/blocking_pool.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <optional>
#include <stdexcept>
#include <thread>

#include "connect_scripted_reactor.hpp"

namespace vajrapulse::runtime {
namespace {

using fakes::ScriptedReactor;
using namespace std::chrono_literals;

Co<void> run_in(BlockingPool& pool, Reactor& reactor, std::function<void()> work, std::optional<Duration>& waited) {
  const BlockingPool::Done done = co_await pool.run(reactor, std::move(work));
  waited = done.waited;
}

/// Turns until `done`; pool threads post, so there is nothing to wait on but the mailbox.
template <class Done>
void turn_until(ScriptedReactor& reactor, Done done) {
  while (!done()) {
    if (!reactor.turn()) std::this_thread::yield();
  }
}

TEST(BlockingPool, RunsOnAnotherThreadAndResumesOnTheShard) {
  BlockingPool pool{2};
  ScriptedReactor reactor;
  std::thread::id ran_on;
  std::thread::id resumed_on;
  bool ended = false;
  spawn([](BlockingPool& p, Reactor& r, std::thread::id& ran, std::thread::id& resumed, bool& end) -> Co<void> {
    std::function<void()> work = [&ran] { ran = std::this_thread::get_id(); };
    co_await p.run(r, work);
    resumed = std::this_thread::get_id();
    end = true;
  }(pool, reactor, ran_on, resumed_on, ended));
  turn_until(reactor, [&] { return ended; });
  EXPECT_NE(ran_on, std::thread::id{});
  EXPECT_NE(ran_on, std::this_thread::get_id());
  EXPECT_EQ(resumed_on, std::this_thread::get_id());
}

TEST(BlockingPool, RethrowsWhatTheWorkThrew) {
  BlockingPool pool{1};
  ScriptedReactor reactor;
  std::string caught;
  spawn([](BlockingPool& p, Reactor& r, std::string& text) -> Co<void> {
    std::function<void()> work = [] { throw std::runtime_error("no such table"); };
    try {
      co_await p.run(r, work);
      text = "nothing";
    } catch (const std::runtime_error& error) {
      text = error.what();
    }
  }(pool, reactor, caught));
  turn_until(reactor, [&] { return !caught.empty(); });
  EXPECT_EQ(caught, "no such table");
}

TEST(BlockingPool, MeasuresTheWaitInTheQueueAndNotTheWork) {
  BlockingPool pool{1};
  ScriptedReactor reactor;
  std::latch begun{1};
  std::latch go{1};
  std::optional<Duration> first;
  std::optional<Duration> second;
  spawn(run_in(
      pool, reactor,
      [&] {
        begun.count_down();
        go.wait();
      },
      first));
  begun.wait();
  spawn(run_in(pool, reactor, [] {}, second));
  EXPECT_EQ(pool.queued(), 1u);
  reactor.advance(5ms);  // virtual: the only thread is busy all that time
  go.count_down();
  turn_until(reactor, [&] { return first && second; });
  EXPECT_EQ(*first, 0ms);
  EXPECT_EQ(*second, 5ms);
  EXPECT_EQ(pool.queued(), 0u);
}

TEST(BlockingPool, UsesAllItsThreadsAtOnce) {
  constexpr int kThreads = 4;
  BlockingPool pool{kThreads};
  ScriptedReactor reactor;
  std::latch together{kThreads};  // opens only when all four run at the same time
  std::optional<Duration> waited[kThreads];
  for (auto& one : waited)
    spawn(run_in(pool, reactor, [&] { together.arrive_and_wait(); }, one));
  turn_until(reactor, [&] { return waited[0] && waited[1] && waited[2] && waited[3]; });
  EXPECT_EQ(pool.threads(), std::size_t{kThreads});
}

TEST(BlockingPool, ServesManyInTheOrderOfTheQueue) {
  BlockingPool pool{1};
  ScriptedReactor reactor;
  std::vector<int> order;
  std::vector<std::optional<Duration>> waited(200);
  for (int i = 0; i < 200; ++i)
    spawn(run_in(pool, reactor, [&order, i] { order.push_back(i); }, waited[i]));
  turn_until(reactor, [&] { return waited.back().has_value(); });
  ASSERT_EQ(order.size(), 200u);
  for (int i = 0; i < 200; ++i)
    EXPECT_EQ(order[i], i);
}

TEST(BlockingPool, EndLetsRunningWorkEndAndNeverStartsTheQueued) {
  ScriptedReactor reactor;
  std::atomic<bool> running_ended = false;
  std::atomic<bool> queued_ran = false;
  std::optional<Duration> first;
  std::optional<Duration> second;
  std::latch begun{1};
  std::latch go{1};
  // Held here, so that the frame whose work never starts is freed by its owner.
  Co<void> queued;
  {
    // Freed with the queued work, which the destructor does before it waits for the running one.
    std::shared_ptr<void> opener{nullptr, [&](void*) { go.count_down(); }};
    BlockingPool pool{1};
    spawn(run_in(
        pool, reactor,
        [&] {
          begun.count_down();
          go.wait();
          running_ended = true;
        },
        first));
    begun.wait();
    queued = run_in(pool, reactor, [&, opener] { queued_ran = true; }, second);
    opener.reset();
    auto start = queued.operator co_await().await_suspend(std::noop_coroutine());
    start.resume();
    EXPECT_EQ(pool.queued(), 1u);
  }
  EXPECT_TRUE(running_ended);
  EXPECT_FALSE(queued_ran);
  turn_until(reactor, [&] { return first.has_value(); });
  EXPECT_FALSE(second.has_value());
}

TEST(BlockingPool, WorkOfADestroyedCallerIsNotStartedAndNobodyIsResumed) {
  ScriptedReactor reactor;
  BlockingPool pool{1};
  std::atomic<bool> abandoned_ran = false;
  std::optional<Duration> first;
  std::optional<Duration> abandoned;
  std::optional<Duration> last;
  std::latch begun{1};
  std::latch go{1};
  spawn(run_in(
      pool, reactor,
      [&] {
        begun.count_down();
        go.wait();
      },
      first));
  begun.wait();
  {
    Co<void> caller = run_in(pool, reactor, [&] { abandoned_ran = true; }, abandoned);
    auto start = caller.operator co_await().await_suspend(std::noop_coroutine());
    start.resume();
  }
  spawn(run_in(pool, reactor, [] {}, last));
  go.count_down();
  turn_until(reactor, [&] { return first && last; });
  EXPECT_FALSE(abandoned_ran);
  EXPECT_FALSE(abandoned.has_value());
}

}  // namespace
}  // namespace vajrapulse::runtime
