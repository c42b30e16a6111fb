#include "vajrapulse/runtime/co.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace vajrapulse::runtime {
namespace {

/// Suspends whoever awaits it until the test opens it.
struct Gate {
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> h) noexcept { waiter = h; }
  void await_resume() const noexcept {}
  void open() { std::exchange(waiter, {}).resume(); }
  std::coroutine_handle<> waiter;
};

Co<int> answer() { co_return 42; }
Co<int> thrower() {
  throw std::runtime_error("no");
  co_return 0;
}
Co<void> store(Co<int> work, int& into) { into = co_await work; }

TEST(Co, IsLazy) {
  bool ran = false;
  const auto body = [](bool& flag) -> Co<void> {
    flag = true;
    co_return;
  };
  {
    const Co<void> never_awaited = body(ran);
  }
  EXPECT_FALSE(ran);
  spawn(body(ran));
  EXPECT_TRUE(ran);
}

TEST(Co, YieldsItsValue) {
  int value = 0;
  spawn(store(answer(), value));
  EXPECT_EQ(value, 42);
}

TEST(Co, RethrowsToTheAwaiter) {
  std::string what;
  const auto catcher = [](std::string& text) -> Co<void> {
    try {
      co_await thrower();
    } catch (const std::runtime_error& error) {
      text = error.what();
    }
  };
  spawn(catcher(what));
  EXPECT_EQ(what, "no");
}

Co<int> depth(int n) {
  if (n == 0) co_return 0;
  const int below = co_await depth(n - 1);
  co_return below + 1;
}

TEST(Co, LongChainsOfAwaitsInALoopGrowNoStack) {
  int total = 0;
  const auto loop = [](int& sum) -> Co<void> {
    for (int i = 0; i < 1'000'000; ++i) {
      const int one = co_await answer();
      sum += one != 0 ? 1 : 0;
    }
  };
  spawn(loop(total));
  EXPECT_EQ(total, 1'000'000);
}

TEST(Co, ResumesThroughEveryLevel) {
  int value = 0;
  spawn(store(depth(1000), value));
  EXPECT_EQ(value, 1000);
}

TEST(Co, DestroyingASuspendedCoroutineDestroysWhatItOwns) {
  const auto token = std::make_shared<int>(1);
  Gate gate;
  {
    const auto body = [](std::shared_ptr<int> held, Gate& g) -> Co<void> {
      co_await g;
      (void)held;
    };
    Co<void> inner = body(token, gate);
    auto awaiter = inner.operator co_await();
    awaiter.await_suspend(std::noop_coroutine()).resume();
    EXPECT_EQ(token.use_count(), 2);
  }
  EXPECT_EQ(token.use_count(), 1);
}

TEST(Co, SpawnedWorkFreesItselfAtItsEnd) {
  const auto token = std::make_shared<int>(1);
  Gate gate;
  const auto body = [](std::shared_ptr<int> held, Gate& g) -> Co<void> {
    co_await g;
    (void)held;
  };
  spawn(body(token, gate));
  EXPECT_EQ(token.use_count(), 2);
  gate.open();
  EXPECT_EQ(token.use_count(), 1);
}

TEST(FramePool, GivesWritableMemoryOfEverySize) {
  std::vector<std::pair<void*, std::size_t>> frames;
  for (std::size_t bytes = 1; bytes < 9000; bytes += 61) {
    void* frame = allocate_frame(bytes);
    std::memset(frame, 0x5a, bytes);
    frames.emplace_back(frame, bytes);
  }
  for (const auto& [frame, bytes] : frames)
    free_frame(frame, bytes);
}

TEST(FramePool, FramesOfAThreadEndWithIt) {  // LeakSanitizer is the judge
  std::thread([] {
    int value = 0;
    spawn(store(depth(50), value));
    EXPECT_EQ(value, 50);
  }).join();
}

}  // namespace
}  // namespace vajrapulse::runtime
