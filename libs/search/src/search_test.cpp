#include "vajrapulse/search/search.hpp"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "test_target.hpp"
#include "vajrapulse/metrics/names.hpp"

namespace vajrapulse::search {
namespace test {

namespace names = metrics::names;

Observation observe(const Step& step, const Answer& answer) {
  constexpr int kBatches = 16;
  Observation observation{.rate = step.rate, .seconds = step.seconds, .spent_s = step.seconds + 1, .verdict = "VALID"};
  observation.generator = answer.generator;
  observation.why = answer.generator == Generator::sound ? "" : "the generator's own reasons";
  metrics::Registry registry;
  metrics::Recorder recorder(registry, TimePoint{});
  const double responses = step.rate * step.seconds / kBatches;
  double errors = 0;
  for (int i = 0; i < kBatches; ++i) {
    const double factor = 1 + answer.spread * (i % 2 == 0 ? 1 : -1);
    for (int k = 0; k < int(std::max(responses, 1.0)); ++k) {
      errors += answer.error_share;
      const bool failed = errors >= 1;
      if (failed) errors -= 1;
      recorder.add(registry.counter(names::kExecutionTotal, {{"status", failed ? "failure" : "success"}}));
      recorder.record(registry.histogram(names::kResponseTime),
                      Duration(std::int64_t(double(answer.latency.count()) * factor)));
    }
    const auto interval = recorder.swap(TimePoint(std::chrono::seconds(i + 1)), nullptr);
    Batch batch{.seconds = step.seconds / kBatches,
                .backlog = 5 + answer.undone_share * step.rate * step.seconds * (i + 1) / kBatches};
    batch.snapshot.add(*interval);
    observation.whole.merge(batch.snapshot);
    observation.batches.push_back(std::move(batch));
  }
  return observation;
}

namespace {
Objectives compiled(const std::vector<std::string>& slos) {
  auto objectives = Objectives::compile(slos);
  EXPECT_TRUE(objectives) << objectives.error().text();
  return std::move(*objectives);
}
}  // namespace

Trial::Trial(std::vector<std::string> slos, const Settings& settings)
    : objectives(compiled(slos)), search(objectives, settings) {}

void Trial::run(const std::function<Answer(double rate, int step)>& target) {
  while (const auto step = search.next()) {
    steps.push_back(*step);
    ASSERT_LT(steps.size(), 200U) << "the search does not end";
    search.add(observe(*step, target(step->rate, int(steps.size()))));
  }
}

}  // namespace test

namespace {

using namespace test;
using namespace std::chrono_literals;

/// Answers in 10 ms up to `capacity`; beyond it falls behind by what it cannot do.
std::function<Answer(double, int)> capacity(double of) {
  return [of](double rate, int) {
    return Answer{.latency = rate > of ? 200ms : 10ms, .undone_share = rate > of ? 1 - of / rate : 0};
  };
}

std::vector<double> rates(const Trial& trial, Purpose purpose) {
  std::vector<double> rates;
  for (const Step& step : trial.steps)
    if (step.purpose == purpose) rates.push_back(step.rate);
  return rates;
}

TEST(Search, GrowsThenBisectsThenConfirms) {
  Trial trial({"p99 < 50ms"}, {.start_rate = 10});
  trial.run(capacity(100));
  EXPECT_THAT(rates(trial, Purpose::grow), testing::ElementsAre(10, 20, 40, 80, 160));
  // √(80·160) = 113.1, √(80·113.1) = 95.12, √(95.12·113.1) = 103.7, √(95.12·103.7) = 99.32, √(99.32·103.7) = 101.5,
  // √(99.32·101.5) = 100.4: 1.1 % above 99.32.
  EXPECT_THAT(rates(trial, Purpose::bisect), testing::ElementsAre(113.1, 95.12, 103.7, 99.32, 101.5, 100.4));
  EXPECT_THAT(rates(trial, Purpose::confirm), testing::ElementsAre(99.32, 99.32, 100.4));
  EXPECT_EQ(trial.search.end(), End::found);
  ASSERT_TRUE(trial.search.answer());
  EXPECT_EQ(trial.search.answer()->rate(), 99.32);
  EXPECT_EQ(trial.search.failing()->rate(), 100.4);
  EXPECT_GT(trial.search.confidence(), 0.99);
}

TEST(Search, LandsWithinItsPrecisionOfTheCapacity) {
  for (const double of : {130.0, 350.0, 4'999.0}) {
    Trial trial({"errors < 1%"}, {.start_rate = 10});
    trial.run(capacity(of));
    ASSERT_EQ(trial.search.end(), End::found) << of;
    EXPECT_NEAR(trial.search.answer()->rate(), of, 0.02 * of);
  }
}

TEST(Search, AnErrorShareIsAnObjectiveLikeAnother) {
  Trial trial({"errors < 1%", "p99 < 1s"}, {.start_rate = 100});
  trial.run([](double rate, int) { return Answer{.latency = 1ms, .error_share = rate > 300 ? 0.0625 : 0.001}; });
  ASSERT_TRUE(trial.search.answer());
  EXPECT_NEAR(trial.search.answer()->rate(), 300, 6);
  EXPECT_THAT(trial.search.failing()->finding().why, testing::StartsWith("errors 6.2"));
}

TEST(Search, GoesDownWhereEvenTheStartFails) {
  Trial trial({"p99 < 50ms"}, {.start_rate = 1'000});
  trial.run(capacity(300));
  EXPECT_THAT(rates(trial, Purpose::shrink), testing::ElementsAre(500, 250));
  EXPECT_NEAR(trial.search.answer()->rate(), 300, 6);
}

TEST(Search, SaysWhenNothingHolds) {
  Trial trial({"p99 < 50ms"}, {.start_rate = 100});
  trial.run([](double, int) { return Answer{.latency = 1s}; });
  EXPECT_EQ(trial.search.end(), End::nothing_holds);
  EXPECT_FALSE(trial.search.answer());
  EXPECT_EQ(trial.search.confidence(), 0);
  // Ten arrivals in a step of four times five seconds are the least that says something.
  EXPECT_EQ(trial.steps.back().rate, 0.5);
}

TEST(Search, StopsAtTheHighestRateAllowed) {
  Trial trial({"p99 < 50ms"}, {.start_rate = 100, .max_rate = 300});
  trial.run(capacity(1'000));
  EXPECT_THAT(rates(trial, Purpose::grow), testing::ElementsAre(100, 200, 300));
  EXPECT_EQ(trial.search.end(), End::most_rate);
  EXPECT_EQ(trial.search.answer()->rate(), 300);
}

TEST(Search, NeverOffersMoreThanAllowed) {
  Trial trial({"p99 < 50ms"}, {.start_rate = 100, .max_rate = 50});
  trial.run(capacity(1'000));
  for (const Step& step : trial.steps)
    EXPECT_LE(step.rate, 50);
}

TEST(Search, TheGeneratorsLimitIsNotTheTargets) {
  Trial trial({"p99 < 50ms"}, {.start_rate = 100});
  trial.run([](double rate, int) {
    return Answer{.latency = 10ms, .generator = rate > 1'000 ? Generator::saturated : Generator::sound};
  });
  EXPECT_EQ(trial.search.end(), End::generator);
  EXPECT_FALSE(trial.search.failing());
  EXPECT_EQ(trial.search.ceiling_why(), "the generator's own reasons");
  // As near as a tenth, and no step there counts for or against the target.
  EXPECT_LE(*trial.search.ceiling(), trial.search.answer()->rate() * 1.1);
  EXPECT_GT(*trial.search.ceiling(), 1'000);
}

TEST(Search, RepeatsAStepThatTheHostDisturbed) {
  Trial trial({"p99 < 50ms"}, {.start_rate = 100});
  const auto target = capacity(350);
  trial.run([&](double rate, int step) {
    Answer answer = target(rate, step);
    if (step == 2 || step == 3) answer = {.latency = 5s, .generator = Generator::disturbed};
    return answer;
  });
  EXPECT_THAT(rates(trial, Purpose::repeat), testing::ElementsAre(200, 200));
  EXPECT_EQ(trial.search.end(), End::found);
  EXPECT_NEAR(trial.search.answer()->rate(), 350, 7);
}

TEST(Search, WhatIsAlwaysDisturbedIsOutOfReach) {
  Trial trial({"p99 < 50ms"}, {.start_rate = 100});
  trial.run([](double, int) { return Answer{.latency = 5s, .generator = Generator::disturbed}; });
  EXPECT_EQ(trial.search.end(), End::generator);
  EXPECT_FALSE(trial.search.answer());
}

TEST(Search, AConfirmationThatComesOutOtherwiseSendsItBack) {
  // 99.32/s holds when it is first seen, and then no more.
  Trial trial({"p99 < 50ms"}, {.start_rate = 10});
  trial.run([](double rate, int step) {
    const bool holds = rate < 97 || (rate < 100 && step < 12);
    return Answer{.latency = holds ? 10ms : 500ms};
  });
  EXPECT_EQ(trial.search.end(), End::found);
  EXPECT_LE(trial.search.answer()->rate(), 97);
  EXPECT_GE(trial.search.answer()->rate() * 1.0201, 97);
}

TEST(Search, MeasuresLongerWhereItCannotTell) {
  // Batches differ by 30 % around a limit 1 % away: one step does not decide.
  Trial trial({"p99 < 50ms"}, {.start_rate = 100, .max_rate = 100, .confirmations = 0});
  trial.run([](double, int) { return Answer{.latency = 38'300us, .spread = 0.3}; });
  std::vector<double> seconds;
  for (const Step& step : trial.steps)
    seconds.push_back(step.seconds);
  EXPECT_THAT(seconds, testing::ElementsAre(5, 5, 10, 20));  // eight times the step, and no more
  EXPECT_LT(trial.search.confidence(), 0.99);
}

TEST(Search, EndsInTime) {
  Trial trial({"p99 < 50ms"}, {.start_rate = 10, .most_s = 20});
  trial.run(capacity(10'000));
  EXPECT_EQ(trial.search.end(), End::out_of_time);
  EXPECT_THAT(rates(trial, Purpose::grow), testing::ElementsAre(10));  // 20 s at 10/s, and no room for another
  EXPECT_EQ(trial.search.answer()->rate(), 10);
}

TEST(Search, AStopKeepsWhatIsKnown) {
  Trial trial({"p99 < 50ms"}, {.start_rate = 100});
  trial.search.add(observe(*trial.search.next(), {.latency = 1ms}));
  trial.search.stop();
  EXPECT_FALSE(trial.search.next());
  EXPECT_EQ(trial.search.end(), End::interrupted);
  EXPECT_EQ(trial.search.answer()->rate(), 100);
}

TEST(Objectives, RefusesWhatNoRunHas) {
  EXPECT_EQ(Objectives::compile({"p99 < 50"}).error().text(),
            "'p99 < 50': column 5: a time and a number cannot be compared; write its unit, for example 500ms");
  EXPECT_EQ(Objectives::compile({"1 < 2"}).error().message, "'1 < 2' is the same at every rate");
  EXPECT_EQ(Objectives::compile({"p99"}).error().message, "'p99': column 1: a time is no condition");
}

TEST(Level, ABacklogThatGrowsIsOverloadWhateverTheObjectivesSay) {
  const auto objectives = Objectives::compile({"errors < 1%"});
  Level level(400, *objectives);
  level.add(observe({400, 5, Purpose::grow}, {.latency = 20ms, .undone_share = 0.03}));
  EXPECT_TRUE(level.finding().overloaded);
  EXPECT_FALSE(level.finding().holds);
  EXPECT_NEAR(level.undone(), 0.03, 1e-9);
  EXPECT_EQ(level.finding().why, "falls behind by 3 %; errors 0 %");
}

TEST(Level, WhatNeverAnsweredDoesNotHold) {
  const auto objectives = Objectives::compile({"p99 < 1s"});
  Level level(400, *objectives);
  level.add({.rate = 400, .seconds = 5, .verdict = "VALID"});
  EXPECT_FALSE(level.finding().holds);
  EXPECT_EQ(level.finding().why, "p99 no value (nothing was recorded)");
}

}  // namespace
}  // namespace vajrapulse::search
