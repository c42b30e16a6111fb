#include "vajrapulse/criteria/run_names.hpp"

#include <gtest/gtest.h>

#include "vajrapulse/criteria/assertion.hpp"
#include "vajrapulse/metrics/names.hpp"

namespace vajrapulse::criteria {
namespace {

namespace names = metrics::names;
using namespace std::chrono_literals;

/// A run of two scenarios: `steady-state` with 98 good iterations of 1 to 98 ms and 2 bad ones of 2 s, and `spike`
/// with one of 3 s, in 10 s.
struct SampleRun {
  SampleRun() : recorder(registry, TimePoint{}) {
    for (int i = 1; i <= 98; ++i)
      iteration("steady-state", "success", std::chrono::milliseconds(i));
    iteration("steady-state", "failure", 2s);
    iteration("steady-state", "failure", 2s);
    iteration("spike", "success", 3s);
    recorder.add(registry.counter(names::kDropped, {{"reason", "limit"}, {"scenario", "spike"}}), 7);
    recorder.add(registry.counter(names::kMissed, {{"scenario", "spike"}}), 2);
    recorder.set(registry.gauge(names::kUsers, {{"scenario", "spike"}}), 12, TimePoint{});
    recorder.set(registry.gauge(names::kUsers, {{"scenario", "spike"}}), 4, TimePoint(5s));
    request("GET /cart", "success", 40ms);
    request("GET /cart", "failure", 60ms);
    request("GET /", "success", 10ms);
    interval = recorder.swap(TimePoint(10s), nullptr);
    snapshot.add(*interval);
  }
  void iteration(const char* scenario, const char* status, Duration time) {
    const metrics::Tags tags = {{"scenario", scenario}, {"status", status}};
    recorder.add(registry.counter(names::kExecutionTotal, tags));
    recorder.record(registry.histogram(names::kResponseTime, tags), time);
    recorder.record(registry.histogram(names::kExecutionDuration, tags), time / 2);
  }
  void request(const char* name, const char* status, Duration time) {
    recorder.add(registry.counter(names::kRequestTotal, {{"name", name}, {"status", status}}));
    recorder.record(
        registry.histogram(names::kRequestDuration, {{"name", name}, {"phase", "total"}, {"status", status}}), time);
  }
  [[nodiscard]] RunView view() const { return {.snapshot = &snapshot, .seconds = 10, .verdict = "VALID"}; }

