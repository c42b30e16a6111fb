// Runs over real reactors and threads; what they do is checked in simulation, here it is that they agree.
#include <future>
#include <optional>
#include <stdexcept>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "vajrapulse/engine/host_probe.hpp"
#include "vajrapulse/engine/load_language.hpp"
#include "vajrapulse/engine/run.hpp"
#include "vajrapulse/metrics/names.hpp"
#include "vajrapulse/runtime/reactors.hpp"

namespace vajrapulse::engine {
namespace {

using namespace std::chrono_literals;

/// Reactors on threads of their own.
class Threads {
 public:
  explicit Threads(std::size_t count) : reactors_(count) {
    std::vector<std::promise<runtime::Reactor*>> ready(count);
    for (std::size_t i = 0; i < count; ++i)
      threads_.emplace_back([&ready = ready[i]] {
        const auto choice = runtime::make_reactor(runtime::IoKind::automatic).value();
        runtime::Reactor* reactor = choice.reactor.get();
        ready.set_value(reactor);
        reactor->run();
      });
    for (std::size_t i = 0; i < count; ++i)
      reactors_[i] = ready[i].get_future().get();
  }
  ~Threads() {
    for (runtime::Reactor* reactor : reactors_)
      reactor->stop();
    for (std::thread& thread : threads_)
      thread.join();
  }
  [[nodiscard]] const std::vector<runtime::Reactor*>& reactors() const { return reactors_; }

 private:
  std::vector<runtime::Reactor*> reactors_;
  std::vector<std::thread> threads_;
};

runtime::Co<void> follow(Run& run, runtime::Reactor& control, std::optional<Expected<RunSummary>>& outcome) {
  auto work = run.execute();
  outcome = co_await work;
  control.stop();
}

RunSummary run_on_threads(Scenario scenario, std::size_t shards) {
  const auto control = runtime::make_reactor(runtime::IoKind::epoll).value();
  const Threads threads(shards);
  const auto host = make_host_probe();
  RunSettings settings;
  settings.host = host.get();
  Run run(settings, std::move(scenario), *control.reactor, threads.reactors());
  std::optional<Expected<RunSummary>> outcome;
  runtime::spawn(follow(run, *control.reactor, outcome));
  control.reactor->run();
  return std::move(outcome->value());
}

TEST(RealShards, UsersOnFourShardsCompleteEveryIteration) {
  const NamedTask napping = task("nap", [](Iteration& iteration) -> runtime::Co<Result> {
    co_await iteration.sleep(20us);
    co_return Result::success();
  });
  const RunSummary summary =
      run_on_threads({.name = "s", .task = napping, .load = ClosedModel{.users = 16}, .iterations = 20'000}, 4);
  EXPECT_EQ(summary.load.succeeded, 20'000U);
  EXPECT_EQ(summary.run.shards, 4U);
  EXPECT_EQ(summary.metrics.histogram(metrics::names::kExecutionDuration).count(), 20'000U);
  EXPECT_GE(summary.metrics.histogram(metrics::names::kExecutionDuration).min(), 20'000);
  EXPECT_GT(summary.generator.max_rss_bytes, 0U);
}

TEST(RealShards, ArrivalsOnFourShardsAddUp) {
  const NamedTask nothing = task("nothing", [](Iteration&) -> runtime::Co<Result> { co_return Result::success(); });
  const RunSummary summary = run_on_threads({.name = "s",
                                             .task = nothing,
                                             .load = OpenModel{.pattern = static_pattern(20'000'000'000)},
                                             .duration = 500ms,
                                             .iterations = {}},
                                            4);
  EXPECT_EQ(summary.load.target, 10'000U);
  EXPECT_EQ(summary.load.succeeded + summary.load.missed, 10'000U);
}

TEST(RealShards, BlockingTasksRunOnTheirPool) {
  struct Blocking final : BlockingTask {
    [[nodiscard]] std::size_t threads() const override { return 3; }
    Result execute(const Iteration& iteration) override {
      if (iteration.index % 100 == 7) throw std::runtime_error("seven");
      return Result::success();
    }
  };
  const RunSummary summary = run_on_threads(
      {.name = "s", .task = task<Blocking>("block"), .load = ClosedModel{.users = 8}, .iterations = 1000}, 2);
  EXPECT_EQ(summary.load.failed, 10U);
  EXPECT_EQ(summary.load.succeeded, 990U);
  EXPECT_EQ(summary.metrics.errors().at(0).sample, "seven");
  EXPECT_EQ(summary.metrics.histogram(metrics::names::kClientQueueWait, {{"queue", "worker"}}).count(), 1000U);
}

}  // namespace
}  // namespace vajrapulse::engine
