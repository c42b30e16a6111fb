#include "vajrapulse/runtime/blocking_pool.hpp"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace vajrapulse::runtime {
namespace {

/// Shared by the waiting coroutine and the pool, so that either may go first.
struct Job {
  Job(Reactor& r, std::function<void()> w) : reactor(r), work(std::move(w)), enqueued(r.now()) {}

  /// On a pool thread.
  void execute() {
    waited = reactor.now() - enqueued;
    try {
      work();
    } catch (...) {
      thrown = std::current_exception();
    }
  }

  Reactor& reactor;
  std::function<void()> work;
  TimePoint enqueued;
  Duration waited{};
  std::exception_ptr thrown;
  std::coroutine_handle<> waiter;
  std::atomic<bool> abandoned = false;
};

}  // namespace

struct BlockingPool::Impl {
  explicit Impl(std::size_t threads) : limit(std::max<std::size_t>(threads, 1)) {}

  void enqueue(std::shared_ptr<Job> job);
  std::shared_ptr<Job> next();
  void serve();
  void end();

  const std::size_t limit;
  mutable std::mutex mutex;
  std::condition_variable wake;
  std::deque<std::shared_ptr<Job>> queue;
  std::vector<std::thread> running;
  std::size_t idle = 0;
  bool ending = false;
};

void BlockingPool::Impl::enqueue(std::shared_ptr<Job> job) {
  const std::lock_guard lock(mutex);
  queue.push_back(std::move(job));
  if (queue.size() > idle && running.size() < limit) {
    running.emplace_back([this] { serve(); });
  } else {
    wake.notify_one();
  }
}

std::shared_ptr<Job> BlockingPool::Impl::next() {
  std::unique_lock lock(mutex);
  ++idle;
  wake.wait(lock, [this] { return ending || !queue.empty(); });
  --idle;
  if (ending) return nullptr;
  auto job = std::move(queue.front());
  queue.pop_front();
  return job;
}

void BlockingPool::Impl::serve() {
  while (auto job = next()) {
    if (job->abandoned.load(std::memory_order_acquire)) continue;
    job->execute();
    Reactor& reactor = job->reactor;
    // The message takes the job along: what `work` captured dies on the shard that made it.
    reactor.post([finished = std::move(job)] {
      if (!finished->abandoned.load(std::memory_order_relaxed)) finished->waiter.resume();
    });
  }
}

void BlockingPool::Impl::end() {
  std::deque<std::shared_ptr<Job>> never;
  {
    const std::lock_guard lock(mutex);
    ending = true;
    never.swap(queue);
  }
  wake.notify_all();
  for (auto& job : never)
    job->work = nullptr;  // whoever still waits must not keep what it captured
  for (auto& thread : running)
    thread.join();
}

BlockingPool::BlockingPool(std::size_t threads) : impl_(std::make_unique<Impl>(threads)) {}

BlockingPool::~BlockingPool() { impl_->end(); }

Co<BlockingPool::Done> BlockingPool::run(Reactor& reactor, std::function<void()> work) {
  // In the frame: when that is destroyed early, an abandoned job stays behind.
  struct Awaiter {
    Awaiter(Impl& p, std::shared_ptr<Job> j) : pool(p), job(std::move(j)) {}
    Awaiter(const Awaiter&) = delete;
    Awaiter& operator=(const Awaiter&) = delete;
    ~Awaiter() { job->abandoned.store(true, std::memory_order_release); }
    static constexpr bool await_ready() noexcept { return false; }
    void await_suspend(std::coroutine_handle<> waiter) {
      job->waiter = waiter;
      pool.enqueue(job);
    }
    Done await_resume() const {
      if (job->thrown) std::rethrow_exception(std::exchange(job->thrown, nullptr));
      return {job->waited};
    }
    Impl& pool;
    std::shared_ptr<Job> job;
  };
  Awaiter wait{*impl_, std::make_shared<Job>(reactor, std::move(work))};
  const Done done = co_await wait;
  co_return done;
}

std::size_t BlockingPool::queued() const noexcept {
  const std::lock_guard lock(impl_->mutex);
  return impl_->queue.size();
}

std::size_t BlockingPool::threads() const noexcept { return impl_->limit; }

}  // namespace vajrapulse::runtime