  metrics::Registry registry;
  metrics::Recorder recorder;
  std::unique_ptr<metrics::Interval> interval;
  metrics::Snapshot snapshot;
};

AssertionOutcome judged(std::string_view text) {
  const SampleRun run;
  RunNames run_names(RunNames::Model::open, {"steady-state", "spike", "later"});
  auto expression = Expression::compile(text, run_names, Wanted::condition);
  EXPECT_TRUE(expression) << text << ": " << (expression ? "" : expression.error().error().text());
  if (!expression) return {};
  RunValues values(run_names, run.view());
  values.add_scenario("later", {});
  return judge(*expression, values);
}

Error refused(std::string_view text, RunNames::Model model = RunNames::Model::open) {
  RunNames run_names(model, {"steady-state"});
  auto expression = Expression::compile(text, run_names, Wanted::condition);
  EXPECT_FALSE(expression) << text;
  return expression ? Error{} : expression.error().error();
}

// Nearest rank: of 101 values the 50th percentile is the 51st, the 99th is the 100th.
TEST(RunNames, ABarePercentileIsOfTheResponseTime) {
  EXPECT_TRUE(judged("p50 > 50.9ms and p50 < 51.1ms").passed);
  EXPECT_TRUE(judged("p99 > 1.99s and p99 < 2.01s").passed);
  EXPECT_TRUE(judged("max == 3s and min > 0.99ms and min < 1.01ms").passed);
  EXPECT_TRUE(judged("service.max == 1.5s").passed);
}

TEST(RunNames, AScenarioStandsBeforeTheFigure) {
  EXPECT_TRUE(judged("steady-state.max == 2s and spike.max == 3s").passed);
  EXPECT_TRUE(judged("steady-state.service.max == 1s").passed);
  EXPECT_TRUE(judged("steady-state.errors == 2%").passed);
  EXPECT_TRUE(judged("spike.errors == 0%").passed);
  EXPECT_TRUE(judged("spike.dropped == 7 and steady-state.dropped == 0").passed);
}

TEST(RunNames, CountsSharesAndRates) {
  EXPECT_TRUE(judged("completed == 101 and succeeded == 99 and failed == 2").passed);
  EXPECT_TRUE(judged("dropped == 7 and missed == 2 and target == 110").passed);
  EXPECT_TRUE(judged("tps > 10.09/s and tps < 10.11/s").passed);
  EXPECT_TRUE(judged("rps > 0.29/s and rps < 0.31/s").passed);
  EXPECT_TRUE(judged("users == 12 and spike.users == 12 and steady-state.users == 0").passed) << "the most there were";
  EXPECT_TRUE(judged("duration == 10s").passed);
  EXPECT_TRUE(judged("verdict == 'VALID'").passed);
}

TEST(RunNames, ARequestStandsInBrackets) {
  EXPECT_TRUE(judged("max(\"GET /cart\") == 60ms").passed);
  EXPECT_TRUE(judged("errors(\"GET /cart\") == 50%").passed);
  EXPECT_TRUE(judged("requests(\"GET /\") == 1").passed);
}

TEST(Judge, ShowsWhatWasObserved) {
  const AssertionOutcome outcome = judged("errors < 1%");
  EXPECT_FALSE(outcome.passed);
  EXPECT_EQ(outcome.text, "errors < 1%");
  EXPECT_EQ(outcome.observed, "1.98 %");
  EXPECT_EQ(judged("failed < 5 and dropped < 5").observed, "failed 2, dropped 7");
}

TEST(Judge, WhatNeverGotAValueFailsAndSaysWhy) {
  const AssertionOutcome outcome = judged("p99(\"GET /crat\") < 1s");
  EXPECT_FALSE(outcome.passed);
  EXPECT_EQ(outcome.observed, "no value");
  EXPECT_EQ(outcome.reason, "no request was called 'GET /crat'; did you mean 'GET /cart'?");
  EXPECT_EQ(judged("not (later.p99 < 1s)").reason, "later has not run");
  EXPECT_FALSE(judged("not (later.p99 < 1s)").passed);
}

TEST(RunNames, NamesTheNearestWord) {
  EXPECT_EQ(refused("erors < 1%").text(), "column 1: 'erors' is no figure of a run; did you mean errors?");
  EXPECT_EQ(refused("steady-state.droped == 0").cure, "did you mean steady-state.dropped?");
  EXPECT_EQ(refused("steady-sate.p99 < 1s").cure, "did you mean steady-state.p99?");
  EXPECT_EQ(refused("servic.p99 < 1s").cure, "did you mean service.p99?");
  EXPECT_EQ(refused("p101 < 1s").message, "column 1: 'p101' is no figure of a run");
  EXPECT_EQ(refused("p0 < 1s").message, "column 1: 'p0' is no figure of a run");
  EXPECT_EQ(refused("dropped('GET /') == 0").cure, "leave the request name out");
}

TEST(RunNames, AClosedLoopHasNoResponseTime) {
  const Error error = refused("p99 < 1s", RunNames::Model::closed);
  EXPECT_EQ(error.message, "column 1: 'p99' counts from the intended start, which users in a closed loop do not have");
  EXPECT_EQ(error.cure, "write service.p99, or use an open load (--tps)");
  EXPECT_EQ(refused("missed == 0", RunNames::Model::closed).message,
            "column 1: a closed loop has no target, so nothing can be missed");
}

}  // namespace
}  // namespace vajrapulse::criteria
