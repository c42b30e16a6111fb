#include "vajrapulse/plan/assertions.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "vajrapulse/document/read.hpp"
#include "vajrapulse/engine/load_language.hpp"
#include "vajrapulse/metrics/names.hpp"
#include "vajrapulse/plan/assertion.hpp"
#include "vajrapulse/runtime/simulated/world.hpp"

namespace vajrapulse::plan {
namespace {

namespace names = metrics::names;
using namespace std::chrono_literals;
using engine::AssertionResult;
using engine::Phase;
using engine::RunSummary;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<AssertedScenario> one_scenario() {
  return {{.name = "load", .open_model = true, .measured = true, .planned = 1'000, .duration = 100s}};
}

/// The specs of a list as it stands in a plan, and what is wrong with it.
struct Written {
  explicit Written(const std::string& text) {
    node = document::read(std::make_shared<document::Source>("plan.yml", text), found);
    if (!node) return;
    schema::Reading reading(found);
    good = assertions_shape()->read(*node, specs, reading);
  }
  document::Diagnostics found;
  std::optional<document::Node> node;
  std::vector<AssertionSpec> specs;
  bool good = false;
};

std::unique_ptr<Assertions> compiled(const std::string& text,
                                     std::vector<AssertedScenario> scenarios = one_scenario()) {
  Written written(text);
  std::unique_ptr<Assertions> assertions;
  if (written.good) assertions = Assertions::compile(written.specs, std::move(scenarios), written.found);
  EXPECT_EQ(written.found.written(document::Format::text), "");
  return assertions;
}

/// The first thing wrong with it: "plan.yml:1:3: message; cure".
std::string refused(const std::string& text, std::vector<AssertedScenario> scenarios = one_scenario()) {
  Written written(text);
  if (written.good) {
    EXPECT_EQ(Assertions::compile(written.specs, std::move(scenarios), written.found), nullptr) << text;
  }
  const auto all = written.found.all();
  if (all.empty()) return "";
  return all.front().place.text() + ": " + all.front().message + "; " + all.front().cure;
}

/// A second of iterations: how many of which time, and how many of them failed.
struct Made {
  std::uint64_t count = 10;
  Duration time = 10ms;
  std::uint64_t failed = 0;
  std::string scenario = "load";
  double queue = 0;
};

/// A run made up of intervals, given to assertions second by second.
class MadeUp {
 public:
  explicit MadeUp(const std::string& text, std::vector<AssertedScenario> scenarios = one_scenario())
      : scenarios_(scenarios), assertions(compiled(text, std::move(scenarios))) {
    if (assertions) assertions->on_abort([this](const std::string& why) { aborts.push_back(why); });
  }

  void second(double t, const Made& made, Phase phase = Phase::measure, double length = 1) {
    Shard& shard = shards_[made.scenario];
    metrics::Registry& registry = shard.registry;
    metrics::Recorder& recorder = shard.recorder;
    metrics::Snapshot interval;
    const TimePoint begin{Duration(std::int64_t(t * 1e9) + 10'000'000'000)};
    const metrics::Tags own = {{"scenario", made.scenario}, {"task", "buy"}};
    recorder.set(registry.gauge(names::kInFlight, own), 1, begin);
    for (const char* status : {"success", "failure"}) {
      metrics::Tags tags = {{"scenario", made.scenario}, {"status", status}, {"task", "buy"}};
      const std::uint64_t count = status[0] == 'f' ? made.failed : made.count - made.failed;
      recorder.add(registry.counter(names::kExecutionTotal, tags), count);
      for (std::uint64_t i = 0; i < count; ++i) {
        recorder.record(registry.histogram(names::kResponseTime, tags), made.time);
        recorder.record(registry.histogram(names::kExecutionDuration, tags), made.time);
      }
    }
    if (made.queue > 0)
      recorder.set(registry.gauge(names::kClientQueueSize, {{"queue", "slot"}, {"scenario", made.scenario}}),
                   made.queue, begin);
    const auto taken = recorder.swap(begin + Duration(std::int64_t(length * 1e9)), nullptr);
    interval.add(*taken);
    if (phase == Phase::measure || phase == Phase::drain) summary_.metrics.merge(interval);
    if (phase == Phase::measure) summary_.run.duration_s = std::max(summary_.run.duration_s, t + length);
    if (aborts.empty()) last_t = t;
    assertions->on_interval(t, phase, interval);
  }
  /// From `begin` to `end`, one a second.
  void seconds(int begin, int end, const Made& made) {
    for (int t = begin; t < end; ++t)
      second(t, made);
  }

  AssertionResult result() {
    const auto all = assertions->judge(summary());
    EXPECT_EQ(all.size(), 1U);
    return all.front();
  }
  RunSummary& summary() {
    if (summary_.scenarios.empty())
      for (const AssertedScenario& each : scenarios_)
        summary_.scenarios.push_back(
            {.name = each.name, .duration_s = summary_.run.duration_s, .load = {.started = 1}});
    return summary_;
  }

 private:
  std::vector<AssertedScenario> scenarios_;

 public:
  std::unique_ptr<Assertions> assertions;
  std::vector<std::string> aborts;
  double last_t = 0;

 private:
  /// Each scenario records for itself.
  struct Shard {
    metrics::Registry registry;
    metrics::Recorder recorder{registry, TimePoint{}};
  };
  std::map<std::string, Shard> shards_;
  RunSummary summary_;
};

AssertionResult judged(const std::string& text, int seconds, const Made& made) {
  MadeUp run(text);
  run.seconds(0, seconds, made);
  return run.result();
}

TEST(Assertions, TheThreeOfTheRoadmapWorkAsWritten) {
  const std::string text =
      "- metric: \"vajrapulse.execution.duration\"\n"
      "  percentile: 0.99\n"
      "  max: \"500ms\"\n"
      "\n"
      "- metric: \"vajrapulse.execution.total\"\n"
      "  tag: \"status=failure\"\n"
      "  max-rate: \"0.01\"  # 1% error rate\n"
      "\n"
      "- metric: \"vajrapulse.client.queue.size\"\n"
      "  max: 1000\n";
  MadeUp good(text);
  good.seconds(0, 2, {.count = 100, .time = 400ms, .failed = 1, .queue = 7});
  for (const AssertionResult& result : good.assertions->judge(good.summary()))
    EXPECT_TRUE(result.passed) << result.text << ": " << result.observed << result.reason;

  MadeUp bad(text);
  bad.seconds(0, 2, {.count = 100, .time = 600ms, .failed = 2, .queue = 1'250});
  const auto results = bad.assertions->judge(bad.summary());
  ASSERT_EQ(results.size(), 3U);
  EXPECT_EQ(results[0].text, "vajrapulse.execution.duration p99 at most 500ms");
  EXPECT_EQ(results[0].expected, "at most 500 ms");
  EXPECT_FALSE(results[0].passed);
  EXPECT_EQ(results[1].text, "vajrapulse.execution.total {status=failure} share at most 0.01");
  EXPECT_EQ(results[1].expected, "at most 1 %");
  EXPECT_EQ(results[1].observed, "2 %");
  EXPECT_EQ(results[1].by, "100 % over");
  EXPECT_EQ(results[2].text, "vajrapulse.client.queue.size max at most 1000");
  EXPECT_EQ(results[2].observed, "1,250");
  EXPECT_EQ(results[2].by, "25 % over");
}

TEST(Assertions, ATextIsAConditionInTheExpressionLanguage) {
  const AssertionResult slow = judged("- p99 < 500ms", 3, {.time = 625ms});
  EXPECT_FALSE(slow.passed);
  EXPECT_EQ(slow.text, "p99 < 500ms");
  EXPECT_EQ(slow.expected, "under 500 ms");
  EXPECT_EQ(slow.observed, "625 ms");
  EXPECT_EQ(slow.by, "25 % over");
  EXPECT_EQ(slow.scenario, "");
  EXPECT_TRUE(judged("- p99 < 500ms", 3, {.time = 100ms}).passed);
  EXPECT_EQ(judged("- load.errors < 1%", 3, {.failed = 1}).scenario, "load");
  EXPECT_EQ(judged("- { assert: errors < 1%, title: nobody sees errors }", 3, {}).text, "nobody sees errors");
}

TEST(Assertions, EveryAggregateOfAMetric) {
  // 30 iterations of 20 ms in 3 s, of which 6 failed.
  const Made made{.count = 10, .time = 20ms, .failed = 2, .queue = 4};
  const auto holds = [&](const std::string& limits, const char* metric = "vajrapulse.execution.duration") {
    return judged(std::string("- { metric: ") + metric + ", " + limits + " }", 3, made).passed;
  };
  EXPECT_TRUE(holds("aggregate: count, between: [30, 30]"));
  EXPECT_TRUE(holds("aggregate: rate, between: [10/s, 10/s]"));
  EXPECT_TRUE(holds("aggregate: mean, between: [20ms, 20ms]"));
  EXPECT_TRUE(holds("min: 20ms, max: 20ms"));
  EXPECT_FALSE(holds("max: 19ms"));
  EXPECT_TRUE(holds("aggregate: stddev, max: 100us"));
  EXPECT_TRUE(holds("aggregate: percentile, percentile: 99.9, max: 21ms"));
  EXPECT_TRUE(holds("percentile: 0.999, max: 21ms"));
  EXPECT_FALSE(holds("percentile: p50, max: 19ms"));
  EXPECT_TRUE(holds("aggregate: error-rate, between: [20%, 20%]"));
  EXPECT_TRUE(holds("aggregate: success-rate, min: 0.8"));
  EXPECT_TRUE(holds("aggregate: throughput, min: 10/s"));
  EXPECT_TRUE(holds("between: [30, 30]", "vajrapulse.execution.total"));
  EXPECT_TRUE(holds("tags: { status: failure, task: buy }, max: 6", "vajrapulse.execution.total"));
  EXPECT_FALSE(holds("tags: { status: failure }, max: 5", "vajrapulse.execution.total"));
  EXPECT_TRUE(holds("tag: status=failure, max-rate: 2/s", "vajrapulse.execution.total"));
  EXPECT_FALSE(holds("tag: status=failure, max-rate: 1.9/s", "vajrapulse.execution.total"));
  EXPECT_TRUE(holds("tag: status=success, min-rate: 80%", "vajrapulse.execution.total"));
  EXPECT_TRUE(holds("task: buy, scenario: load, max: 30", "vajrapulse.execution.total"));
  EXPECT_TRUE(holds("aggregate: last, between: [4, 4]", "vajrapulse.client.queue.size"));
  EXPECT_TRUE(holds("aggregate: mean, max: 4", "vajrapulse.client.queue.size"));
}

TEST(Assertions, WhatNeverGotAValueFailsAndSaysSo) {
  const AssertionResult none =
      judged("- { metric: vajrapulse.client.queue.wait_time, percentile: 99, max: 1s }", 2, {});
  EXPECT_FALSE(none.passed);
  EXPECT_EQ(none.observed, "no value");
  EXPECT_EQ(none.reason, "vajrapulse.client.queue.wait_time never had a value");
  EXPECT_EQ(judged("- p95(\"GET /crat\") < 80ms", 2, {}).reason, "no request was called 'GET /crat'");
  EXPECT_EQ(judged("- { assert: p95(\"GET /crat\") < 80ms, for: 1s }", 2, {}).reason,
            "no request was called 'GET /crat'");
  const AssertionResult task = judged("- { assert: failed == 0, task: buyy }", 2, {});
  EXPECT_FALSE(task.passed);
  EXPECT_EQ(task.reason, "no task called 'buyy' was run; did you mean 'buy'?");
}

TEST(Windows, AreSlidingAndEachHasToHold) {
  // 3 of 10 slow seconds: over the whole run p99 is slow as well, but the median of every 10 s is not.
  MadeUp run("- { assert: p50 < 100ms, for: 3s }");
  run.seconds(0, 5, {.time = 10ms});
  run.second(5, {.time = 400ms});
  run.seconds(6, 10, {.time = 10ms});
  EXPECT_TRUE(run.result().passed) << "one second of three is not the median";

  MadeUp slow("- { assert: p50 < 100ms, for: 3s }");
  slow.seconds(0, 5, {.time = 10ms});
  slow.seconds(5, 7, {.time = 125ms});
  slow.seconds(7, 10, {.time = 10ms});
  const AssertionResult result = slow.result();
  EXPECT_FALSE(result.passed);
  EXPECT_EQ(result.text, "p50 < 100ms, for 3s");
  EXPECT_EQ(result.expected, "under 100 ms in every 3 s");
  EXPECT_EQ(result.observed, "125 ms");
  EXPECT_EQ(result.by, "25 % over");
  EXPECT_EQ(result.broke_at, 7) << "the window of 4 to 7 s has two slow ones";
}

TEST(Windows, HaveTruePercentilesOfAllTheirValues) {
  // One slow second with one value among 99 quick ones: the p99 of 2 s is quick, a mean of p99s would not be.
  MadeUp run("- { assert: p99 < 50ms, for: 2s }");
  run.second(0, {.count = 198, .time = 10ms});
  run.second(1, {.count = 2, .time = 900ms});
  EXPECT_TRUE(run.result().passed) << "rank 198 of 200";
  MadeUp slow("- { assert: p99 < 50ms, for: 2s }");
  slow.second(0, {.count = 198, .time = 10ms});
  slow.second(1, {.count = 3, .time = 900ms});
  EXPECT_FALSE(slow.result().passed) << "rank 199 of 201";
}

TEST(Windows, TheFirstIsTheFirstFullOne) {
  MadeUp run("- { assert: tps > 5/s, for: 3s }");
  run.seconds(0, 2, {.count = 1});
  run.seconds(2, 6, {.count = 20});
  EXPECT_TRUE(run.result().passed) << "22 in 0 to 3 s; 0 to 1 s alone is no window of 3 s";
  MadeUp edge("- { assert: tps >= 7/s, for: 3s }");
  edge.seconds(0, 2, {.count = 0});
  edge.second(2, {.count = 21});
  edge.second(3, {.count = 0});
  EXPECT_TRUE(edge.result().passed) << "21 in both windows";
  MadeUp past("- { assert: tps >= 7/s, for: 3s }");
  past.seconds(0, 2, {.count = 0});
  past.second(2, {.count = 21});
  past.seconds(3, 6, {.count = 0});
  EXPECT_EQ(past.result().broke_at, 6) << "3 to 6 s is the first without";
}

TEST(Windows, AfterLeavesOutWhatComesBefore) {
  MadeUp run("- { assert: p99 < 100ms, for: 2s, after: 3s }");
  run.seconds(0, 3, {.time = 900ms});
  run.seconds(3, 6, {.time = 10ms});
  EXPECT_TRUE(run.result().passed);
  MadeUp one_more("- { assert: p99 < 100ms, for: 2s, after: 3s }");
  one_more.seconds(0, 4, {.time = 900ms});
  one_more.seconds(4, 6, {.time = 10ms});
  EXPECT_EQ(one_more.result().broke_at, 5);

  MadeUp whole("- { assert: errors < 1%, after: 3s }");
  whole.seconds(0, 3, {.failed = 10});
  whole.seconds(3, 6, {});
  EXPECT_TRUE(whole.result().passed);
  MadeUp rate("- { assert: tps <= 10/s, after: 3s }");
  rate.seconds(0, 3, {.count = 500});
  rate.seconds(3, 6, {.count = 10});
  const AssertionResult result = rate.result();
  EXPECT_TRUE(result.passed) << result.observed;
  EXPECT_EQ(result.text, "tps <= 10/s, after 3s");
  EXPECT_EQ(result.expected, "at most 10/s after 3 s");
  MadeUp late("- { assert: errors < 1%, after: 30s }");
  late.seconds(0, 3, {});
  EXPECT_EQ(late.result().reason, "nothing was recorded after 30 s");
}

TEST(Windows, OnlyWhatIsMeasuredCounts) {
  MadeUp run("- { assert: p99 < 100ms, for: 2s }");
  run.second(-2, {.time = 900ms}, Phase::warmup);
  run.second(-1, {.time = 900ms}, Phase::warmup);
  run.seconds(0, 3, {.time = 10ms});
  run.second(3, {.time = 900ms}, Phase::cooldown);
  run.second(4, {.time = 900ms}, Phase::drain);
  EXPECT_TRUE(run.result().passed);
}

TEST(Windows, ARunShorterThanItsWindowIsJudgedAsOne) {
  const AssertionResult result = judged("- { assert: p99 < 100ms, for: 10s }", 3, {.time = 200ms});
  EXPECT_FALSE(result.passed);
  EXPECT_EQ(result.by, "100 % over");
  EXPECT_THAT(result.expected, HasSubstr("judged as one"));
  EXPECT_TRUE(judged("- { assert: p99 < 100ms, for: 10s }", 3, {.time = 20ms}).passed);
}

TEST(Windows, TheRestOfASecondMakesNoRateTooLow) {
  MadeUp run("- { assert: tps >= 10/s, for: 2s }");
  run.seconds(0, 3, {.count = 10});
  run.second(3, {.count = 4}, Phase::measure, 0.4);
  EXPECT_TRUE(run.result().passed);
}

TEST(Windows, ScenariosSideBySideAreMerged) {
  const std::vector<AssertedScenario> both = {{.name = "a"}, {.name = "b"}};
  // 90 quick and 10 slow ones in each second: the p90 is quick, the p91 is slow.
  for (const bool slow : {false, true}) {
    MadeUp run(slow ? "- { assert: p91 < 50ms, for: 2s }" : "- { assert: p90 < 50ms, for: 2s }", both);
    for (int t = 0; t < 4; ++t) {
      run.second(t, {.count = 10, .time = 100ms, .scenario = "b"});
      run.second(t, {.count = 90, .time = 10ms, .scenario = "a"});
    }
    EXPECT_EQ(run.result().passed, !slow);
  }
  MadeUp only("- { assert: p99 < 50ms, for: 2s, scenario: a }", both);
  for (int t = 0; t < 4; ++t) {
    only.second(t, {.count = 10, .time = 100ms, .scenario = "b"});
    only.second(t, {.count = 90, .time = 10ms, .scenario = "a"});
  }
  const AssertionResult result = only.result();
  EXPECT_TRUE(result.passed);
  EXPECT_EQ(result.scenario, "a");
}

TEST(Windows, OfAScenarioCountAfterFromItsOwnBeginning) {
  MadeUp run("- { assert: p99 < 50ms, for: 2s, after: 3s, scenario: b }", {{.name = "a"}, {.name = "b"}});
  run.seconds(0, 5, {.time = 900ms, .scenario = "a"});
  run.seconds(5, 8, {.time = 900ms, .scenario = "b"});
  run.seconds(8, 11, {.time = 10ms, .scenario = "b"});
  EXPECT_TRUE(run.result().passed);
}

TEST(Windows, SpanNoGapBetweenScenarios) {
  MadeUp run("- { assert: tps > 9/s, for: 3s }", {{.name = "a"}, {.name = "b"}});
  run.seconds(0, 4, {.scenario = "a"});
  run.seconds(7, 11, {.scenario = "b"});
  EXPECT_TRUE(run.result().passed) << "from 4 to 7 s nothing was to be sent";
}

TEST(Groups, AllAndAny) {
  const Made made{.time = 125ms, .failed = 0};
  const AssertionResult any = judged("- any: [ p99 < 100ms, errors < 1% ]", 2, made);
  EXPECT_TRUE(any.passed);
  EXPECT_EQ(any.text, "one of: p99 < 100ms; errors < 1%");
  EXPECT_EQ(any.expected, "one of 2");
  const AssertionResult all = judged("- all: [ p99 < 100ms, errors < 1% ]", 2, made);
  EXPECT_FALSE(all.passed);
  EXPECT_EQ(all.observed, "p99 < 100ms: 125 ms (25 % over); errors < 1%: 0 % (100 % under)");
  EXPECT_EQ(judged("- { any: [ p99 < 1ms, { all: [ errors < 1%, tps > 1/s ] } ], title: good enough }", 2, made).text,
            "good enough");
  EXPECT_TRUE(judged("- { any: [ p99 < 1ms, { all: [ errors < 1%, tps > 1/s ] } ] }", 2, made).passed);
  // What the group says holds for what is in it.
  EXPECT_EQ(judged("- { all: [ p99 < 100ms, errors < 1% ], for: 1s }", 2, made).broke_at, 1);
}

TEST(Abort, AWindowThatFailedEndsTheRunAtOnce) {
  MadeUp run("- { assert: p99 < 500ms, for: 3s, abort: true }");
  run.seconds(0, 10, {.time = 10ms});
  EXPECT_THAT(run.aborts, IsEmpty());
  run.seconds(10, 20, {.time = 812ms});
  ASSERT_EQ(run.aborts.size(), 1U) << "once";
  EXPECT_EQ(run.aborts[0], "assertion 'p99 < 500ms, for 3s' cannot pass any more: 812 ms");
  EXPECT_EQ(run.last_t, 10) << "with the second in which it happened";
  const AssertionResult result = run.result();
  EXPECT_TRUE(result.aborted);
  EXPECT_FALSE(result.passed);
  EXPECT_EQ(result.broke_at, 11);
}

TEST(Abort, OfScenariosSideBySideWithinTwoSeconds) {
  MadeUp run("- { assert: p99 < 500ms, for: 2s, abort: true }", {{.name = "a"}, {.name = "b"}});
  for (int t = 0; t < 10; ++t)
    for (const char* scenario : {"a", "b"})
      run.second(t, {.time = t < 5 ? Duration(10ms) : Duration(600ms), .scenario = scenario});
  ASSERT_EQ(run.aborts.size(), 1U);
  EXPECT_EQ(run.last_t, 5);
}

TEST(Abort, ACountBeyondItsMaximum) {
  MadeUp run("- { metric: vajrapulse.execution.total, tag: status=failure, max: 4, abort: true }");
  run.seconds(0, 2, {.failed = 2});
  EXPECT_THAT(run.aborts, IsEmpty());
  run.second(2, {.failed = 1});
  ASSERT_EQ(run.aborts.size(), 1U);
  EXPECT_THAT(run.aborts[0], HasSubstr("cannot pass any more: 5"));
  EXPECT_EQ(run.result().broke_at, 3);
}

TEST(Abort, AShareOnceThePlannedRestCannotMakeUpForIt) {
  // 1,000 are planned, of which 9 may fail.
  MadeUp run("- { assert: errors < 1%, abort: true }");
  run.seconds(0, 9, {.failed = 1});
  EXPECT_THAT(run.aborts, IsEmpty()) << "10 % so far, but 9 of 1,000 are 0.9 %";
  run.second(9, {.failed = 1});
  EXPECT_EQ(run.aborts.size(), 1U);
}

TEST(Abort, APercentileOnceTooManyOfThePlannedLieAboveIt) {
  // The p99 of 1,000 is the 990th: with the eleventh slow one it is slow.
  MadeUp run("- { assert: p99 < 100ms, abort: true }");
  run.second(0, {.count = 10, .time = 900ms});
  run.second(1, {.count = 100, .time = 10ms});
  EXPECT_THAT(run.aborts, IsEmpty());
  run.second(2, {.count = 1, .time = 900ms});
  EXPECT_EQ(run.aborts.size(), 1U);
}

TEST(Abort, WhereNobodyKnowsHowMuchWillComeASharIsJudgedAtTheEnd) {
  MadeUp users("- { assert: errors < 1%, abort: true }", {{.name = "load", .open_model = false}});
  users.seconds(0, 5, {.failed = 10});
  EXPECT_THAT(users.aborts, IsEmpty());
  EXPECT_FALSE(users.result().passed);

  MadeUp steered("- { assert: errors < 1%, abort: true }");
  engine::Progress progress;
  progress.control.scale = 2;
  steered.assertions->on_progress(progress);
  steered.seconds(0, 5, {.failed = 10});
  EXPECT_THAT(steered.aborts, IsEmpty());
}

TEST(Abort, OfAGroupWhenTheGroupIsLost) {
  MadeUp any("- { any: [ failed == 0, dropped == 0 ], abort: true }");
  any.seconds(0, 3, {.failed = 1});
  EXPECT_THAT(any.aborts, IsEmpty());
  MadeUp all("- { all: [ failed == 0, dropped == 0 ], abort: true }");
  all.seconds(0, 3, {.failed = 1});
  ASSERT_EQ(all.aborts.size(), 1U);
  EXPECT_THAT(all.aborts[0], HasSubstr("all of: failed == 0; dropped == 0"));
}

TEST(Abort, NotWhenTheLoadIsOverAnyway) {
  MadeUp run("- { assert: failed == 0, abort: true }");
  run.seconds(0, 2, {});
  run.second(2, {.count = 1, .failed = 1}, Phase::drain);
  EXPECT_THAT(run.aborts, IsEmpty());
  const AssertionResult result = run.result();
  EXPECT_FALSE(result.passed);
  EXPECT_FALSE(result.aborted);
}

TEST(AssertionMistakes, AreSaidWhereTheyStandWithTheirCure) {
  EXPECT_EQ(refused("- p99 < 500"),
            "plan.yml:1:7: a time and a number cannot be compared; write its unit, for example 500ms");
  EXPECT_EQ(refused("- erors < 1%"), "plan.yml:1:3: 'erors' is no figure of a run; did you mean errors?");
  EXPECT_EQ(refused("- { assert: laod.errors < 1% }"),
            "plan.yml:1:13: 'laod.errors' is no figure of a run; did you mean load.errors?");
  EXPECT_EQ(refused("- { assert: p99 < 1s, for: 1500ms }"),
            "plan.yml:1:28: a window is of whole seconds, from 1s to 1h; write for example for: 10s");
  EXPECT_EQ(refused("- { assert: p99 < 1s, scenario: lod }"),
            "plan.yml:1:33: no scenario is called 'lod'; did you mean 'load'?");
  EXPECT_EQ(refused("- { metric: vajrapulse.execution.duratoin, percentile: 0.99, max: 500ms }"),
            "plan.yml:1:13: 'vajrapulse.execution.duratoin' is no metric; did you mean vajrapulse.execution.duration?");
  EXPECT_EQ(refused("- { metric: vajrapulse.execution.duration, percentile: 0.99, max: 500 }"),
            "plan.yml:1:67: a time and a number cannot be compared; write its unit, for example 500ms");
  EXPECT_EQ(refused("- { metric: vajrapulse.execution.total, percentile: 0.99, max: 500 }"),
            "plan.yml:1:53: 'vajrapulse.execution.total' has no p99; it only counts: ask for count, rate or share");
  EXPECT_EQ(refused("- { metric: vajrapulse.execution.total, tag: status=failed, max-rate: 1% }"),
            "plan.yml:1:46: 'failed' is no status; write success, failure or interrupted");
  EXPECT_EQ(refused("- { metric: vajrapulse.execution.total, max-rate: 1% }"),
            "plan.yml:1:13: a share needs a tag that says what is counted; add for example status=failure");
  EXPECT_EQ(refused("- { metric: vajrapulse.execution.total, tag: status=failure, max-rate: 5 }"),
            "plan.yml:1:72: '5' is neither a share of all nor so many a second; write for example 1%, 0.01 or 10/s");
  EXPECT_EQ(
      refused("- { metric: vajrapulse.client.queue.size, min: 5 }"),
      "plan.yml:1:48: what of vajrapulse.client.queue.size is meant is not said; add aggregate: mean, max or last");
  EXPECT_EQ(refused("- { metric: vajrapulse.execution.duration, percentile: 101, max: 5ms }"),
            "plan.yml:1:56: '101' is no percentile; write for example 0.99, 99 or 99.9");
  EXPECT_EQ(refused("- { metric: vajrapulse.execution.duration, percentile: 99, max: fast }"),
            "plan.yml:1:65: 'fast' is no limit; write a value, for example 500ms");
  EXPECT_EQ(refused("- { metric: vajrapulse.execution.duration, between: [5ms, 1ms] }"),
            "plan.yml:1:59: 'between' ends below where it begins; write the lesser limit first");
  EXPECT_EQ(refused("- { all: [ { assert: p99 < 1s, abort: true }, failed == 0 ] }"),
            "plan.yml:1:39: only a whole group can end the run; write abort beside all or any");
  EXPECT_EQ(refused("- { assert: verdict == 'VALID', for: 10s }"),
            "plan.yml:1:13: the verdict and the duration are of the whole run, not of a part of it; leave for and "
            "after out");
  EXPECT_THAT(refused("- { metric: vajrapulse.execution.duration, percentile: 0.99 }"), HasSubstr("max"));
  EXPECT_THAT(refused("- { asert: p99 < 1s }"), HasSubstr("did you mean 'assert'?"));
  EXPECT_EQ(refused("- warm.errors < 1%", {{.name = "warm", .measured = false}}),
            "plan.yml:1:3: 'warm' is not measured, so that nothing is known of it; ask about another scenario, or "
            "about the whole run");
  EXPECT_EQ(refused("- p99 < 1s", {{.name = "crowd", .open_model = false}}),
            "plan.yml:1:3: 'p99' counts from the intended start, which users in a closed loop do not have; write "
            "service.p99, or use an open load (--tps)");
}

TEST(AssertionMistakes, ComeAllAtOnce) {
  Written written("- p99 < 500\n- errors < 1%\n- { assert: erors < 1% }\n");
  ASSERT_TRUE(written.good);
  EXPECT_EQ(Assertions::compile(written.specs, one_scenario(), written.found), nullptr);
  EXPECT_EQ(written.found.errors(), 2U);
}

TEST(Assertions, AScenarioThatWasSkippedHasNoValue) {
  MadeUp run("- spike.errors < 1%", {{.name = "load"}, {.name = "spike"}});
  run.seconds(0, 2, {});
  run.summary().scenarios[1].skipped = "load.errors < 1% does not hold: 3 %";
  EXPECT_EQ(run.result().reason, "spike was skipped: load.errors < 1% does not hold: 3 %");
}

/// A real run of the engine in simulated time, whose iterations turn slow after a while.
struct Simulated {
  runtime::simulated::World world{20260101};
  std::unique_ptr<Assertions> assertions;
  std::unique_ptr<engine::Run> run;
  std::optional<Expected<RunSummary>> outcome;
  std::vector<std::string> reasons;
  std::optional<TimePoint> begin, ended;

  RunSummary complete(const std::string& text, std::string_view load, Duration turns_slow, Duration slow) {
    engine::PlannedScenario planned;
    planned.scenario.name = "load";
    planned.scenario.task = task("work", [this, turns_slow, slow](Iteration& iteration) -> runtime::Co<Result> {
      if (!begin) begin = iteration.intended_start();
      const bool late = iteration.intended_start() - *begin >= turns_slow;
      Duration takes = 5ms;
      if (late) takes = slow;
      co_await iteration.sleep(takes);
      co_return late&& slow == 1ms ? Result::failure(kTimeout) : Result::success();
    });
    planned.scenario.load = engine::OpenModel{.pattern = *engine::parse_load(load)};
    assertions = compiled(text, {asserted(planned)});
    assertions->on_abort([this](const std::string& why) {
      reasons.push_back(why);
      ended = world.clock().now();
      (void)run->control({.action = engine::Control::Action::stop, .scenario = "", .reason = why});
    });
    engine::RunSettings settings;
    settings.observers = {assertions.get()};
    runtime::Reactor& control = world.reactor();
    std::vector<runtime::Reactor*> shards = {&world.reactor()};
    run = std::make_unique<engine::Run>(settings, std::vector{planned}, control, shards);
    auto follow = [](engine::Run& what, std::optional<Expected<RunSummary>>& into) -> runtime::Co<void> {
      auto work = what.execute();
      into = co_await work;
    };
    control.post([this, follow] { runtime::spawn(follow(*run, outcome)); });
    EXPECT_TRUE(world.run_until([this] { return outcome.has_value(); }));
    EXPECT_TRUE(outcome->has_value());
    RunSummary summary = std::move(**outcome);
    summary.assertions = assertions->judge(summary);
    return summary;
  }
};

TEST(SimulatedRun, EndsWithinTwoSecondsOfTheWindowThatFails) {
  Simulated trial;
  const RunSummary summary =
      trial.complete("- { assert: p90 < 100ms, for: 5s, abort: true }", "static 100/s 60s", 20s, 200ms);
  ASSERT_EQ(trial.reasons.size(), 1U);
  // One in ten of five seconds is lost at 20.5 s, and known 200 ms later.
  const Duration after = *trial.ended - *trial.begin;
  EXPECT_GE(after, 20500ms);
  EXPECT_LE(after, 22500ms);
  EXPECT_LT(summary.run.duration_s, 23);
  EXPECT_TRUE(summary.assertions[0].aborted);
  EXPECT_FALSE(summary.assertions[0].passed);
}

TEST(SimulatedRun, EndsWithinTwoSecondsOfAShareThatIsLost) {
  Simulated trial;
  // 6,000 are planned: with the 60th failure, 0.6 s after they begin, 1 % cannot be met any more.
  const RunSummary summary = trial.complete("- { assert: errors < 1%, abort: true }", "static 100/s 60s", 20s, 1ms);
  ASSERT_EQ(trial.reasons.size(), 1U);
  const Duration after = *trial.ended - *trial.begin;
  EXPECT_GE(after, 20590ms);
  EXPECT_LE(after, 22590ms);
  EXPECT_TRUE(summary.assertions[0].aborted);
}

TEST(SimulatedRun, ThatKeepsItsPromisesRunsToItsEnd) {
  Simulated trial;
  const RunSummary summary = trial.complete(
      "- { assert: p99 < 100ms, for: 10s, abort: true }\n- { assert: errors < 1%, abort: true }\n"
      "- { assert: tps > 99/s, for: 10s }\n- { metric: vajrapulse.client.queue.size, max: 1000 }\n",
      "static 100/s 60500ms", 100s, 5ms);
  EXPECT_THAT(trial.reasons, IsEmpty());
  EXPECT_DOUBLE_EQ(summary.run.duration_s, 60.5);
  for (const AssertionResult& result : summary.assertions)
    EXPECT_TRUE(result.passed) << result.text << ": " << result.observed << result.reason;
}

}  // namespace
}  // namespace vajrapulse::plan
