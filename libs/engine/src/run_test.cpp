#include "vajrapulse/engine/run.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <stdexcept>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "test_trial.hpp"
#include "vajrapulse/engine/load_language.hpp"
#include "vajrapulse/metrics/names.hpp"
#include "vajrapulse/runtime/errors.hpp"

namespace vajrapulse::engine {
namespace test {

void Witness::on_progress(const Progress& progress) {
  const LoadCounts& load = progress.load;
  const std::string when = "at " + std::to_string(to_ns(progress.elapsed));
  if (load.target) {
    EXPECT_EQ(*load.target, load.started + load.queued + load.dropped() + load.missed) << when;
  }
  EXPECT_EQ(load.started, load.completed() + load.interrupted + load.in_flight) << when;
  steps.push_back(progress);
}

void Witness::on_interval(double /*t*/, Phase phase, const metrics::Snapshot& interval) {
  if (phase != Phase::warmup && phase != Phase::cooldown)
    responses_in_intervals += interval.histogram(metrics::names::kExecutionDuration).count();
  const metrics::Gauge there = interval.gauge(metrics::names::kUsers);
  if (there.weight_ns > 0) users.emplace_back(phase, there);
}

void Trial::begin(Scenario scenario, std::size_t shard_count) {
  begin(std::vector{PlannedScenario{.scenario = std::move(scenario)}}, shard_count);
}

void Trial::begin(std::vector<PlannedScenario> plan, std::size_t shard_count) {
  runtime::Reactor& control = world.reactor();
  for (std::size_t i = 0; i < shard_count; ++i)
    shards.push_back(&world.reactor());
  settings.observers = {&witness};
  run = std::make_unique<Run>(settings, std::move(plan), control, shards);
  auto follow = [](Run& what, std::optional<Expected<RunSummary>>& into) -> runtime::Co<void> {
    auto work = what.execute();
    into = co_await work;
  };
  control.post([this, follow] { runtime::spawn(follow(*run, outcome)); });
}

RunSummary Trial::finish() {
  EXPECT_TRUE(world.run_until([this] { return outcome.has_value(); }));
  EXPECT_TRUE(outcome->has_value()) << outcome->error().text();
  RunSummary summary = std::move(**outcome);
  EXPECT_EQ(summary.load.queued, 0U);
  EXPECT_EQ(summary.load.in_flight, 0U);
  EXPECT_EQ(summary.load.started, summary.load.completed() + summary.load.interrupted);
  if (summary.load.target) {
    EXPECT_EQ(*summary.load.target, summary.load.started + summary.load.dropped() + summary.load.missed);
  }
  EXPECT_EQ(summary.metrics.counter(metrics::names::kExecutionTotal), summary.load.started);
  return summary;
}

RunSummary Trial::complete(Scenario scenario, std::size_t shard_count) {
  begin(std::move(scenario), shard_count);
  return finish();
}

Scenario open_scenario(std::string_view load, NamedTask task) {
  auto pattern = parse_load(load);
  EXPECT_TRUE(pattern.has_value()) << pattern.error().text();
  return {.name = "steady", .task = std::move(task), .load = OpenModel{.pattern = *pattern}, .iterations = {}};
}

Scenario closed_scenario(std::uint64_t users, Duration duration, NamedTask work) {
  return {.name = "loop",
          .task = std::move(work),
          .load = ClosedModel{.users = users},
          .duration = duration,
          .iterations = {}};
}

NamedTask sleeping(Duration duration) {
  return task("sleep", [duration](Iteration& iteration) -> runtime::Co<Result> {
    co_await iteration.sleep(duration);
    if (iteration.cancellation().requested()) co_return Result::failure(kCancelled);
    co_return Result::success();
  });
}

}  // namespace test

namespace {

using namespace test;
namespace names = metrics::names;
using testing::Contains;
using testing::Each;
using testing::HasSubstr;

double ms(std::int64_t ns) { return double(ns) * 1e-6; }

/// Starts of all iterations of a run, as the task saw them.
struct Seen {
  std::uint64_t index;
  TimePoint intended;
  friend auto operator<=>(const Seen&, const Seen&) = default;
};

NamedTask noting(std::vector<Seen>& seen) {
  return task("note", [&seen](Iteration& iteration) -> runtime::Co<Result> {
    seen.push_back({iteration.index(), iteration.intended_start()});
    co_return Result::success();
  });
}

TEST(Run, AnOpenLoadStartsEveryArrivalWhenItIsDue) {
  Trial trial;
  const RunSummary summary = trial.complete(open_scenario("static 1000/s 10s", sleeping(5ms)));
  EXPECT_EQ(summary.load.target, 10'000U);
  EXPECT_EQ(summary.load.succeeded, 10'000U);
  EXPECT_EQ(summary.load.late, 0U);
  EXPECT_EQ(summary.run.duration_s, 10.0);
  EXPECT_EQ(summary.exit_code, 0);
  EXPECT_EQ(summary.verdict.status, VerdictStatus::valid);
  EXPECT_THAT(summary.verdict.reasons, testing::IsEmpty());
  const auto response = summary.metrics.histogram(names::kResponseTime);
  EXPECT_EQ(response.count(), 10'000U);
  EXPECT_NEAR(ms(response.percentile(50)), 5, 0.02);
  EXPECT_NEAR(ms(response.max()), 5, 0.02);
  // In flight: 1000/s · 5 ms.
  EXPECT_NEAR(summary.metrics.gauge(names::kInFlight).mean(), 5, 0.1);
  EXPECT_LE(summary.load.max_in_flight, 6U);
  EXPECT_EQ(trial.witness.responses_in_intervals, 10'000U);
  ASSERT_GE(summary.series.size(), 10U);
  for (int i = 0; i < 10; ++i)
    EXPECT_NEAR(double(summary.series[i].started), 1000, 2) << i;
}

TEST(Run, AStallIsInTheResponseTimeOfAllWhoWaited) {
  // A server that stops for 200 ms every 2 s: a tenth of all arrivals, each waiting evenly 0 to 200 ms.
  Trial trial;
  const TimePoint start = trial.now();
  const NamedTask stalled = task("stall", [start](Iteration& iteration) -> runtime::Co<Result> {
    const Duration into = (iteration.reactor().now() - start) % Duration(2s);
    const Duration wait = into < 200ms ? 200ms - into : 0ms;
    co_await iteration.sleep(wait);
    co_return Result::success();
  });
  const RunSummary summary = trial.complete(open_scenario("static 1000/s 20s", stalled));
  EXPECT_EQ(summary.load.succeeded, 20'000U);
  const auto response = summary.metrics.histogram(names::kResponseTime);
  EXPECT_NEAR(ms(response.percentile(95)), 100, 2);
  EXPECT_NEAR(ms(response.percentile(99)), 180, 2);
  EXPECT_NEAR(ms(response.percentile(99.9)), 198, 2);
  EXPECT_LT(ms(response.percentile(89)), 0.1);
  EXPECT_EQ(summary.verdict.status, VerdictStatus::valid);
}

TEST(Run, AStallBehindALimitedNumberOfSlotsIsJustAsVisible) {
  // The same with ten slots: arrivals queue, the wait is in the response time and not in the service time.
  Trial trial;
  const TimePoint start = trial.now();
  const NamedTask stalled = task("stall", [start](Iteration& iteration) -> runtime::Co<Result> {
    const Duration into = (iteration.reactor().now() - start) % Duration(2s);
    const Duration wait = into < 200ms ? 200ms - into : 0ms;
    co_await iteration.sleep(wait);
    co_return Result::success();
  });
  Scenario scenario = open_scenario("static 1000/s 20s", stalled);
  std::get<OpenModel>(scenario.load).max_in_flight = 10;
  const RunSummary summary = trial.complete(std::move(scenario));
  EXPECT_EQ(summary.load.succeeded, 20'000U);
  EXPECT_EQ(summary.load.max_in_flight, 10U);
  const auto response = summary.metrics.histogram(names::kResponseTime);
  EXPECT_NEAR(ms(response.percentile(99)), 180, 2);
  EXPECT_LT(ms(summary.metrics.histogram(names::kExecutionDuration).percentile(99)), 1);
  // The first ten of a stall hold the slots: 190 of 2,000 queue, evenly up to 190 ms.
  EXPECT_NEAR(ms(summary.metrics.histogram(names::kQueueWait).percentile(99)), 170, 2);
  EXPECT_EQ(summary.verdict.status, VerdictStatus::valid) << "a slow target never makes a run invalid";
  EXPECT_NEAR(summary.metrics.gauge(names::kQueueSize).max, 190, 2);
}

TEST(Run, ArrivalsBeyondTheLimitQueueUntilTheDrainEnds) {
  // 100/s at one slot of 50 ms: 20/s get through. 5 s of load and 5 s of drain: about 200 of 500.
  Trial trial;
  Scenario scenario = open_scenario("static 100/s 5s", sleeping(50ms));
  std::get<OpenModel>(scenario.load).max_in_flight = 1;
  const RunSummary summary = trial.complete(std::move(scenario));
  EXPECT_EQ(summary.load.target, 500U);
  EXPECT_NEAR(double(summary.load.succeeded), 200, 2);
  EXPECT_EQ(summary.load.interrupted, 1U);
  EXPECT_EQ(summary.load.dropped_deadline, 500 - summary.load.started);
  EXPECT_EQ(summary.load.dropped_limit, 0U);
  EXPECT_EQ(summary.verdict.status, VerdictStatus::valid);
  EXPECT_THAT(summary.verdict.notes, Contains(HasSubstr("never started")));
  EXPECT_EQ(summary.metrics.counter(names::kDropped, {{"reason", "deadline"}}), summary.load.dropped_deadline);
}

TEST(Run, ArrivalsBeyondTheLimitAreDroppedWhenAskedTo) {
  Trial trial;
  Scenario scenario = open_scenario("static 100/s 5s", sleeping(50ms));
  std::get<OpenModel>(scenario.load).max_in_flight = 1;
  std::get<OpenModel>(scenario.load).on_limit = OnLimit::drop;
  const RunSummary summary = trial.complete(std::move(scenario));
  EXPECT_EQ(summary.load.target, 500U);
  EXPECT_NEAR(double(summary.load.started), 100, 17);  // every fifth or sixth finds the slot free
  EXPECT_EQ(summary.load.dropped_limit, 500 - summary.load.started);
  EXPECT_EQ(summary.load.dropped_deadline, 0U);
  EXPECT_EQ(summary.metrics.counter(names::kDropped, {{"reason", "limit"}}), summary.load.dropped_limit);
  EXPECT_THAT(summary.verdict.notes, Contains(HasSubstr("max-in-flight")));
}

TEST(Run, WhatNeverEndsIsInterruptedWithItsAge) {
  Trial trial;
  Scenario scenario = open_scenario("static 10/s 2s", sleeping(1h));
  const RunSummary summary = trial.complete(std::move(scenario));
  EXPECT_EQ(summary.load.interrupted, 20U);
  EXPECT_EQ(summary.exit_code, 1) << "not one success";
  const auto ages = summary.metrics.histogram(names::kResponseTime, {{"status", "interrupted"}});
  EXPECT_EQ(ages.count(), 20U);
  EXPECT_NEAR(ms(ages.max()), 7000, 10);  // started at 0, cancelled at 2 s + 5 s
  EXPECT_THAT(summary.verdict.notes, Contains(HasSubstr("lower bounds")));
}

TEST(Run, WhatDoesNotHeedItsCancellationIsGivenUp) {
  static std::vector<std::coroutine_handle<>> stuck;
  struct Forever {
    bool await_ready() noexcept { return false; }
    void await_suspend(std::coroutine_handle<> h) { stuck.push_back(h); }
    void await_resume() noexcept {}
  };
  auto trial = std::make_unique<Trial>();
  const NamedTask deaf = task("deaf", [](Iteration&) -> runtime::Co<Result> {
    Forever forever;
    co_await forever;
    co_return Result::success();
  });
  const RunSummary summary = trial->complete(open_scenario("static 2/s 1s", deaf));
  EXPECT_EQ(summary.load.interrupted, 2U);
  EXPECT_THAT(summary.warnings, Contains(HasSubstr("given up")));
  const auto ages = summary.metrics.histogram(names::kResponseTime);
  EXPECT_NEAR(ms(ages.max()), 16'000, 10);  // 1 s + 5 s drain + 10 s force
  for (const auto handle : stuck)
    handle.resume();  // even then: they end, and nobody counts them
  trial->run.reset();
}

TEST(Run, WarmUpIsKeptOutOfTheResult) {
  Trial trial;
  Scenario scenario = open_scenario("static 100/s 3s", sleeping(5ms));
  scenario.warmup = 2s;
  const RunSummary summary = trial.complete(std::move(scenario));
  EXPECT_EQ(summary.load.target, 300U);
  EXPECT_EQ(summary.load.succeeded, 300U);
  ASSERT_TRUE(summary.warmup);
  EXPECT_EQ(summary.warmup->started, 200U);
  EXPECT_EQ(summary.warmup->duration_s, 2.0);
  EXPECT_EQ(summary.metrics.histogram(names::kResponseTime).count(), 300U);
  ASSERT_GE(summary.series.size(), 5U);
  EXPECT_NEAR(summary.series[0].t, -2, 0.001);
  EXPECT_EQ(summary.series[0].phase, Phase::warmup);
  EXPECT_NEAR(double(summary.series[0].started), 100, 1);
  EXPECT_EQ(summary.series[2].phase, Phase::measure);
}

TEST(Run, ARampFromZeroIsWarmedUpAtATenthOfItsHighest) {
  Trial trial;
  Scenario scenario = open_scenario("ramp 0..1000/s 2s", sleeping(1ms));
  scenario.warmup = 1s;
  const RunSummary summary = trial.complete(std::move(scenario));
  EXPECT_EQ(summary.warmup->started, 100U);
  EXPECT_EQ(summary.load.target, 1000U);
}

TEST(Run, MeasuredIndicesBeginAtZeroAgainAfterWarmUp) {
  std::vector<Seen> seen;
  Trial trial;
  Scenario scenario = open_scenario("static 10/s 1s", noting(seen));
  scenario.warmup = 1s;
  (void)trial.complete(std::move(scenario));
  ASSERT_EQ(seen.size(), 20U);
  EXPECT_EQ(seen[9].index, 9U);
  EXPECT_EQ(seen[10].index, 0U);
  EXPECT_EQ(seen[10].intended - seen[0].intended, Duration(1s));
}

TEST(Run, TheNumberOfIterationsEndsIt) {
  Trial trial;
  Scenario scenario = open_scenario("static 100/s", sleeping(5ms));
  scenario.iterations = 50;
  const RunSummary summary = trial.complete(std::move(scenario), 3);
  EXPECT_EQ(summary.load.target, 50U);
  EXPECT_EQ(summary.load.succeeded, 50U);
  EXPECT_NEAR(summary.run.duration_s, 0.495, 0.002);  // the last starts at 0.49 s and takes 5 ms
}

TEST(Run, TheDurationEndsItBeforeTheNumberOfIterations) {
  Trial trial;
  Scenario scenario = open_scenario("static 100/s", sleeping(5ms));
  scenario.iterations = 50'000;
  scenario.duration = 2s;
  EXPECT_EQ(trial.complete(std::move(scenario), 2).load.target, 200U);
}

TEST(Run, OneRequestIsOverWhenItHasEnded) {
  Trial trial;
  Scenario scenario = closed_scenario(1, {}, sleeping(7ms));
  scenario.iterations = 1;
  const TimePoint begin = trial.now();
  const RunSummary summary = trial.complete(std::move(scenario), 4);
  EXPECT_EQ(summary.load.started, 1U);
  EXPECT_EQ(summary.run.shards, 1U) << "one user is work for one shard";
  EXPECT_LT(trial.now() - begin, 8ms);
}

TEST(Run, UsersTakeTurnsAndHaveNoResponseTime) {
  Trial trial;
  const RunSummary summary = trial.complete(closed_scenario(8, 10s, sleeping(10ms)), 3);
  EXPECT_FALSE(summary.load.target);
  EXPECT_NEAR(double(summary.load.succeeded), 8000, 20);  // 8 users, 100 a second each
  EXPECT_EQ(summary.load.max_in_flight, 8U);
  EXPECT_EQ(summary.metrics.histogram(names::kResponseTime).count(), 0U);
  EXPECT_NEAR(ms(summary.metrics.histogram(names::kExecutionDuration).percentile(50)), 10, 0.02);
  EXPECT_FALSE(summary.run.open_model);
  EXPECT_EQ(summary.verdict.status, VerdictStatus::valid);
}

TEST(Run, SlackLetsArrivalsStartTogetherAndNoLaterThanItSays) {
  // 10,000/s, a millisecond's slack: the first of each group is a millisecond late, the last about not at all.
  Trial trial;
  std::set<TimePoint> moments;
  Scenario scenario = open_scenario("static 10000/s 2s", task("note", [&](Iteration&) -> runtime::Co<Result> {
                                      moments.insert(trial.now());
                                      co_return Result::success();
                                    }));
  std::get<OpenModel>(scenario.load).slack = 1ms;
  const RunSummary summary = trial.complete(std::move(scenario), 2);
  EXPECT_EQ(summary.load.target, 20'000U);
  EXPECT_EQ(summary.load.succeeded, 20'000U);
  // Two shards, 5,000/s each: groups of six 1.2 ms apart, and one by one in the last millisecond.
  EXPECT_NEAR(double(moments.size()), 2 * 2000 / 1.2, 100);
  const auto lag = summary.metrics.histogram(names::kSchedulerLag);
  EXPECT_NEAR(ms(lag.percentile(50)), 0.5, 0.11);
  EXPECT_LE(ms(lag.max()), 1.02);
}

TEST(Run, SlackIsNothingMissedWhenTheRunIsStopped) {
  Trial trial;
  Scenario scenario = open_scenario("static 100000/s 10s", sleeping(1ms));
  std::get<OpenModel>(scenario.load).slack = 20ms;
  trial.begin(std::move(scenario), 2);
  trial.run_to(trial.now() + 995ms);
  trial.run->stop();
  const RunSummary summary = trial.finish();
  EXPECT_EQ(summary.load.missed, 0U);
  EXPECT_NE(summary.verdict.status, VerdictStatus::valid) << "20 ms late, and said to be";
  EXPECT_THAT(summary.verdict.reasons, testing::Contains(testing::HasSubstr("up to 20ms late (--slack)")));
}

TEST(Run, UsersShareTheNumberOfIterations) {
  Trial trial;
  std::vector<Seen> seen;
  Scenario scenario = closed_scenario(4, {}, noting(seen));
  scenario.iterations = 1001;
  const RunSummary summary = trial.complete(std::move(scenario), 2);
  EXPECT_EQ(summary.load.succeeded, 1001U);
  std::set<std::uint64_t> indices;
  for (const Seen& one : seen)
    indices.insert(one.index);
  EXPECT_EQ(indices.size(), 1001U);
}

TEST(Run, PacedUsersBeginSpreadOverThePacing) {
  std::vector<Seen> seen;
  Trial trial;
  Scenario scenario = closed_scenario(4, 10s, noting(seen));
  std::get<ClosedModel>(scenario.load).pacing = 1s;
  const RunSummary summary = trial.complete(std::move(scenario), 2);
  EXPECT_EQ(summary.load.target, 40U);
  EXPECT_EQ(summary.load.succeeded, 40U);
  std::ranges::sort(seen, {}, &Seen::intended);
  for (std::size_t i = 1; i < seen.size(); ++i)
    EXPECT_EQ(seen[i].intended - seen[i - 1].intended, Duration(250ms));
}

TEST(Run, PacedUsersThatCannotKeepUpShowItInTheResponseTime) {
  // One turn a second, 1.5 s each: ten are due in 10 s; by 15 s (with the drain) all ten have begun.
  Trial trial;
  Scenario scenario = closed_scenario(1, 10s, sleeping(1500ms));
  std::get<ClosedModel>(scenario.load).pacing = 1s;
  const RunSummary summary = trial.complete(std::move(scenario));
  EXPECT_EQ(summary.load.target, 10U);
  EXPECT_EQ(summary.load.started, 10U);
  EXPECT_NEAR(ms(summary.metrics.histogram(names::kStartDelay).max()), 4500, 5);  // the tenth: due 9 s, begun 13.5 s
  EXPECT_LT(ms(summary.metrics.histogram(names::kSchedulerLag).max()), 0.1);
  EXPECT_EQ(summary.verdict.status, VerdictStatus::valid);
}

TEST(Run, AFrozenShardMakesTheRunInvalidAndSaysWhy) {
  Trial trial;
  trial.begin(open_scenario("static 1000/s 10s", sleeping(5ms)));
  const TimePoint begin = trial.now();
  trial.run_to(begin + 2s);
  trial.world.freeze(*trial.shards[0], 4s);
  const RunSummary summary = trial.finish();
  EXPECT_EQ(summary.load.target, 10'000U) << "nothing is skipped";
  EXPECT_EQ(summary.load.missed, 0U);
  EXPECT_EQ(summary.verdict.status, VerdictStatus::invalid);
  EXPECT_EQ(summary.exit_code, 98);
  // 40 % of the arrivals waited evenly up to 4 s: at p90 3 s of it, with and without lag: 3.0 s and 5 ms.
  EXPECT_NEAR(ms(summary.metrics.histogram(names::kResponseTime).percentile(90)), 3000, 20);
  EXPECT_GT(summary.verdict.generator_share[1], 0.99);
  EXPECT_LT(summary.verdict.generator_share[0], 0.1);
  EXPECT_THAT(summary.verdict.reasons, Contains(HasSubstr("the generator itself made")));
  EXPECT_NEAR(double(summary.load.late), 4000, 10);
}

TEST(Run, WhatAShardDidNotReachByTheEndIsMissedAndNeverSent) {
  Trial trial;
  trial.begin(open_scenario("static 1000/s 10s", sleeping(5ms)), 2);
  const TimePoint begin = trial.now();
  trial.run_to(begin + 9s);
  trial.world.freeze(*trial.shards[1], 3s);
  const RunSummary summary = trial.finish();
  EXPECT_EQ(summary.load.target, 10'000U);
  EXPECT_NEAR(double(summary.load.missed), 500, 3);
  EXPECT_EQ(summary.load.succeeded + summary.load.missed, 10'000U);
  EXPECT_EQ(summary.verdict.status, VerdictStatus::invalid);
  EXPECT_THAT(summary.verdict.reasons, Contains(HasSubstr("missed")));
  EXPECT_EQ(summary.metrics.counter(names::kMissed), summary.load.missed);
}

TEST(Run, ASlowTargetStaysValid) {
  Trial trial;
  const RunSummary summary = trial.complete(open_scenario("static 100/s 5s", sleeping(3s)));
  EXPECT_EQ(summary.load.succeeded, 500U);
  EXPECT_EQ(summary.verdict.status, VerdictStatus::valid);
}

TEST(Run, WhatIsSentDoesNotDependOnTheNumberOfShards) {
  for (const ArrivalKind kind : {ArrivalKind::even, ArrivalKind::poisson}) {
    std::vector<Seen> one;
    for (const std::size_t shards : {1, 2, 4}) {
      std::vector<Seen> seen;
      Trial trial;
      trial.settings.seed = 99;
      Scenario scenario = open_scenario("ramp 10..500/s 4s, hold 2s", noting(seen));
      std::get<OpenModel>(scenario.load).arrivals = kind;
      const RunSummary summary = trial.complete(std::move(scenario), shards);
      EXPECT_EQ(summary.load.target, seen.size());
      std::ranges::sort(seen);
      const TimePoint first = seen.front().intended;
      for (Seen& start : seen)
        start.intended -= first.time_since_epoch();
      if (shards == 1) one = seen;
      EXPECT_EQ(seen, one) << shards;
    }
    EXPECT_GT(one.size(), 1500U);
  }
}

TEST(Run, WhatATaskThrowsIsAFailureOfKindException) {
  Trial trial;
  const NamedTask thrower = task("throw", [](Iteration& iteration) -> runtime::Co<Result> {
    if (iteration.index() % 2 == 0) throw std::runtime_error("no such thing");
    co_return Result::success();
  });
  const RunSummary summary = trial.complete(open_scenario("static 10/s 1s", thrower));
  EXPECT_EQ(summary.load.failed, 5U);
  EXPECT_EQ(summary.load.succeeded, 5U);
  ASSERT_EQ(summary.metrics.errors().size(), 1U);
  EXPECT_EQ(summary.metrics.errors()[0].kind, kException);
  EXPECT_EQ(summary.metrics.errors()[0].sample, "no such thing");
}

TEST(Run, ErrorsThatAClientRecordedAreNotCountedAgain) {
  Trial trial;
  const NamedTask failing = task("fail", [](Iteration& iteration) -> runtime::Co<Result> {
    if (iteration.index() == 0) co_return Result::recorded_failure(kTimeout);
    co_return Result::failure(kTimeout, "too slow");
  });
  const RunSummary summary = trial.complete(open_scenario("static 10/s 1s", failing));
  EXPECT_EQ(summary.load.failed, 10U);
  EXPECT_EQ(summary.metrics.errors().at(0).count, 9U);
  EXPECT_EQ(summary.metrics.histogram(names::kResponseTime, {{"status", "failure"}}).count(), 10U);
}

TEST(Run, AnInitThatFailsKeepsItFromStarting) {
  struct Broken final : Task {
    Co<Status> init(TaskContext& context) override {
      if (context.shard() == 1) co_return fail(kUsage, "no data", "bring some");
      co_return Status{};
    }
    Co<Result> execute(Iteration&) override { co_return Result::success(); }
  };
  Trial trial;
  trial.begin(open_scenario("static 10/s 1s", task<Broken>("broken")), 3);
  ASSERT_TRUE(trial.world.run_until([&] { return trial.outcome.has_value(); }));
  ASSERT_FALSE(trial.outcome->has_value());
  EXPECT_EQ(trial.outcome->error().text(), "no data; bring some");
}

TEST(Run, EveryShardHasItsOwnTaskFromInitToTeardown) {
  struct Counts {
    int made = 0, inited = 0, torn = 0, gone = 0;
  };
  static Counts counts;
  counts = {};
  struct Counting final : Task {
    Counting() { ++counts.made; }
    ~Counting() override { ++counts.gone; }
    Co<Status> init(TaskContext&) override {
      ++counts.inited;
      co_return Status{};
    }
    Co<Result> execute(Iteration&) override { co_return Result::success(); }
    Co<void> teardown() override {
      ++counts.torn;
      co_return;
    }
  };
  Trial trial;
  (void)trial.complete(open_scenario("static 100/s 1s", task<Counting>("count")), 4);
  EXPECT_EQ(counts.made, 4);
  EXPECT_EQ(counts.inited, 4);
  EXPECT_EQ(counts.torn, 4);
  EXPECT_EQ(counts.gone, 4);
}

TEST(Run, StopDrainsAndReports) {
  Trial trial;
  trial.begin(open_scenario("static 1000/s 10s", sleeping(500ms)), 2);
  const TimePoint begin = trial.now();
  trial.run_to(begin + 3s);
  trial.run->stop();
  const RunSummary summary = trial.finish();
  EXPECT_TRUE(summary.run.interrupted);
  EXPECT_NEAR(double(*summary.load.target), 3000, 5);
  EXPECT_EQ(summary.load.succeeded, *summary.load.target);
  EXPECT_EQ(summary.load.missed, 0U);
  EXPECT_NEAR(summary.run.duration_s, 3, 0.01);
}

TEST(Run, StopTwiceInterruptsWhatIsInFlight) {
  Trial trial;
  trial.begin(open_scenario("static 100/s 10s", sleeping(1h)), 2);
  const TimePoint begin = trial.now();
  trial.run_to(begin + 3s);
  trial.run->stop();
  trial.run_to(begin + 3100ms);
  trial.run->stop();
  const RunSummary summary = trial.finish();
  EXPECT_LT(trial.now() - begin, 3200ms);
  EXPECT_EQ(summary.load.interrupted, summary.load.started);
}

TEST(Run, StopWhileWarmingUpMeasuresNothing) {
  Trial trial;
  Scenario scenario = open_scenario("static 100/s 10s", sleeping(1ms));
  scenario.warmup = 5s;
  trial.begin(std::move(scenario));
  const TimePoint begin = trial.now();
  trial.run_to(begin + 1s);
  trial.run->stop();
  const RunSummary summary = trial.finish();
  EXPECT_EQ(summary.load.started, 0U);
  EXPECT_EQ(summary.exit_code, 1);
}

TEST(Run, StopWhilePreparingStartsNothing) {
  struct Slow final : Task {
    Co<Status> init(TaskContext& context) override {
      co_await context.sleep(1h);
      co_return Status{};
    }
    Co<Result> execute(Iteration&) override { co_return Result::success(); }
  };
  Trial trial;
  trial.begin(open_scenario("static 100/s 10s", task<Slow>("slow")), 2);
  const TimePoint begin = trial.now();
  trial.run_to(begin + 1s);
  trial.run->stop();
  const RunSummary summary = trial.finish();
  EXPECT_LT(trial.now() - begin, 1100ms);
  EXPECT_EQ(summary.load.started, 0U);
  EXPECT_TRUE(summary.run.interrupted);
}

TEST(Run, ATargetThatRefusesEveryConnectionEndsItWithinASecond) {
  Trial trial;
  const NamedTask refused = task("refused", [](Iteration& iteration) -> runtime::Co<Result> {
    co_await iteration.sleep(1ms);
    co_return Result::failure(runtime::kConnectionRefused, "nothing listens on 127.0.0.1:1");
  });
  const TimePoint begin = trial.now();
  const RunSummary summary = trial.complete(open_scenario("static 100/s 10m", refused), 2);
  EXPECT_LT(trial.now() - begin, 1s);
  EXPECT_EQ(summary.exit_code, 1);
  EXPECT_FALSE(summary.run.interrupted);
  EXPECT_THAT(summary.warnings, Contains(HasSubstr("connection-refused: nothing listens on 127.0.0.1:1")));
}

TEST(Run, OneSuccessIsReasonEnoughToGoOn) {
  Trial trial;
  const NamedTask mostly_refused = task("refused", [](Iteration& iteration) -> runtime::Co<Result> {
    if (iteration.index() == 3) co_return Result::success();
    co_return Result::failure(runtime::kConnectionRefused);
  });
  EXPECT_EQ(trial.complete(open_scenario("static 100/s 5s", mostly_refused)).load.target, 500U);
}

TEST(Run, FailFastIsASetting) {
  Trial trial;
  trial.settings.fail_fast = false;
  const NamedTask refused = task(
      "refused", [](Iteration&) -> runtime::Co<Result> { co_return Result::failure(runtime::kConnectionRefused); });
  const RunSummary summary = trial.complete(open_scenario("static 100/s 5s", refused));
  EXPECT_EQ(summary.load.failed, 500U);
  EXPECT_EQ(summary.exit_code, 1);
}

TEST(Run, WorkThatHoldsUpTheShardIsTheGeneratorsShare) {
  // Every turn of the shard takes this long, whatever the target does.
  Trial light({.turn_cost = 100us});
  EXPECT_EQ(light.complete(open_scenario("static 1000/s 5s", sleeping(1ms))).verdict.status, VerdictStatus::valid);
  Trial heavy({.turn_cost = 5ms});
  const RunSummary late = heavy.complete(open_scenario("static 1000/s 5s", sleeping(1ms)));
  EXPECT_EQ(late.verdict.status, VerdictStatus::invalid);
  EXPECT_GT(late.verdict.generator_share[0], 0.25);
  EXPECT_GE(ms(late.metrics.histogram(names::kGeneratorTurn).percentile(50)), 5);
}

TEST(Run, ProgressTellsThePhasesInOrder) {
  Trial trial;
  Scenario scenario = open_scenario("static 100/s 2s", sleeping(1500ms));
  scenario.warmup = 1s;
  (void)trial.complete(std::move(scenario));
  std::vector<Phase> phases;
  for (const Progress& step : trial.witness.steps)
    if (phases.empty() || phases.back() != step.phase) phases.push_back(step.phase);
  EXPECT_THAT(phases, testing::ElementsAre(Phase::prepare, Phase::warmup, Phase::measure, Phase::drain, Phase::done));
}

// Names are bounded, and a run that had more of them says so.
TEST(Run, SaysWhenMoreNamesCameThanAreKeptApart) {
  const auto naming = task("names", [](Iteration& iteration) -> runtime::Co<Result> {
    auto& recorder = iteration.recorder();
    for (int i = 0; i <= int(metrics::Registry::kMaxSeries); ++i)
      recorder.add(recorder.registry().counter("test.visits", {{"name", std::to_string(i)}}), 1);
    co_return Result::success();
  });
  Scenario scenario = closed_scenario(1, 0s, naming);
  scenario.iterations = 1;
  const RunSummary summary = Trial().complete(std::move(scenario));
  EXPECT_THAT(summary.warnings, Contains(HasSubstr("'other'")));
  EXPECT_EQ(summary.metrics.counter("test.visits"), metrics::Registry::kMaxSeries + 1);
  EXPECT_THAT(Trial().complete(closed_scenario(1, 1s, sleeping(10ms))).warnings,
              Each(testing::Not(HasSubstr("other"))));
}

}  // namespace
}  // namespace vajrapulse::engine
