#include "vajrapulse/criteria/tally.hpp"

#include <gtest/gtest.h>

#include "vajrapulse/criteria/assertion.hpp"
#include "vajrapulse/metrics/names.hpp"

namespace vajrapulse::criteria {
namespace {

namespace names = metrics::names;
using namespace std::chrono_literals;
using std::chrono::milliseconds;

/// Ten iterations of 10 to 100 ms, the last two of which failed, in 5 s; a queue of 3, then of 1.
struct SampleRun {
  SampleRun() : recorder(registry, TimePoint{}) {
    for (int i = 1; i <= 10; ++i) {
      const metrics::Tags tags = {
          {"scenario", "load"}, {"status", i > 8 ? "failure" : "success"}, {"task", i % 2 == 0 ? "buy" : "browse"}};
      recorder.add(registry.counter(names::kExecutionTotal, tags));
      recorder.record(registry.histogram(names::kExecutionDuration, tags), milliseconds(10 * i));
      recorder.record(registry.histogram(names::kResponseTime, tags), milliseconds(10 * i));
    }
    const auto queue = registry.gauge(names::kClientQueueSize, {{"queue", "connection"}, {"scenario", "load"}});
    recorder.set(queue, 3, TimePoint{});
    recorder.set(queue, 1, TimePoint(1s));
    recorder.record(registry.histogram("cart.items", {{"scenario", "load"}}, ""), 7);
    recorder.add(registry.counter(names::kRequestBytes, {{"direction", "in"}, {"scenario", "load"}}), 4096);
    interval = recorder.swap(TimePoint(5s), nullptr);
    snapshot.add(*interval);
  }
  metrics::Registry registry;
  metrics::Recorder recorder;
  std::unique_ptr<metrics::Interval> interval;
  metrics::Snapshot snapshot;
};

struct Judged {
  explicit Judged(std::string_view text, std::string task = "") : run_names(RunNames::Model::open, {"load"}) {
    if (!task.empty()) run_names.about("load", {{"task", task}});
    auto expression = Expression::compile(text, run_names, Wanted::condition);
    EXPECT_TRUE(expression) << text << ": " << (expression ? "" : expression.error().error().text());
    if (!expression) return;
    outcome = judge(*expression, RunValues(run_names, {.snapshot = &run.snapshot, .seconds = 5, .verdict = "VALID"}));
  }
  SampleRun run;
  RunNames run_names;
  AssertionOutcome outcome;
};

AssertionOutcome judged(std::string_view text, std::string task = "") { return Judged(text, std::move(task)).outcome; }

Error refused(std::string_view text) {
  RunNames run_names(RunNames::Model::open, {"load"});
  auto expression = Expression::compile(text, run_names, Wanted::condition);
  EXPECT_FALSE(expression) << text;
  return expression ? Error{} : expression.error().error();
}

TEST(AnyMetric, GivesEveryAggregateByName) {
  // A histogram knows three digits, and gives the top of a bucket: 50 ms is 50.0xx ms.
  EXPECT_TRUE(judged("metric.p50('vajrapulse.execution.duration') >= 50ms and "
                     "metric.p50('vajrapulse.execution.duration') < 50.1ms")
                  .passed);
  EXPECT_TRUE(judged("metric.min('vajrapulse.execution.duration') == 10ms").passed);
  EXPECT_TRUE(judged("metric.max('vajrapulse.execution.duration') == 100ms").passed);
  EXPECT_TRUE(judged("metric.mean('vajrapulse.execution.duration') == 55ms").passed);
  EXPECT_TRUE(judged("metric.count('vajrapulse.execution.duration') == 10").passed);
  EXPECT_TRUE(judged("metric.count('vajrapulse.execution.total') == 10").passed);
  EXPECT_TRUE(judged("metric.count('vajrapulse.execution.total', 'status=failure') == 2").passed);
  EXPECT_TRUE(judged("metric.rate('vajrapulse.execution.total', 'status=failure') == 0.4/s").passed);
  EXPECT_TRUE(judged("metric.share('vajrapulse.execution.total', 'status=failure') == 20%").passed);
  EXPECT_TRUE(judged("metric.error-rate('vajrapulse.execution.total') == 0.2").passed);
  EXPECT_TRUE(judged("metric.success-rate('vajrapulse.execution.total') == 80%").passed);
  EXPECT_TRUE(judged("metric.throughput('vajrapulse.execution.total') == 2/s").passed);
  EXPECT_TRUE(judged("metric.count('vajrapulse.request.bytes', 'direction=in') == 4KiB").passed);
  EXPECT_TRUE(judged("load.metric.count('vajrapulse.execution.total') == 10").passed);
}

TEST(AnyMetric, OfAGaugeGivesMaximumMeanAndLast) {
  EXPECT_TRUE(judged("metric.max('vajrapulse.client.queue.size') == 3").passed);
  EXPECT_TRUE(judged("metric.last('vajrapulse.client.queue.size') == 1").passed);
  // 3 for one second, 1 for four.
  EXPECT_TRUE(judged("metric.mean('vajrapulse.client.queue.size', 'queue=connection') == 1.4").passed);
}

TEST(AnyMetric, TagsNarrowWhatIsCountedAndAShareIsOfAllTheOthers) {
  // Of the five of 'buy' (2, 4, 6, 8, 10) one failed.
  EXPECT_TRUE(judged("metric.share('vajrapulse.execution.total', 'status=failure', 'task=buy') == 20%").passed);
  EXPECT_TRUE(judged("metric.share('vajrapulse.execution.total', 'status=failure') == 20%", "buy").passed);
  EXPECT_TRUE(judged("failed == 1 and max == 100ms and completed == 5", "buy").passed);
  EXPECT_TRUE(judged("max == 90ms", "browse").passed);
}

TEST(AnyMetric, MayBeATasksOwn) {
  EXPECT_TRUE(judged("metric.max('cart.items') == 7").passed);
  EXPECT_EQ(judged("metric.max('cart.itmes') == 7").reason, "cart.itmes never had a value");
}

TEST(AnyMetric, WithoutAValueFailsAndSaysSo) {
  const auto outcome = judged("metric.max('vajrapulse.client.queue.size', 'queue=worker') < 1000");
  EXPECT_FALSE(outcome.passed);
  EXPECT_EQ(outcome.reason, "vajrapulse.client.queue.size {queue=worker} never had a value");
  EXPECT_EQ(judged("metric.count('vajrapulse.client.retry.count') == 0").reason,
            "vajrapulse.client.retry.count never had a value");
  EXPECT_EQ(judged("failed('GET /crat') == 0").reason, "no request was called 'GET /crat'");
  EXPECT_FALSE(judged("failed('GET /crat') != 5").passed);
  EXPECT_FALSE(judged("not (failed('GET /crat') == 0)").passed);
  EXPECT_TRUE(judged("failed('GET /crat') == null").passed);
  EXPECT_TRUE(judged("failed('GET /crat') == 0 or failed == 2").passed);
}

TEST(AnyMetric, OfTheEngineIsZeroWhereNothingHappened) {
  EXPECT_TRUE(judged("metric.count('vajrapulse.client.error.count') == 0").passed);
  EXPECT_TRUE(judged("metric.max('vajrapulse.execution.queue.size') == 0").passed);
  EXPECT_TRUE(judged("metric.count('vajrapulse.execution.total', 'status=interrupted') == 0").passed);
}

TEST(AnyMetric, RefusesWhatCannotBeMeant) {
  EXPECT_EQ(refused("metric.p99('vajrapulse.execution.duratoin') < 1s").text(),
            "column 1: 'vajrapulse.execution.duratoin' is no metric; did you mean vajrapulse.execution.duration?");
  EXPECT_EQ(refused("metric.p99('execution.duration') < 1s").cure, "did you mean vajrapulse.execution.duration?");
  EXPECT_EQ(refused("metric.p99('vajrapulse.execution.total') < 1s").text(),
            "column 1: 'vajrapulse.execution.total' has no p99; it only counts: ask for count, rate or share");
  EXPECT_EQ(refused("metric.min('vajrapulse.client.queue.size') < 5").cure,
            "it goes up and down: ask for max, mean or last");
  EXPECT_EQ(refused("metric.error-rate('vajrapulse.request.bytes') < 1%").cure,
            "it is not counted by success and failure; ask for its count");
  EXPECT_EQ(refused("metric.cuont('vajrapulse.execution.total') < 5").cure, "did you mean metric.count?");
  EXPECT_EQ(refused("metric.count('vajrapulse.execution.total', 'status=failed') < 5").text(),
            "column 1: 'failed' is no status; write success, failure or interrupted");
  EXPECT_EQ(refused("metric.count('vajrapulse.execution.total', 'stauts=failure') < 5").cure, "did you mean status?");
  EXPECT_EQ(refused("metric.count('vajrapulse.execution.total', 'failure') < 5").message,
            "column 1: 'failure' is no tag");
  EXPECT_EQ(refused("metric.share('vajrapulse.execution.total') < 5%").message,
            "column 1: a share needs a tag that says what is counted");
  EXPECT_EQ(refused("metric.count < 5").cure, "write metric.count(\"vajrapulse.execution.duration\")");
  EXPECT_EQ(refused("metric.count('vajrapulse.execution.total', 5) < 5").message,
            "column 44: a text is missing behind the comma");
  EXPECT_EQ(refused("p99('a', 'b') < 5ms").message, "column 1: 'p99' takes one name in brackets");
}

TEST(RunNames, EachScenarioIsOpenOrClosed) {
  using Model = RunNames::Model;
  RunNames run_names({{.name = "web", .model = Model::open},
                      {.name = "crowd", .model = Model::closed},
                      {.name = "warm", .model = Model::open, .refusal = "'warm' is not measured"}});
  EXPECT_TRUE(Expression::compile("web.p99 < 1s and p99 < 1s and crowd.service.p99 < 1s", run_names));
  EXPECT_EQ(Expression::compile("crowd.p99 < 1s", run_names).error().cure,
            "write service.p99, or use an open load (--tps)");
  EXPECT_EQ(Expression::compile("warm.errors < 1%", run_names).error().message, "'warm' is not measured");
}

TEST(RunNames, AConditionOnScenariosSaysWhich) {
  RunNames run_names({{.name = "steady-state"}}, RunNames::Bare::refused);
  EXPECT_TRUE(Expression::compile("steady-state.verdict == 'VALID'", run_names, Wanted::condition));
  const auto mistake = Expression::compile("errors < 1%", run_names).error();
  EXPECT_EQ(mistake.message, "'errors' does not say of which scenario");
  EXPECT_EQ(mistake.cure, "write for example steady-state.errors");
}

TEST(Judge, SaysWhatWasExpectedAndByHowMuchItMissed) {
  const auto slow = judged("max < 80ms");
  EXPECT_EQ(slow.expected, "under 80.0 ms");
  EXPECT_EQ(slow.observed, "100 ms");
  EXPECT_EQ(slow.by, "25 % over");
  EXPECT_EQ(judged("max <= 200ms").expected, "at most 200 ms");
  EXPECT_EQ(judged("max <= 200ms").by, "50 % under");
  EXPECT_EQ(judged("1/s <= tps").expected, "at least 1/s");
  EXPECT_EQ(judged("failed == 0").by, "2 over");
  EXPECT_EQ(judged("failed == 0").expected, "0");
  EXPECT_EQ(judged("failed == 2").by, "");
  EXPECT_EQ(judged("errors <= 0.2").by, "just at it");
  EXPECT_EQ(judged("errors <= 0.1").expected, "at most 10 %");
  EXPECT_EQ(judged("errors < 1% and max < 1s").expected, "errors < 1% and max < 1s");
  EXPECT_EQ(judged("verdict == 'INVALID'").expected, "'INVALID'");
}

/// The bounds of a run that has come as far as `run`, with `to_come` iterations still to end.
struct SoFar final : Bounds {
  SoFar(const SampleRun& run, const RunNames& run_names, std::optional<double> to_come)
      : snapshot(run.snapshot), names(run_names), outstanding{.arrivals = to_come, .seconds = 10} {}
  [[nodiscard]] Range range(std::uint32_t slot) const override {
    const Measure& measure = names.measures()[slot];
    return range_of(measure, tally(measure, snapshot, measure.scenario), outstanding);
  }
  const metrics::Snapshot& snapshot;
  const RunNames& names;
  Outstanding outstanding;
};

bool may_hold(std::string_view text, std::optional<double> to_come) {
  const SampleRun run;
  RunNames run_names(RunNames::Model::open, {"load"});
  const auto expression = Expression::compile(text, run_names, Wanted::condition);
  EXPECT_TRUE(expression) << text << (expression ? "" : expression.error().error().text());
  return expression->may_hold(SoFar(run, run_names, to_come));
}

TEST(MayHold, CountsNeverFall) {
  EXPECT_TRUE(may_hold("failed < 3", std::nullopt));
  EXPECT_FALSE(may_hold("failed < 2", std::nullopt));
  EXPECT_FALSE(may_hold("failed == 0", std::nullopt));
  EXPECT_FALSE(may_hold("failed + dropped <= 1", std::nullopt));
  EXPECT_FALSE(may_hold("-failed >= 0", std::nullopt));
  EXPECT_FALSE(may_hold("not (failed > 1)", std::nullopt));
  EXPECT_TRUE(may_hold("failed == 0 or p99 < 1s", std::nullopt));
  EXPECT_FALSE(may_hold("failed == 0 and p99 < 1s", std::nullopt));
  EXPECT_FALSE(may_hold("max < 100ms", std::nullopt)) << "the maximum never falls either";
  EXPECT_FALSE(may_hold("min > 10ms", std::nullopt));
  EXPECT_FALSE(may_hold("metric.max('vajrapulse.client.queue.size') <= 2", std::nullopt));
  EXPECT_FALSE(may_hold("completed > 15", 5));
  EXPECT_TRUE(may_hold("completed > 14", 5));
}

TEST(MayHold, AShareIsLostWhenAllThatIsToComeCannotMakeUpForIt) {
  // 2 of 10 failed; with 190 more that succeed it is 2 of 200: 1 %.
  EXPECT_TRUE(may_hold("errors <= 1%", 190));
  EXPECT_FALSE(may_hold("errors <= 1%", 189));
  EXPECT_FALSE(may_hold("success-rate > 99%", 189));
  EXPECT_FALSE(may_hold("metric.share('vajrapulse.execution.total', 'status=failure') <= 0.01", 189));
  EXPECT_TRUE(may_hold("errors <= 1%", std::nullopt)) << "nobody knows how many will come";
  EXPECT_FALSE(may_hold("errors > 50%", 5)) << "7 of 15 at most";
}

TEST(MayHold, APercentileIsLostWhenTooManyLieBeyondIt) {
  // Of 20 the 90th percentile is the 18th: 8 of the ten above 25 ms, and 10 below it, leave the 18th at 80 ms.
  EXPECT_FALSE(may_hold("p90 < 79ms", 10));
  EXPECT_TRUE(may_hold("p90 < 81ms", 10));
  // Of 1,010 it is the 909th: all ten may lie above.
  EXPECT_TRUE(may_hold("p90 < 5ms", 1000));
  EXPECT_TRUE(may_hold("p90 < 5ms", std::nullopt));
  // All that is to come may lie above: of 12 the median is the 6th, of 20 the 10th.
  EXPECT_FALSE(may_hold("p50 > 61ms", 2));
  EXPECT_TRUE(may_hold("p50 > 61ms", 10));
  // 550 ms in all; over 11 at least 50 ms.
  EXPECT_FALSE(may_hold("mean < 49ms", 1));
  EXPECT_TRUE(may_hold("mean < 51ms", 1));
}

TEST(MayHold, ARateIsLostWhenTheRestIsTooLittle) {
  // 10 in the first half of 10 s: with 5 more it is 1.5/s.
  EXPECT_FALSE(may_hold("tps > 1.6/s", 5));
  EXPECT_TRUE(may_hold("tps > 1.4/s", 5));
  EXPECT_TRUE(may_hold("tps > 1000/s", std::nullopt));
  EXPECT_TRUE(may_hold("tps * duration > 1000", 5)) << "how long it will be in the end is not reckoned with";
  EXPECT_TRUE(may_hold("verdict == 'VALID'", 5));
}

TEST(Tally, StretchesAddUp) {
  const SampleRun run;
  RunNames run_names(RunNames::Model::open);
  for (const char* text : {"p50 > 0s", "errors < 1", "failed == 0", "metric.mean('vajrapulse.client.queue.size') > 0"})
    ASSERT_TRUE(Expression::compile(text, run_names));
  const auto value = [&](std::uint32_t slot) {
    const Measure& measure = run_names.measures()[slot];
    Tally both = tally(measure, run.snapshot, "");
    both.follow(tally(measure, run.snapshot, ""));
    return value_of(measure, both, 10);
  };
  EXPECT_NEAR(value(0).number, 50e6, 1e5);
  EXPECT_DOUBLE_EQ(value(1).number, 0.2);
  EXPECT_DOUBLE_EQ(value(2).number, 4);
  EXPECT_DOUBLE_EQ(value(3).number, 1.4);
}

}  // namespace
}  // namespace vajrapulse::criteria
