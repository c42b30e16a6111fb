#include "vajrapulse/engine/adaptive_load.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "vajrapulse/metrics/names.hpp"

namespace vajrapulse::engine {
namespace {

using namespace std::chrono_literals;
namespace names = metrics::names;

/// One second in which 100 iterations took `latency`.
metrics::Snapshot second_of(Duration latency) {
  static metrics::Registry registry;
  metrics::Recorder recorder(registry, TimePoint{});
  recorder.add(registry.counter(names::kExecutionTotal, {{"status", "success"}}), 100);
  for (int i = 0; i < 100; ++i) {
    recorder.record(registry.histogram(names::kResponseTime), latency);
    recorder.record(registry.histogram(names::kExecutionDuration), latency);
  }
  metrics::Snapshot snapshot;
  snapshot.add(*recorder.swap(TimePoint(1s), nullptr));
  return snapshot;
}

/// The second that begins at `second`, as a run shows it to its observers.
void pass(AdaptiveLoad& load, int second, Duration latency, Phase phase = Phase::measure, bool paused = false) {
  load.on_interval(second, phase, second_of(latency));
  Progress progress;
  progress.control.paused = paused;
  progress.phase = phase;
  progress.elapsed = std::chrono::seconds(second + 1);
  load.on_progress(progress);
}

struct Steered {
  std::vector<double> rates;
  std::vector<std::string> lines;
  AdaptiveLoad load{
      {.initial_tps = 100, .ramp_increment = 50, .ramp_decrement = 100, .ramp_interval = 2s, .latency_limit = 50ms},
      [this](const std::string& line) { lines.push_back(line); }};

  Steered() {
    load.steer_by([this](double tps, const std::string&) {
      rates.push_back(tps);
      return Status{};
    });
  }
};

TEST(AdaptiveLoad, DecidesOnceARampIntervalFromAllOfIt) {
  Steered run;
  pass(run.load, -1, 1s, Phase::warmup);  // of no concern
  for (int second = 0; second < 5; ++second)
    pass(run.load, second, second < 2 ? 10ms : 80ms);
  // At 2 s the first two seconds were good, at 4 s the next two too slow.
  EXPECT_THAT(run.rates, testing::ElementsAre(150, 50));
  EXPECT_THAT(run.lines, testing::ElementsAre("adaptive: RAMP_UP 150/s: nothing is wrong",
                                              "adaptive: RAMP_DOWN 50/s: p99 80.0 ms over 50.0 ms"));
  ASSERT_EQ(run.load.events().size(), 2U);
  EXPECT_EQ(run.load.events()[1].t, 4);
  EXPECT_EQ(run.load.events()[1].phase, AdaptivePhase::ramp_down);
}

TEST(AdaptiveLoad, DecidesNothingWhilePausedAndBeginsAnIntervalAfterIt) {
  Steered run;
  pass(run.load, 0, 80ms);  // too slow, and forgotten
  for (int second = 1; second < 7; ++second)
    pass(run.load, second, 10ms, Phase::measure, true);
  pass(run.load, 7, 10ms);
  EXPECT_THAT(run.rates, testing::IsEmpty());
  pass(run.load, 8, 10ms);
  EXPECT_THAT(run.rates, testing::ElementsAre(150));
}

TEST(AdaptiveLoad, PublishesWhatItHeldAndFor) {
  Steered run;
  for (int second = 0; second < 3; ++second)
    pass(run.load, second, 10ms);
  metrics::Snapshot metrics;
  run.load.publish(metrics, 4);
  // 100/s for two seconds, then 150/s for two.
  EXPECT_DOUBLE_EQ(metrics.gauge("vajrapulse.adaptive.tps").mean(), 125);
  EXPECT_DOUBLE_EQ(metrics.gauge("vajrapulse.adaptive.tps").last, 150);
  EXPECT_DOUBLE_EQ(metrics.gauge("vajrapulse.adaptive.phase").last, 0);
}

TEST(AdaptiveLoad, SaysWhenItCannotSteer) {
  std::vector<std::string> lines;
  AdaptiveLoad load({.ramp_interval = 1s}, [&](const std::string& line) { lines.push_back(line); });
  load.steer_by([](double, const std::string&) -> Status { return fail(kUsage, "the run is about to end"); });
  pass(load, 0, 1ms);
  EXPECT_THAT(lines, testing::Contains("adaptive: the run is about to end"));
}

}  // namespace
}  // namespace vajrapulse::engine
