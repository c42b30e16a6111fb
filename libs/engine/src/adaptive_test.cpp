#include "vajrapulse/engine/adaptive.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "vajrapulse/metrics/names.hpp"

namespace vajrapulse::engine {
namespace {

using namespace std::chrono_literals;
using enum AdaptivePhase;
namespace names = metrics::names;

AdaptiveSettings settings() {
  return {.initial_tps = 100,
          .ramp_increment = 50,
          .ramp_decrement = 60,
          .ramp_interval = 5s,
          .min_tps = 20,
          .max_tps = 220,
          .stable_intervals = 2,
          .sustain_duration = 10s,
          .error_threshold = 0.01,
          .latency_percentile = 95,
          .latency_limit = 200ms};
}

AdaptiveInput good() { return {.started = 500, .completed = 500, .latency = 20ms}; }
AdaptiveInput failing(double share) {
  AdaptiveInput input = good();
  input.error_share = share;
  return input;
}
AdaptiveInput slow(Duration latency) {
  AdaptiveInput input = good();
  input.latency = latency;
  return input;
}
AdaptiveInput pressed(BackPressure pressure) {
  AdaptiveInput input = good();
  input.pressure = pressure;
  return input;
}

struct Row {
  AdaptiveInput input;
  AdaptivePhase phase;
  double tps;
  const char* reason;
};

void expect_rows(const AdaptiveSettings& of, const std::vector<Row>& rows) {
  Adaptive machine(of);
  EXPECT_EQ(machine.phase(), ramp_up);
  EXPECT_EQ(machine.tps(), of.initial_tps);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const AdaptivePhase before = machine.phase();
    const double tps = machine.tps();
    const AdaptiveDecision decision = machine.decide(rows[i].input);
    EXPECT_EQ(name(decision.phase), name(rows[i].phase)) << "interval " << i;
    EXPECT_EQ(decision.tps, rows[i].tps) << "interval " << i;
    EXPECT_EQ(decision.reason, rows[i].reason) << "interval " << i;
    EXPECT_EQ(decision.changed, before != rows[i].phase || tps != rows[i].tps) << "interval " << i;
  }
}

TEST(Adaptive, RampsUpToTheHighestRateAndStaysThere) {
  expect_rows(settings(), {{good(), ramp_up, 150, "nothing is wrong"},
                           {good(), ramp_up, 200, "nothing is wrong"},
                           {good(), ramp_up, 220, "nothing is wrong"},
                           {good(), sustain, 220, "the highest rate is reached"},
                           {good(), sustain, 220, "sustained for 5 s"},
                           {good(), sustain, 220, "sustained for 10 s"},
                           {good(), sustain, 220, "sustained for 15 s"}});
}

TEST(Adaptive, GoesDownUntilItIsQuietThenSustainsThenTriesAgain) {
  expect_rows(settings(), {{good(), ramp_up, 150, "nothing is wrong"},
                           {failing(0.03), ramp_down, 90, "errors 3 % over 1 %"},
                           {slow(300ms), ramp_down, 30, "p95 300 ms over 200 ms"},
                           {good(), ramp_down, 30, "quiet for 1 of 2 intervals"},
                           {good(), sustain, 30, "quiet for 2 intervals"},
                           {good(), sustain, 30, "sustained for 5 s"},
                           {good(), ramp_up, 30, "sustained for 10 s"},
                           {good(), ramp_up, 80, "nothing is wrong"}});
}

TEST(Adaptive, QuietIntervalsCountOnlyInARow) {
  expect_rows(settings(), {{failing(0.5), ramp_down, 40, "errors 50 % over 1 %"},
                           {good(), ramp_down, 40, "quiet for 1 of 2 intervals"},
                           {failing(0.5), ramp_down, 20, "errors 50 % over 1 %"},
                           {good(), ramp_down, 20, "quiet for 1 of 2 intervals"},
                           {good(), sustain, 20, "quiet for 2 intervals"}});
}

TEST(Adaptive, RecoversAtTheLowestRate) {
  expect_rows(settings(), {{failing(1), ramp_down, 40, "errors 100 % over 1 %"},
                           {failing(1), ramp_down, 20, "errors 100 % over 1 %"},
                           {failing(1), recovery, 20, "errors 100 % over 1 %"},
                           {good(), recovery, 20, "quiet for 1 of 2 intervals"},
                           {failing(1), recovery, 20, "errors 100 % over 1 %"},
                           {good(), recovery, 20, "quiet for 1 of 2 intervals"},
                           {good(), ramp_up, 20, "quiet for 2 intervals"},
                           {good(), ramp_up, 70, "nothing is wrong"}});
}

TEST(Adaptive, WrongWhileSustainingGoesDownAtOnce) {
  AdaptiveSettings at_most = settings();
  at_most.max_tps = 100;
  expect_rows(at_most, {{good(), sustain, 100, "the highest rate is reached"},
                        {slow(201ms), ramp_down, 40, "p95 201 ms over 200 ms"}});
}

TEST(Adaptive, LimitsThemselvesAreAllowed) {
  expect_rows(settings(),
              {{failing(0.01), ramp_up, 150, "nothing is wrong"}, {slow(200ms), ramp_up, 200, "nothing is wrong"}});
}

TEST(Adaptive, BackPressureHoldsAndThenTurnsItBack) {
  expect_rows(
      settings(),
      {{pressed({.queue = 0.29}), ramp_up, 150, "nothing is wrong"},
       {pressed({.pool = 0.5}), ramp_up, 150, "back-pressure 0.50 (pool) leaves no room for more"},
       {pressed({.start_delay = 0.4}), sustain, 150, "back-pressure 0.40 (start delay) leaves no room for more"},
       {pressed({.queue = 0.7, .pool = 0.5}), ramp_down, 90, "back-pressure 0.70 (queue) at or over 0.70"}});
}

TEST(Adaptive, ATargetThatHangsIsWrongAndOneThatWasNotAskedIsNot) {
  expect_rows(settings(), {{{.started = 10}, ramp_down, 40, "nothing completed"},
                           {{}, ramp_down, 40, "quiet for 1 of 2 intervals"}});
}

TEST(Adaptive, ReadsItsInputFromAnInterval) {
  metrics::Registry registry;
  metrics::Recorder recorder(registry, TimePoint{});
  recorder.add(registry.counter(names::kExecutionTotal, {{"status", "success"}}), 90);
  recorder.add(registry.counter(names::kExecutionTotal, {{"status", "failure"}}), 10);
  for (int i = 1; i <= 100; ++i) {
    recorder.record(registry.histogram(names::kResponseTime), std::chrono::milliseconds(i));
    recorder.record(registry.histogram(names::kExecutionDuration), 30ms);
    recorder.record(registry.histogram(names::kStartDelay), 10ms);
  }
  recorder.set(registry.gauge(names::kQueueSize), 5, TimePoint{});
  const auto interval = recorder.swap(TimePoint(2s), nullptr);
  metrics::Snapshot snapshot;
  snapshot.add(*interval);
  const AdaptiveInput input = adaptive_input(snapshot, 2, settings());
  EXPECT_EQ(input.completed, 100U);
  EXPECT_DOUBLE_EQ(input.error_share, 0.1);
  EXPECT_NEAR(double(input.latency->count()), 95e6, 0.1e6);
  EXPECT_NEAR(input.pressure.queue, 0.1, 1e-9);         // 5 wait where 50 a second are done
  EXPECT_NEAR(input.pressure.start_delay, 0.25, 1e-3);  // 10 of 40 ms
  EXPECT_EQ(input.pressure.pool, 0);
  EXPECT_EQ(input.pressure.which(), "start delay");
}

TEST(Adaptive, RefusesSettingsThatContradictThemselves) {
  EXPECT_TRUE(check(settings()));
  EXPECT_TRUE(check(AdaptiveSettings{}));
  const auto refused = [](auto change) {
    AdaptiveSettings of = settings();
    change(of);
    const Status status = check(of);
    return status ? std::string("accepted") : status.error().message;
  };
  EXPECT_EQ(refused([](auto& s) { s.initial_tps = 10; }), "--initial-tps 10 lies outside --min-tps and --max-tps");
  EXPECT_EQ(refused([](auto& s) { s.initial_tps = 300; }), "--initial-tps 300 lies outside --min-tps and --max-tps");
  EXPECT_EQ(refused([](auto& s) { s.ramp_increment = 0; }), "--ramp-increment 0 is out of range");
  EXPECT_EQ(refused([](auto& s) { s.ramp_decrement = -1; }), "--ramp-decrement -1 is out of range");
  EXPECT_EQ(refused([](auto& s) { s.stable_intervals = 0; }), "--stable-intervals 0 is out of range");
  EXPECT_EQ(refused([](auto& s) { s.ramp_interval = 100ms; }), "--ramp-interval 100ms is too short to see anything");
  EXPECT_EQ(refused([](auto& s) { s.error_threshold = 1.5; }), "--error-threshold is a share");
  EXPECT_EQ(refused([](auto& s) { s.latency_limit = 0ms; }), "a latency limit of 0 can never be met");
  EXPECT_EQ(refused([](auto& s) { s.latency_percentile = 0; }), "p0 is no percentile");
  EXPECT_EQ(refused([](auto& s) { s.pressure_low = 0.8; }),
            "back-pressure's low must be less than its high, both 0 to 1");
}

}  // namespace
}  // namespace vajrapulse::engine
