#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <set>
#include <stdexcept>
#include <thread>

#include <gtest/gtest.h>

#include "vajrapulse/api/task.hpp"
#include "vajrapulse/metrics/names.hpp"
#include "vajrapulse/metrics/snapshot.hpp"
#include "vajrapulse/runtime/reactors.hpp"

namespace vajrapulse {
namespace {

using namespace std::chrono_literals;

/// Counts who is inside and lets nobody out before the door opens.
struct Door {
  std::mutex mutex;
  std::condition_variable changed;
  int inside = 0;
  int most_inside = 0;
  bool open = false;
  std::set<std::thread::id> threads;

  void pass() {
    std::unique_lock lock(mutex);
    most_inside = std::max(most_inside, ++inside);
    threads.insert(std::this_thread::get_id());
    changed.notify_all();
    changed.wait(lock, [this] { return open; });
    --inside;
  }
  void wait_for(int count) {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return inside == count; });
  }
  void let_out() {
    std::lock_guard lock(mutex);
    open = true;
    changed.notify_all();
  }
};

struct Waiting final : BlockingTask {
  explicit Waiting(Door* d) : door(d) {}
  [[nodiscard]] std::size_t threads() const override { return 2; }
  Result execute(const Iteration& iteration) override {
    if (iteration.index == 99) throw std::runtime_error("ninety-nine");
    if (iteration.index == 98) return Result::failure(kTimeout, "slow");
    door->pass();
    return Result::success();
  }
  Door* door;
};

/// A task on a real reactor of this thread, driven until everything asked of it has ended.
class Bench {
 public:
  explicit Bench(const NamedTask& named)
      : reactor_(std::move(runtime::make_reactor(runtime::IoKind::epoll).value().reactor)),
        recorder_(registry_, reactor_->now()),
        task_(named.make()) {}

  runtime::Reactor& reactor() { return *reactor_; }
  runtime::Cancellation& cancellation() { return cancellation_; }
  metrics::Registry& registry() { return registry_; }

  Status init() {
    Status status;
    run(init_into(status), 1);
    return status;
  }
  void start(std::uint64_t index) {
    ++running_;
    runtime::spawn(execute(index));
  }
  void finish() {
    if (running_ > 0) reactor_->run();
  }
  void teardown() { run(task_->teardown(), 1); }
  void release() { task_.reset(); }
  metrics::Snapshot snapshot() {
    metrics::Snapshot snapshot;
    snapshot.add(*recorder_.swap(reactor_->now(), nullptr));
    return snapshot;
  }
  std::vector<Result> results;

 private:
  Scope scope() { return Scope(*reactor_, recorder_, cancellation_, random_); }
  void run(runtime::Co<void> work, int count) {
    running_ += count;
    runtime::spawn(counted(std::move(work)));
    if (running_ > 0) reactor_->run();
  }
  runtime::Co<void> counted(runtime::Co<void> work) {
    co_await work;
    ended();
  }
  runtime::Co<void> init_into(Status& status) {
    const TaskContext::Identity identity{"scenario", "task", 0, 1};
    TaskContext context(scope(), identity);
    auto work = task_->init(context);
    status = co_await work;
  }
  runtime::Co<void> execute(std::uint64_t index) {
    const Iteration::Identity identity{"scenario", "task", index, reactor_->now(), 0};
    Iteration iteration(scope(), identity);
    auto work = task_->execute(iteration);
    Result result = co_await work;
    results.push_back(std::move(result));
    ended();
  }
  void ended() {
    if (--running_ == 0) reactor_->stop();
  }
  std::unique_ptr<runtime::Reactor> reactor_;
  metrics::Registry registry_;
  metrics::Recorder recorder_;
  runtime::Cancellation cancellation_;
  Random random_{1};
  std::unique_ptr<Task> task_;
  int running_ = 0;
};

TEST(BlockingTask, RunsAsManyAtOnceAsItHasThreadsAndMeasuresTheRest) {
  Door door;
  Bench bench(task<Waiting>("wait", &door));
  ASSERT_TRUE(bench.init());
  for (std::uint64_t i = 0; i < 5; ++i)
    bench.start(i);
  door.wait_for(2);
  door.let_out();
  bench.finish();
  EXPECT_EQ(bench.results.size(), 5U);
  EXPECT_EQ(door.most_inside, 2);
  EXPECT_EQ(door.threads.count(std::this_thread::get_id()), 0U);
  const metrics::Snapshot snapshot = bench.snapshot();
  EXPECT_EQ(snapshot.histogram(metrics::names::kClientQueueWait, {{"queue", "worker"}}).count(), 5U);
  EXPECT_GE(snapshot.gauge(metrics::names::kClientQueueSize, {{"queue", "worker"}}).max, 3);
  bench.teardown();
}

TEST(BlockingTask, WhatItThrowsIsAFailure) {
  Door door;
  Bench bench(task<Waiting>("wait", &door));
  ASSERT_TRUE(bench.init());
  bench.start(99);
  bench.start(98);
  bench.finish();
  ASSERT_EQ(bench.results.size(), 2U);
  std::ranges::sort(bench.results, {}, [](const Result& result) { return result.kind().name(); });
  EXPECT_EQ(bench.results[0].kind(), kException);
  EXPECT_EQ(bench.results[0].message(), "ninety-nine");
  EXPECT_EQ(bench.results[1].kind(), kTimeout);
  bench.teardown();
}

TEST(BlockingTask, WhatStillWaitsForAThreadIsCancelled) {
  Door door;
  Bench bench(task<Waiting>("wait", &door));
  ASSERT_TRUE(bench.init());
  for (std::uint64_t i = 0; i < 4; ++i)
    bench.start(i);
  door.wait_for(2);
  bench.cancellation().request();
  door.let_out();
  bench.finish();
  int cancelled = 0;
  for (const Result& result : bench.results)
    cancelled += result.kind() == kCancelled ? 1 : 0;
  EXPECT_EQ(cancelled, 2);
  bench.teardown();
}

TEST(BlockingTask, ShardsShareOneInstanceFromInitToTeardown) {
  struct Seen {
    std::atomic<int> made = 0, inited = 0, torn = 0, gone = 0;
  };
  static Seen seen;
  struct Shared final : BlockingTask {
    Shared() { ++seen.made; }
    ~Shared() override { ++seen.gone; }
    [[nodiscard]] std::size_t threads() const override { return 1; }
    Status init() override {
      ++seen.inited;
      return {};
    }
    Result execute(const Iteration&) override { return Result::success(); }
    void teardown() override { ++seen.torn; }
  };
  const NamedTask named = task<Shared>("shared");
  Bench one(named), two(named);
  ASSERT_TRUE(one.init());
  ASSERT_TRUE(two.init());
  EXPECT_EQ(seen.made, 1);
  EXPECT_EQ(seen.inited, 1);
  one.teardown();
  one.release();
  EXPECT_EQ(seen.torn, 0);
  two.teardown();
  EXPECT_EQ(seen.torn, 1);
  two.release();
  EXPECT_EQ(seen.gone, 1);
}

}  // namespace
}  // namespace vajrapulse
