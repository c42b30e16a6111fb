#include "vajrapulse/engine/control.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "test_trial.hpp"
#include "vajrapulse/base/random.hpp"
#include "vajrapulse/engine/load_language.hpp"
#include "vajrapulse/metrics/names.hpp"

namespace vajrapulse::engine {
namespace test {

constexpr Duration kLead = 50ms;

Steered::Steered(Scenario scenario, std::size_t shard_count) {
  const Duration warmup = scenario.warmup;
  begin(std::move(scenario), shard_count);
  // The run gives its shards this long to hear of the beginning; its own beginning is an event of the next
  // nanosecond.
  origin_ = now() + 1ns + warmup + (shard_count > 1 ? 2ms : 300us);
  run_to(origin_ - warmup);
}

void Steered::tell(Duration at, const Control& control) {
  run_to(origin_ + at - kLead);
  const auto when = run->control(control);
  ASSERT_TRUE(when) << when.error().text();
  EXPECT_EQ(*when - origin_, at);
}

std::string Steered::refusal(const Control& control) const {
  const auto when = run->control(control);
  return when ? "" : when.error().text();
}

}  // namespace test

namespace {

using namespace test;
using testing::ElementsAre;
using testing::HasSubstr;

/// Intended starts by k, from the start of measuring; what was reached late is noted as such.
struct Starts {
  std::map<std::uint64_t, Duration> by_index;
  TimePoint origin;

