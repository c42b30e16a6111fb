#include <atomic>
#include <exception>
#include <mutex>
#include <optional>
#include <vector>

#include "vajrapulse/api/task.hpp"
#include "vajrapulse/metrics/names.hpp"
#include "vajrapulse/runtime/blocking_pool.hpp"

namespace vajrapulse {
namespace {

/// The one BlockingTask of the process and its threads; ends with the last shard that uses it.
class Workshop {
 public:
  explicit Workshop(const MakeBlockingTask& make) : task_(make()), pool_(task_->threads()) {}

  [[nodiscard]] runtime::BlockingPool& pool() noexcept { return pool_; }
  [[nodiscard]] BlockingTask& task() noexcept { return *task_; }

  /// On pool threads. The first shard to come runs the task's init; the others get what it said.
  Status init() {
    std::lock_guard lock(mutex_);
    ++users_;
    if (!initialised_) initialised_ = task_->init();
    return *initialised_;
  }
  /// The last shard to leave runs the task's teardown.
  void teardown() {
    std::lock_guard lock(mutex_);
    if (--users_ == 0 && initialised_->has_value()) task_->teardown();
  }

 private:
  std::unique_ptr<BlockingTask> task_;
  std::mutex mutex_;
  std::optional<Status> initialised_;
  int users_ = 0;
  runtime::BlockingPool pool_;  // last: its threads end before what they use
};

/// Makes the workshop for the first shard that asks, and again for a later run.
class WorkshopSource {
 public:
  explicit WorkshopSource(MakeBlockingTask make) : make_(std::move(make)) {}
  std::shared_ptr<Workshop> get() {
    std::lock_guard lock(mutex_);
    auto shared = open_.lock();
    if (!shared) open_ = shared = std::make_shared<Workshop>(make_);
    return shared;
  }

 private:
  MakeBlockingTask make_;
  std::mutex mutex_;
  std::weak_ptr<Workshop> open_;
};

Result run_guarded(BlockingTask& task, const BlockingTask::Iteration& iteration) {
  try {
    return task.execute(iteration);
  } catch (const std::exception& error) {
    return Result::failure(kException, error.what());
  } catch (...) {
    return Result::failure(kException, "something that is not a std::exception was thrown");
  }
}

/// One execution, in the frame of the iteration that waits for it: what the pool thread and the shard share.
class Job {
 public:
  Job(BlockingTask& task, const BlockingTask::Iteration& iteration, runtime::Cancellation& cancellation)
      : task_(task), iteration_(iteration), cancelled_(cancellation.requested()) {
    if (!cancellation.requested()) give_up_.emplace(cancellation, cancelled_);
  }
  /// On a pool thread.
  void run() {
    if (cancelled_.load(std::memory_order_relaxed)) {
      result_ = Result::failure(kCancelled, "stopped before a pool thread was free");
    } else {
      result_ = run_guarded(task_, iteration_);
    }
  }
  [[nodiscard]] Result take_result() { return std::move(result_); }

 private:
  struct GiveUp : runtime::OnCancel {
    GiveUp(runtime::Cancellation& cancellation, std::atomic<bool>& cancelled)
        : OnCancel(cancellation, &request), flag(cancelled) {}
    static void request(OnCancel& self, ErrorKind /*why*/) {
      static_cast<GiveUp&>(self).flag.store(true, std::memory_order_relaxed);
    }
    std::atomic<bool>& flag;
  };
  BlockingTask& task_;
  BlockingTask::Iteration iteration_;
  Result result_ = Result::success();
  std::atomic<bool> cancelled_;
  std::optional<GiveUp> give_up_;
};

/// What each shard runs: hands iterations to the pool and measures how long they waited for a thread.
class PooledTask final : public Task {
 public:
  explicit PooledTask(std::shared_ptr<Workshop> workshop) : workshop_(std::move(workshop)) {}

  Co<Status> init(TaskContext& context) override {
    auto& registry = context.recorder().registry();
    reactor_ = &context.reactor();
    const std::vector<std::pair<std::string, std::string>> tags{
        {"queue", "worker"}, {"scenario", std::string(context.scenario())}, {"task", std::string(context.task())}};
    queue_size_ = registry.gauge(metrics::names::kClientQueueSize, tags);
    queue_wait_ = registry.histogram(metrics::names::kClientQueueWait, tags);
    Status status;
    std::function<void()> work = [&status, this] { status = workshop_->init(); };
    co_await workshop_->pool().run(*reactor_, std::move(work));
    co_return status;
  }

  Co<Result> execute(Iteration& iteration) override {
    auto& recorder = iteration.recorder();
    const BlockingTask::Iteration what{iteration.scenario(), iteration.task(), iteration.index(),
                                       iteration.intended_start()};
    Job job(workshop_->task(), what, iteration.cancellation());
    waiting_.fetch_add(1, std::memory_order_relaxed);
    measure_queue(recorder, reactor_->now());
    std::function<void()> work = [&job, this] {
      waiting_.fetch_sub(1, std::memory_order_relaxed);
      job.run();
    };
    const runtime::BlockingPool::Done done = co_await workshop_->pool().run(*reactor_, std::move(work));
    recorder.record(queue_wait_, done.waited);
    measure_queue(recorder, reactor_->event_time());
    co_return job.take_result();
  }

  Co<void> teardown() override {
    std::function<void()> work = [this] { workshop_->teardown(); };
    co_await workshop_->pool().run(*reactor_, std::move(work));
  }

 private:
  void measure_queue(metrics::Recorder& recorder, TimePoint now) {
    recorder.set(queue_size_, double(waiting_.load(std::memory_order_relaxed)), now);
  }

  std::shared_ptr<Workshop> workshop_;
  runtime::Reactor* reactor_ = nullptr;
  metrics::GaugeId queue_size_;
  metrics::HistogramId queue_wait_;
  std::atomic<std::int64_t> waiting_ = 0;  // this shard's: the gauges of shards add up
};

}  // namespace

MakeTask on_blocking_pool(MakeBlockingTask make) {
  auto source = std::make_shared<WorkshopSource>(std::move(make));
  return [source] { return std::make_unique<PooledTask>(source->get()); };
}

}  // namespace vajrapulse
