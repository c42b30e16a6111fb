#include <algorithm>
#include <cmath>
#include <tuple>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "test_trial.hpp"
#include "vajrapulse/metrics/names.hpp"

// The gauge of how many users there are: what is expected is the line of the ramp, counted by hand.
namespace vajrapulse::engine {
namespace {

using namespace test;
using metrics::names::kUsers;
using testing::ElementsAre;
using testing::Pointwise;

MATCHER(IsNear, "") { return std::abs(std::get<0>(arg) - std::get<1>(arg)) < 0.02; }  // an interval ends with a timer

Scenario ramping(std::uint64_t from, std::uint64_t to, Duration length, Duration duration) {
  Scenario scenario = closed_scenario(1, duration, sleeping(10ms));
  scenario.load = ClosedModel{.users = to, .ramp = ClosedModel::Ramp{.from = from, .length = length}};
  return scenario;
}

std::vector<double> each(const Witness& witness, Phase phase, double (*figure)(const metrics::Gauge&)) {
  std::vector<double> figures;
  for (const auto& [when, gauge] : witness.users)
    if (when == phase) figures.push_back(figure(gauge));
  return figures;
}
double last(const metrics::Gauge& gauge) { return gauge.last; }
double most(const metrics::Gauge& gauge) { return gauge.max; }
double mean(const metrics::Gauge& gauge) { return gauge.mean(); }

TEST(UsersGauge, FollowsARampSecondBySecondWhateverTheShards) {
  // 10 in 5 s: two a second, a quarter and three quarters after its beginning. In second k there are 2k of them, and
  // two more for three quarters and for a quarter of it: 2k + 1 on average.
  for (const std::size_t shards : {1, 3}) {
    Trial trial;
    const RunSummary summary = trial.complete(ramping(0, 10, 5s, 8s), shards);
    EXPECT_THAT(each(trial.witness, Phase::measure, last), ElementsAre(2, 4, 6, 8, 10, 10, 10, 10));
    EXPECT_THAT(each(trial.witness, Phase::measure, most), ElementsAre(2, 4, 6, 8, 10, 10, 10, 10));
    EXPECT_THAT(each(trial.witness, Phase::measure, mean),
                Pointwise(IsNear(), std::vector<double>{1, 3, 5, 7, 9, 10, 10, 10}));
    const metrics::Gauge all = summary.metrics.gauge(kUsers, {{"scenario", "loop"}});
    EXPECT_NEAR(all.mean(), (25.0 + 30.0) / 8, 1e-6);
    EXPECT_EQ(all.max, 10);
    EXPECT_EQ(all.last, 10);
  }
}

TEST(UsersGauge, ThoseThatGoAreGoneAndTheMostWereThereBefore) {
  Trial trial;
  const RunSummary summary = trial.complete(ramping(4, 0, 4s, 4s), 2);
  EXPECT_THAT(each(trial.witness, Phase::measure, last), ElementsAre(3, 2, 1, 0));
  EXPECT_THAT(each(trial.witness, Phase::measure, most), ElementsAre(4, 3, 2, 1));
  EXPECT_NEAR(summary.metrics.gauge(kUsers).mean(), 2, 1e-6);
  EXPECT_EQ(summary.metrics.gauge(kUsers).last, 0);
}

TEST(UsersGauge, StandsStillInAPause) {
  Steered trial(ramping(0, 10, 5s, 5s), 2);
  trial.tell(2s, Control::pause());
  trial.tell(4s, Control::resume());
  const RunSummary summary = trial.finish();
  EXPECT_THAT(each(trial.witness, Phase::measure, last), ElementsAre(2, 4, 4, 4, 6, 8, 10));
  EXPECT_THAT(each(trial.witness, Phase::measure, mean), Pointwise(IsNear(), std::vector<double>{1, 3, 4, 4, 5, 7, 9}));
  EXPECT_NEAR(summary.metrics.gauge(kUsers).mean(), (25.0 + 8.0) / 7, 1e-6);
}

TEST(UsersGauge, FollowsControls) {
  Steered trial(closed_scenario(4, 8s, sleeping(10ms)), 2);
  trial.tell(2500ms, Control::users(10));
  trial.tell(5500ms, Control::users_auto());
  const RunSummary summary = trial.finish();
  EXPECT_THAT(each(trial.witness, Phase::measure, last), ElementsAre(4, 4, 10, 10, 10, 4, 4, 4));
  EXPECT_NEAR(summary.metrics.gauge(kUsers).mean(), (2.5 * 4 + 3 * 10 + 2.5 * 4) / 8, 1e-6);
  EXPECT_EQ(summary.metrics.gauge(kUsers).max, 10);
}

TEST(UsersGauge, EndsWithTheLoadAndNotWithTheDrain) {
  // One a second, each for 3 s; the stop at 5 s leaves five, the last of whom is waited for.
  Scenario scenario = ramping(0, 10, 10s, 10s);
  scenario.task = sleeping(3s);
  Steered trial(std::move(scenario), 2);
  trial.tell(5s, Control::stop());
  const RunSummary summary = trial.finish();
  EXPECT_EQ(summary.metrics.gauge(kUsers).last, 5);
  EXPECT_NEAR(summary.metrics.gauge(kUsers).mean(), 2.5, 1e-6);
}

TEST(UsersGauge, OfWarmUpAndCoolDownIsInTheirIntervalsAlone) {
  Trial trial;
  Scenario scenario = ramping(10, 20, 4s, 4s);
  scenario.warmup = 2s;
  scenario.cooldown = 2s;
  const RunSummary summary = trial.complete(std::move(scenario), 2);
  EXPECT_THAT(each(trial.witness, Phase::warmup, mean), ElementsAre(10, 10));
  EXPECT_THAT(each(trial.witness, Phase::cooldown, mean), ElementsAre(20, 20));
  EXPECT_NEAR(summary.metrics.gauge(kUsers).mean(), 15, 1e-6);
  EXPECT_EQ(summary.metrics.gauge(kUsers).last, 20);
}

TEST(UsersGauge, ARateHasNone) {
  Trial trial;
  const RunSummary summary = trial.complete(open_scenario("static 10/s 2s", sleeping(10ms)));
  const auto published = summary.metrics.published();
  EXPECT_TRUE(std::ranges::none_of(published, [](const auto& metric) { return metric.descriptor.name == kUsers; }));
}

TEST(UsersGauge, IsPublishedInAllAndByScenario) {
  Trial trial;
  const RunSummary summary = trial.complete(closed_scenario(3, 2s, sleeping(10ms)), 2);
  std::vector<metrics::Tags> tags;
  for (const metrics::Metric& metric : summary.metrics.published())
    if (metric.descriptor.name == kUsers) tags.push_back(metric.descriptor.tags);
  EXPECT_THAT(tags, ElementsAre(metrics::Tags{}, metrics::Tags{{"scenario", "loop"}}));
}

}  // namespace
}  // namespace vajrapulse::engine
