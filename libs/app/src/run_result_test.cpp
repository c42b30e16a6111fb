#include "vajrapulse/run.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "vajrapulse/metrics/names.hpp"
#include "vajrapulse/metrics/recorder.hpp"
#include "vajrapulse/testing.hpp"

namespace vajrapulse {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

/// A run of 10 s, made up: 100 iterations of 10 ms, of which 2 failed, and 4 requests of 1 ms, of which 1 failed.
engine::RunSummary made_up() {
  namespace names = metrics::names;
  metrics::Registry registry;
  metrics::Recorder recorder(registry, TimePoint{});
  const metrics::Tags who{{"scenario", "main"}};
  const metrics::Tags request{{"name", "GET /cart"}, {"scenario", "main"}};
  const auto add = [&](std::string_view name, metrics::Tags tags, const char* status, std::uint64_t count) {
    tags.emplace_back("status", status);
    recorder.add(registry.counter(name, tags), count);
  };
  add(names::kExecutionTotal, who, "success", 98);
  add(names::kExecutionTotal, who, "failure", 2);
  add(names::kRequestTotal, request, "success", 3);
  add(names::kRequestTotal, request, "failure", 1);
  for (int i = 0; i < 100; ++i)
    recorder.record(registry.histogram(names::kResponseTime, who), std::chrono::milliseconds(10));
  const metrics::Tags call{{"name", "GET /cart"}, {"phase", "total"}, {"scenario", "main"}};
  for (int i = 0; i < 4; ++i)
    recorder.record(registry.histogram(names::kRequestDuration, call), std::chrono::milliseconds(1));
  engine::RunSummary summary;
  summary.metrics.add(*recorder.swap(TimePoint{} + std::chrono::seconds(10), nullptr));
  summary.run.name = "checkout";
  summary.run.load_text = "static 10/s 10s";
  summary.run.duration_s = 10;
  summary.scenarios.push_back({.name = "main", .duration_s = 10});
  summary.scenarios.push_back({.name = "later", .skipped = "main.errors < 1%"});
  summary.scenarios.push_back({.name = "before", .measured = false, .duration_s = 5});
  return summary;
}

/// What GoogleTest says of `result` under `matcher`; empty: it matches.
template <class Result>
std::string explained(const Result& result, const RunMatcher& matcher) {
  std::ostringstream text;
  return matcher.MatchAndExplain(result, &text) ? "" : text.str();
}

NamedTask nap() {
  return task("nap", [](Iteration& iteration) -> runtime::Co<Result> {
    auto pause = iteration.sleep(std::chrono::milliseconds(1));
    co_await pause;
    if (iteration.index() % 2 == 1) co_return Result::failure(ErrorKind("woken"), "every other one");
    co_return Result::success();
  });
}

std::string plan_file(const char* name, const std::string& text) {
  const std::filesystem::path path = std::filesystem::path(::testing::TempDir()) / name;
  std::ofstream(path) << text;
  return path.string();
}

TEST(RunResult, GivesTheFiguresOfTheWholeRun) {
  const RunResult result(made_up());
  EXPECT_EQ(result.whole().completed, 100);
  EXPECT_DOUBLE_EQ(result.errors(), 0.02);
  EXPECT_DOUBLE_EQ(result.tps(), 10);
  EXPECT_NEAR(double(result.percentile(99).count()), 10e6, 0.01e6);
  EXPECT_THAT(result.text(), StartsWith("'checkout', static 10/s 10s: VALID, 100 iterations, p50 10"));
}

TEST(RunResult, GivesTheFiguresOfAScenarioOrSaysWhyThereAreNone) {
  const RunResult result(made_up());
  const auto scenario = result.scenario("main");
  ASSERT_TRUE(scenario);
  EXPECT_EQ(scenario->failed, 2);
  EXPECT_EQ(result.scenario("mian").error().text(), "no scenario was called 'mian'; did you mean 'main'?");
  EXPECT_EQ(result.scenario("later").error().text(), "scenario 'later' was skipped: main.errors < 1%");
  EXPECT_EQ(result.scenario("before").error().text(), "scenario 'before' is not measured");
}

TEST(RunResult, GivesTheFiguresOfARequestOrSaysThatThereWasNone) {
  const RunResult result(made_up());
  const auto cart = result.request("GET /cart");
  ASSERT_TRUE(cart);
  EXPECT_EQ(cart->completed, 4);
  EXPECT_DOUBLE_EQ(cart->errors(), 0.25);
  EXPECT_NEAR(double(cart->percentile(50).count()), 1e6, 0.001e6);
  EXPECT_EQ(result.request("GET /crat").error().text(), "no request was called 'GET /crat'; did you mean 'GET /cart'?");
}

TEST(RunResult, AConditionHoldsOrSaysWhatWasObserved) {
  const RunResult result(made_up());
  EXPECT_TRUE(result.holds("p99 < 50ms and errors < 5%"));
  EXPECT_TRUE(result.holds("main.completed == 100 and requests(\"GET /cart\") == 4"));
  EXPECT_EQ(result.holds("failed < 1").said, "failed < 1: 2, expected under 1 (100 % over)");
  EXPECT_THAT(result.holds("p99 < 5ms and failed == 2").said, AllOf(HasSubstr("p99 10"), HasSubstr("failed 2")));
}

TEST(RunResult, AConditionThatCannotBeJudgedDoesNotHoldAndSaysWhy) {
  const RunResult result(made_up());
  const auto misspelled = result.holds("p99 < 5ms and erors < 1%");
  EXPECT_FALSE(misspelled);
  EXPECT_THAT(misspelled.said, AllOf(StartsWith("'p99 < 5ms and erors < 1%' is no condition: column 15: "),
                                     HasSubstr("did you mean errors?")));
  EXPECT_THAT(result.holds("p99(\"GET /crat\") < 1s").said,
              HasSubstr("no value, no request was called 'GET /crat'; did you mean 'GET /cart'?"));
  EXPECT_THAT(result.holds("later.p99 < 1s").said, HasSubstr("later was skipped: main.errors < 1%"));
  EXPECT_FALSE(result.holds(""));
}

TEST(RunMatchers, MatchAResultAndWhatRunReturns) {
  const RunResult result(made_up());
  const Expected<RunResult> returned = result;
  EXPECT_THAT(result, AllOf(IsValid(), Holds("p99 < 50ms")));
  EXPECT_THAT(returned, AllOf(IsValid(), Holds("p99 < 50ms"), Not(Holds("p99 < 5ms"))));
}

TEST(RunMatchers, SayWhatWasObserved) {
  engine::RunSummary summary = made_up();
  summary.verdict = {.status = engine::VerdictStatus::invalid, .reasons = {"5 % of the arrivals were missed"}};
  EXPECT_EQ(explained(RunResult(summary), PassesAssertions()), "it has no assertions");
  summary.assertions = {{.text = "errors < 1%", .observed = "2 %", .expected = "under 1 %", .by = "100 % over"},
                        {.text = "p99 < 1s", .passed = true},
                        {.text = "p9 < 1s", .scenario = "later", .reason = "later was skipped"}};
  const RunResult result(std::move(summary));
  EXPECT_EQ(explained(result, IsValid()), "its verdict is INVALID; 5 % of the arrivals were missed");
  EXPECT_EQ(explained(result, PassesAssertions()),
            "errors < 1%: 2 %, expected under 1 % (100 % over); later: p9 < 1s: no value, later was skipped");
  EXPECT_EQ(explained(result, Holds("failed == 0")), "failed == 0: 2, expected 0 (2 over)");
}

TEST(RunMatchers, FailAsGoogleTestShowsIt) {
  const ::testing::Matcher<const RunResult&> matcher = Holds("failed == 0");
  std::ostringstream meaning, negation;
  matcher.DescribeTo(&meaning);
  matcher.DescribeNegationTo(&negation);
  EXPECT_EQ(meaning.str(), "is a run that holds failed == 0");
  EXPECT_EQ(negation.str(), "is no run that holds failed == 0");
  EXPECT_THAT(::testing::PrintToString(RunResult(made_up())), StartsWith("'checkout', static 10/s 10s: VALID"));
}

TEST(RunMatchers, MatchNothingWhereThereWasNoRun) {
  const Expected<RunResult> none = fail(kUsage, "the plan is wrong", "mend it");
  EXPECT_THAT(none, Not(IsValid()));
  EXPECT_THAT(none, Not(Holds("true")));
  EXPECT_EQ(::testing::PrintToString(none), "no run: the plan is wrong; mend it");
}

TEST(Run, RunsATaskWrittenInCpp) {
  const auto result = run(nap(), {.users = "2", .iterations = 20});
  ASSERT_TRUE(result) << result.error().text();
  EXPECT_EQ(result->load().succeeded, 10);
  EXPECT_EQ(result->load().failed, 10);
  EXPECT_GE(result->percentile(1), std::chrono::milliseconds(1));
  EXPECT_THAT(result, AllOf(Holds("completed == 20 and errors == 50%"), Not(Holds("failed == 0"))));
  EXPECT_EQ(result->summary().run.name, "nap");
}

TEST(Run, RunsATaskUnderARate) {
  const auto result = run(nap(), {.load = "static 100/s 100ms", .name = "naps", .shards = 2, .seed = 7});
  ASSERT_TRUE(result) << result.error().text();
  EXPECT_EQ(result->load().target, 10);
  EXPECT_EQ(result->summary().run.name, "naps");
  EXPECT_EQ(result->summary().run.shards, 2);
  EXPECT_EQ(result->summary().run.seed, 7);
}

TEST(Run, RefusesALoadAsTheCommandLineDoes) {
  EXPECT_EQ(run(nap(), {.tps = "10", .users = "2"}).error().message, "--tps, --load and --users exclude each other");
  EXPECT_EQ(run(nap(), {.tps = "10", .shards = 0}).error().message, "--shards 0 is out of range");
}

TEST(Run, RunsAPlanThatNamesATaskWrittenInCpp) {
  const std::string file = plan_file("run_result_naps.yml",
                                     "name: naps\n"
                                     "variables: { count: 2 }\n"
                                     "tasks: { rest: [ { task: nap } ] }\n"
                                     "scenarios:\n"
                                     "  - { name: all, users: 2, iterations: \"{{count}}\", task: rest }\n"
                                     "  - { name: direct, users: 1, iterations: 3, task: nap }\n"
                                     "assertions:\n"
                                     "  - completed == 23\n"
                                     "  - all.failed == 0\n");
  const auto result = run(PlanFile{.file = file, .variables = {{"count", "20"}}, .tasks = {nap()}});
  ASSERT_TRUE(result) << result.error().text();
  ASSERT_EQ(result->assertions().size(), 2);
  EXPECT_TRUE(result->assertions()[0].passed);
  EXPECT_NE(result->exit_code(), 0);
  EXPECT_THAT(result, Not(PassesAssertions()));
  EXPECT_EQ(explained(result, PassesAssertions()), "all.failed == 0: 10, expected 0 (10 over)");
  EXPECT_EQ(result->scenario("all")->completed, 20);
}

TEST(Run, SaysWhatIsWrongWithAPlan) {
  const std::string file = plan_file("run_result_mistake.yml",
                                     "scenarios:\n"
                                     "  - { name: all, users: 2, duraton: 1s, task: nap }\n");
  const auto result = run(PlanFile{.file = file, .tasks = {nap()}});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, kUsage);
  EXPECT_THAT(result.error().message, AllOf(StartsWith(file + ":2:28: "), HasSubstr("did you mean 'duration'?")));
}

TEST(Run, SaysThatThereIsNoSuchPlan) {
  const auto result = run(PlanFile{.file = "no-such-plan.yml"});
  ASSERT_FALSE(result);
  EXPECT_THAT(result.error().message, HasSubstr("no-such-plan.yml"));
}

TEST(Run, LeavesSignalsToTheProgram) {
  ASSERT_TRUE(run(nap(), {.users = "1", .iterations = 1}));
  sigset_t blocked;
  ASSERT_EQ(pthread_sigmask(SIG_BLOCK, nullptr, &blocked), 0);
  EXPECT_FALSE(sigismember(&blocked, SIGINT));
}

}  // namespace
}  // namespace vajrapulse