  [[nodiscard]] std::vector<Duration> in_order() const {
    std::vector<Duration> starts;
    for (const auto& [index, start] : by_index) {
      EXPECT_EQ(index, starts.size()) << "a gap in the sequence";
      starts.push_back(start);
    }
    return starts;
  }
  /// How many begin in each tenth of a second.
  [[nodiscard]] std::vector<int> per_tenth() const {
    std::vector<int> counts;
    for (const auto& [index, start] : by_index) {
      const auto window = std::size_t(start / Duration(100ms));
      if (counts.size() <= window) counts.resize(window + 1);
      ++counts[window];
    }
    return counts;
  }
};

NamedTask noting(Starts& starts) {
  return task("note", [&starts](Iteration& iteration) -> runtime::Co<Result> {
    const TimePoint intended = iteration.intended_start();
    if (intended >= starts.origin) starts.by_index[iteration.index()] = intended - starts.origin;
    co_await iteration.sleep(1ms);
    co_return Result::success();
  });
}

struct Story {
  RunSummary summary;
  Starts starts;
  std::vector<Progress> steps;
};

using Script = std::vector<std::pair<Duration, Control>>;

Story play(std::string_view load, const Script& script, std::size_t shards = 1, ArrivalKind kind = ArrivalKind::even) {
  Story story;
  Scenario scenario = open_scenario(load, noting(story.starts));
  std::get<OpenModel>(scenario.load).arrivals = kind;
  Steered trial(std::move(scenario), shards);
  story.starts.origin = trial.origin();
  for (const auto& [at, control] : script)
    trial.tell(at, control);
  story.summary = trial.finish();
  story.steps = trial.witness.steps;
  EXPECT_EQ(story.summary.load.late, 0U) << "something was released late: a burst";
  EXPECT_EQ(story.summary.load.missed, 0U);
  EXPECT_FALSE(story.summary.run.interrupted);
  EXPECT_EQ(story.summary.exit_code, 0);
  return story;
}

TEST(Control, APauseShiftsTheEndAndKeepsTheTarget) {
  const Story story = play("static 1000/s 10s", {{3s, Control::pause()}, {6s, Control::resume()}});
  EXPECT_EQ(story.summary.load.target, 10'000U);
  EXPECT_EQ(story.summary.load.succeeded, 10'000U);
  EXPECT_EQ(story.summary.run.duration_s, 13.0);
  EXPECT_EQ(story.summary.paused_s, 3.0);
  EXPECT_EQ(story.summary.run.load_text, "static 1000/s 10s") << "what was planned";
  const auto counts = story.starts.per_tenth();
  ASSERT_EQ(counts.size(), 130U);
  for (std::size_t i = 0; i < counts.size(); ++i)
    EXPECT_EQ(counts[i], i >= 30 && i < 60 ? 0 : 100) << "tenth " << i;
  const auto starts = story.starts.in_order();
  EXPECT_EQ(starts[2999], 2999ms);
  EXPECT_EQ(starts[3000], 6s);
  for (std::size_t k = 3001; k < starts.size(); ++k)
    ASSERT_EQ(starts[k] - starts[k - 1], 1ms) << "a burst after the pause";
}

TEST(Control, APausedRunOfARampSendsAllOfIt) {
  // 50·t²: 200 by 2 s; the rest of 5,000 after a second of nothing.
  const Story story = play("ramp 0..1000/s 10s", {{2s, Control::pause()}, {3s, Control::resume()}}, 2);
  EXPECT_EQ(story.summary.load.target, 5000U);
  EXPECT_EQ(story.summary.run.duration_s, 11.0);
  EXPECT_EQ(story.starts.in_order()[450], 4s);
}

TEST(Control, ARateIsScaledHeldAndGivenBack) {
  const Story story = play("static 1000/s 10s", {{2s, Control::rate_scale(1.5)},
                                                 {4s, Control::rate_hold(500)},
                                                 {6s, Control::rate_auto()},
                                                 {8s, Control::rate_scale(0.1)}});
  // 2,000 + 3,000 + 1,000 + 2,000 + 200.
  EXPECT_EQ(story.summary.load.target, 8200U);
  EXPECT_EQ(story.summary.run.duration_s, 10.0);
  const auto counts = story.starts.per_tenth();
  ASSERT_EQ(counts.size(), 100U);
  for (std::size_t i = 0; i < counts.size(); ++i)
    EXPECT_EQ(counts[i], i < 20 ? 100 : i < 40 ? 150 : i < 60 ? 50 : i < 80 ? 100 : 10) << "tenth " << i;
}

TEST(Control, AStopIsAnEarlyEndOnTheInstant) {
  for (const std::size_t shards : {1, 2, 4}) {
    const Story story = play("static 1000/s 10s", {{3s, Control::stop()}}, shards);
    EXPECT_EQ(story.summary.load.target, 3000U);
    EXPECT_EQ(story.summary.load.succeeded, 3000U);
    EXPECT_EQ(story.summary.run.duration_s, 3.0);
    ASSERT_EQ(story.summary.controls.size(), 1U);
    EXPECT_EQ(story.summary.controls[0].action, "stop");
  }
}

TEST(Control, AStopEndsAPause) {
  const Story story = play("static 1000/s 10s", {{3s, Control::pause()}, {5s, Control::stop()}});
  EXPECT_EQ(story.summary.load.target, 3000U);
  EXPECT_EQ(story.summary.run.duration_s, 5.0);
  EXPECT_EQ(story.summary.paused_s, 2.0);
}

TEST(Control, WhatIsSentDoesNotDependOnTheNumberOfShards) {
  const Script script{{1s, Control::pause()},         {2s, Control::resume()},    {2500ms, Control::rate_scale(1.37)},
                      {4s, Control::rate_hold(333)},  {5s, Control::pause()},     {5123ms, Control::resume()},
                      {6s, Control::rate_scale(0.5)}, {7s, Control::rate_auto()}, {8s, Control::stop()}};
  for (const char* load : {"static 977/s 10s", "ramp 10..1500/s 9s, hold 1s"})
    for (const ArrivalKind kind : {ArrivalKind::even, ArrivalKind::poisson}) {
      const auto one = play(load, script, 1, kind).starts.in_order();
      EXPECT_GT(one.size(), 2000U);
      for (const std::size_t shards : {2, 4})
        EXPECT_EQ(play(load, script, shards, kind).starts.in_order(), one) << load << " on " << shards;
    }
}

TEST(Control, BeforeItTakesEffectNothingHasChanged) {
  for (const ArrivalKind kind : {ArrivalKind::even, ArrivalKind::poisson}) {
    auto planned = play("static 977/s 10s", {}, 2, kind).starts.in_order();
    auto steered = play("static 977/s 10s", {{4s, Control::rate_scale(2)}}, 2, kind).starts.in_order();
    std::erase_if(planned, [](Duration start) { return start >= 4s; });
    std::erase_if(steered, [](Duration start) { return start >= 4s; });
    EXPECT_EQ(planned, steered);
  }
}

TEST(Control, RandomControlsKeepTheAccountsAndTheSequence) {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    Random random(seed);
    Script script;
    Duration at = 100ms;
    bool paused = false;
    for (int i = 0; i < 8; ++i) {
      const std::uint64_t kind = random.below(4);
      if (paused || kind == 0) {
        script.emplace_back(at, paused ? Control::resume() : Control::pause());
        paused = !paused;
      } else if (kind == 1) {
        script.emplace_back(at, Control::rate_scale(0.1 + double(random.below(300)) / 100));
      } else {
        script.emplace_back(at, kind == 2 ? Control::rate_hold(1 + double(random.below(1000))) : Control::rate_auto());
      }
      at += Duration(std::int64_t(random.below(500'000'000)));
    }
    if (paused) script.emplace_back(at, Control::resume());
    const ArrivalKind kind = seed % 2 == 0 ? ArrivalKind::even : ArrivalKind::poisson;
    SCOPED_TRACE("seed " + std::to_string(seed));
    const auto one = play("static 300/s 6s", script, 1, kind).starts.in_order();
    EXPECT_EQ(play("static 300/s 6s", script, 3, kind).starts.in_order(), one);
  }
}

TEST(Control, ArrivalsThatWaitForASlotKeepTheirTimes) {
  // One slot of 20 ms at 100/s: half of them wait, across a pause, a scale and a hold.
  for (const ArrivalKind kind : {ArrivalKind::even, ArrivalKind::poisson}) {
    const auto run = [kind](std::uint64_t slots) {
      Starts starts;
      Scenario scenario = open_scenario("static 100/s 4s", noting(starts));
      auto& open = std::get<OpenModel>(scenario.load);
      open.max_in_flight = slots;
      open.arrivals = kind;
      scenario.task = task("slow", [&starts](Iteration& iteration) -> runtime::Co<Result> {
        starts.by_index[iteration.index()] = iteration.intended_start() - starts.origin;
        co_await iteration.sleep(20ms);
        co_return Result::success();
      });
      scenario.drain_timeout = 60s;
      Steered trial(std::move(scenario), 1);
      starts.origin = trial.origin();
      trial.tell(1s, Control::pause());
      trial.tell(1500ms, Control::resume());
      trial.tell(2s, Control::rate_scale(3));
      trial.tell(3s, Control::rate_hold(10));
      const RunSummary summary = trial.finish();
      EXPECT_EQ(summary.load.succeeded, summary.load.target);
      return starts.in_order();
    };
    EXPECT_EQ(run(1), run(10'000));
  }
}

TEST(Control, AnIterationLimitHoldsThroughControls) {
  Starts starts;
  Scenario scenario = open_scenario("static 1000/s", noting(starts));
  scenario.iterations = 5000;
  Steered trial(std::move(scenario), 2);
  starts.origin = trial.origin();
  trial.tell(1s, Control::pause());
  trial.tell(2s, Control::resume());
  trial.tell(3s, Control::rate_scale(2));
  const RunSummary summary = trial.finish();
  EXPECT_EQ(summary.load.target, 5000U);
  EXPECT_EQ(summary.load.succeeded, 5000U);
  // 1,000 + nothing + 1,000 + 3,000 at 2000/s: the last at 4.4995 s.
  EXPECT_EQ(starts.in_order().back(), 4499'500us);
}

TEST(Control, InWarmUpItWaitsForMeasuringToBegin) {
  Starts starts;
  Scenario scenario = open_scenario("static 1000/s 2s", noting(starts));
  scenario.warmup = 3s;
  Steered trial(std::move(scenario), 2);
  starts.origin = trial.origin();
  trial.run_to(trial.origin() - 2s);
  EXPECT_EQ(*trial.run->control(Control::rate_scale(2)), trial.origin());
  EXPECT_EQ(*trial.run->control(Control::pause()), trial.origin());
  trial.tell(1s, Control::resume());
  const RunSummary summary = trial.finish();
  EXPECT_EQ(summary.warmup->started, 3000U);
  EXPECT_EQ(summary.load.target, 4000U);
  EXPECT_EQ(summary.run.duration_s, 3.0);
  EXPECT_EQ(starts.in_order().front(), 1s);
}

TEST(Control, AStopInWarmUpIsOneAtOnce) {
  Starts starts;
  Scenario scenario = open_scenario("static 1000/s 2s", noting(starts));
  scenario.warmup = 3s;
  Steered trial(std::move(scenario), 1);
  trial.run_to(trial.origin() - 2s);
  EXPECT_TRUE(trial.run->control(Control::stop()));
  const RunSummary summary = trial.finish();
  EXPECT_LT(trial.now() - trial.origin(), -1900ms);
  EXPECT_FALSE(summary.run.interrupted);
  EXPECT_EQ(summary.load.started, 0U);
}

TEST(Control, UsersFinishAndBeginNoneWhilePaused) {
  // Ten users of 100 ms each: a hundred iterations a second, none of them in the pause.
  std::vector<TimePoint> begun;
  Scenario scenario = closed_scenario(10, 5s, task("loop", [&begun](Iteration& iteration) -> runtime::Co<Result> {
                                        begun.push_back(iteration.intended_start());
                                        co_await iteration.sleep(100ms);
                                        co_return Result::success();
                                      }));
  Steered trial(std::move(scenario), 2);
  trial.tell(2050ms, Control::pause());
  trial.tell(4s, Control::resume());
  const RunSummary summary = trial.finish();
  EXPECT_EQ(summary.run.duration_s, 5 + 1.95);
  EXPECT_EQ(summary.exit_code, 0);
  for (const TimePoint at : begun) {
    const Duration since = at - trial.origin();
    EXPECT_TRUE(since < 2050ms || since >= 4s) << to_ns(since);
  }
  // Turns at 0, 100, … 2000 ms and then at 4000, … 6900 ms: 21 + 30 of each user.
  EXPECT_NEAR(double(summary.load.started), 510, 10);
}

TEST(Control, PacedUsersShiftTheirTurns) {
  Starts starts;
  Scenario scenario = closed_scenario(10, 5s, sleeping(1ms));
  std::get<ClosedModel>(scenario.load).pacing = 1s;
  std::vector<Duration> turns;
  Steered* at = nullptr;
  scenario.task = task("paced", [&](Iteration& iteration) -> runtime::Co<Result> {
    turns.push_back(iteration.intended_start() - at->origin());
    co_return Result::success();
  });
  Steered trial(std::move(scenario), 2);
  at = &trial;
  trial.tell(2s, Control::pause());
  trial.tell(4500ms, Control::resume());
  const RunSummary summary = trial.finish();
  EXPECT_EQ(summary.load.target, 50U);
  EXPECT_EQ(summary.load.succeeded, 50U);
  EXPECT_EQ(summary.run.duration_s, 7.5);
  std::ranges::sort(turns);
  for (std::size_t i = 0; i < turns.size(); ++i)  // one each 100 ms, those of 2 s and later 2.5 s later
    EXPECT_EQ(turns[i], Duration(100ms) * std::int64_t(i) + (i < 20 ? 0ms : 2500ms)) << i;
}

TEST(Control, WhatWasAskedIsKept) {
  Control slower = Control::rate_scale(0.5);
  slower.reason = "errors 3 % over 1 %";
  const Story story = play("static 1000/s 10s", {{1s, Control::pause()},
                                                 {2s, Control::resume()},
                                                 {3s, slower},
                                                 {4s, Control::rate_hold(1234.5)},
                                                 {5s, Control::rate_auto()},
                                                 {6s, Control::stop()}});
  std::vector<std::string> actions;
  for (const ControlEvent& event : story.summary.controls) {
    EXPECT_EQ(event.t, double(actions.size() + 1));
    actions.push_back(event.action);
  }
  EXPECT_THAT(actions, ElementsAre("pause", "resume", "rate x0.5", "rate 1234.5/s", "rate auto", "stop"));
  EXPECT_EQ(story.summary.controls[2].reason, "errors 3 % over 1 %");
  std::vector<std::string> shown;
  for (const Progress& step : story.steps)
    if (const std::string state = describe(step.control); shown.empty() || shown.back() != state)
      shown.push_back(state);
  EXPECT_THAT(shown, ElementsAre("", "PAUSED", "", "rate ×0.5", "held 1234.5/s", "", "STOPPED"));
}

TEST(Control, TheTargetRateFollows) {
  const Story story = play("static 1000/s 10s", {{2s, Control::rate_scale(1.5)},
                                                 {4s, Control::rate_hold(500)},
                                                 {6s, Control::pause()},
                                                 {8s, Control::resume()},
                                                 {8s, Control::rate_auto()}});
  std::map<std::int64_t, double> targets;
  for (const Progress& step : story.steps)
    if (step.phase == Phase::measure && !step.repeated) targets[step.elapsed / Duration(1s)] = step.target_tps;
  EXPECT_NEAR(targets[2], 1000, 0.001);
  EXPECT_NEAR(targets[4], 1500, 0.001);
  EXPECT_NEAR(targets[6], 500, 0.001);
  EXPECT_NEAR(targets[8], 0, 0.001);
  EXPECT_NEAR(targets[10], 1000, 0.001);
  // Over the 12 s that it took: (2·1000 + 2·1500 + 2·500 + 0 + 4·1000)/12, as the gauge is set once a second.
  const auto gauge = story.summary.metrics.gauge(metrics::names::kTargetTps);
  EXPECT_EQ(gauge.max, 1500);
}

TEST(Control, WhatMakesNoSenseIsRefused) {
  Steered open(open_scenario("static 1000/s 10s", sleeping(1ms)), 2);
  open.run_to(open.origin() + 1s);
  EXPECT_THAT(open.refusal(Control::resume()), HasSubstr("not paused"));
  EXPECT_THAT(open.refusal(Control::rate_scale(0)), HasSubstr("out of range"));
  EXPECT_THAT(open.refusal(Control::rate_scale(-1)), HasSubstr("out of range"));
  EXPECT_THAT(open.refusal(Control::rate_scale(std::nan(""))), HasSubstr("out of range"));
  EXPECT_THAT(open.refusal(Control::rate_scale(1'000'001)), HasSubstr("more than 1000000000/s"));
  EXPECT_THAT(open.refusal(Control::rate_hold(1e9 + 1)), HasSubstr("more than 1000000000/s"));
  EXPECT_THAT(open.refusal(Control::rate_hold(0)), HasSubstr("out of range"));
  EXPECT_THAT(open.refusal(Control::users(5)), HasSubstr("a rate and no users"));
  EXPECT_THAT(open.refusal(Control::users_auto()), HasSubstr("a rate and no users"));
  Control elsewhere = Control::pause();
  elsewhere.scenario = "checkout";
  EXPECT_THAT(open.refusal(elsewhere), HasSubstr("checkout"));
  EXPECT_THAT(open.refusal(elsewhere), HasSubstr("there is: steady"));
  elsewhere.scenario = "steady";
  EXPECT_EQ(open.refusal(elsewhere), "");
  EXPECT_THAT(open.refusal(Control::pause()), HasSubstr("paused"));
  EXPECT_EQ(open.refusal(Control::resume()), "");
  open.run_to(open.origin() + 9990ms);
  EXPECT_THAT(open.refusal(Control::pause()), HasSubstr("ends before"));
  (void)open.finish();
  EXPECT_THAT(open.refusal(Control::pause()), HasSubstr("the load is over"));

  Steered closed(closed_scenario(2, 10s, sleeping(1ms)), 1);
  closed.run_to(closed.origin() + 1s);
  EXPECT_THAT(closed.refusal(Control::rate_scale(2)), HasSubstr("users and no rate"));
  EXPECT_THAT(closed.refusal(Control::rate_hold(2)), HasSubstr("users and no rate"));
  EXPECT_THAT(closed.refusal(Control::rate_auto()), HasSubstr("users and no rate"));
  EXPECT_THAT(closed.refusal(Control::users(10'000'001)), HasSubstr("out of range"));
  EXPECT_EQ(closed.refusal(Control::stop()), "");
  EXPECT_THAT(closed.refusal(Control::stop()), HasSubstr("told to stop"));
  (void)closed.finish();
}

TEST(Control, BeforeTheLoadItIsRefused) {
  Trial trial;
  trial.begin(open_scenario("static 1000/s 1s", sleeping(1ms)));
  EXPECT_THAT(trial.run->control(Control::pause()).error().text(), HasSubstr("has not begun"));
  EXPECT_EQ(trial.finish().load.target, 1000U);
}

TEST(Control, AShardThatHearsOfItTooLateStillAddsUp) {
  // Deaf for 200 ms around the change: what was due meanwhile went out as it was due, and every account holds.
  for (const bool queueing : {false, true}) {
    Scenario scenario = open_scenario("static 1000/s 10s", sleeping(5ms));
    if (queueing) std::get<OpenModel>(scenario.load).max_in_flight = 4;
    Steered trial(std::move(scenario), 2);
    trial.run_to(trial.origin() + 2930ms);
    trial.world.freeze(*trial.shards[0], 200ms);
    trial.tell(3s, Control::pause());
    trial.tell(4s, Control::resume());
    const RunSummary summary = trial.finish();
    EXPECT_EQ(summary.load.target, 10'000U);
    EXPECT_EQ(summary.run.duration_s, 11.0);
  }
}

}  // namespace
}  // namespace vajrapulse::engine
