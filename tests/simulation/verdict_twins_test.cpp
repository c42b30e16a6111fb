// The verdict against the truth: each run is made twice from the same seed, once undisturbed, so that what a
// disturbance of the generator did to p50, p90 and p99 is known, whatever the generator itself saw of it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <utility>

#include "dice.hpp"
#include "twins.hpp"
#include "vajrapulse/runtime/errors.hpp"

namespace vajrapulse::simulation {
namespace {

using namespace std::chrono_literals;
using engine::VerdictStatus;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

// Fewer under sanitizers, but so many that a share of them says something.
#ifdef NDEBUG
constexpr std::uint64_t kSeeds = 300;
#else
constexpr std::uint64_t kSeeds = 100;
#endif

/// This near to a threshold, as a part of it, either side of it is right: what was not seen is estimated.
constexpr double kMargin = 1.0 / 4;
/// The same where a shard has more to do than it can: what it saw late on the way to an answer is not seen.
constexpr double kOverloadMargin = 1.0 / 3;

/// How many runs are judged otherwise with other margins is printed: docs/proofs.md has the table.
constexpr std::array<double, 6> kMargins{0, 1.0 / 10, 1.0 / 6, 1.0 / 5, 1.0 / 4, 1.0 / 3};

/// At most this part of all runs may be judged otherwise, and none by more than one step.
constexpr std::uint64_t kOneIn = 50;

Scene choose_scene(Dice& dice) {
  constexpr Scene::Service kServices[] = {Scene::Service::constant, Scene::Service::exponential,
                                          Scene::Service::two_kinds};
  Scene scene;
  scene.load = dice.once_in(2) ? "static 1000/s 2s" : "ramp 500..2000/s 2s";
  scene.service = dice.one_of(kServices);
  scene.mean = dice.micros(1'000, dice.once_in(3) ? 300'000 : 30'000);
  dice.say("service", std::uint64_t(scene.service));
  dice.say("mean", scene.mean);
  return scene;
}

/// From nothing to gross: a part of the time, as likely to be 0.1 % as half of it.
Duration choose_part(Dice& dice, Duration every) {
  constexpr double kParts[] = {0, 0.001, 0.002, 0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.2, 0.3, 0.5, 0.8};
  const double part = dice.one_of(kParts) * (0.7 + 0.6 * double(dice.between(0, 1000)) / 1000);
  return Duration(std::int64_t(double(to_ns(every)) * std::min(part, 0.85)));
}

class VerdictTwins : public testing::Test {
 protected:
  /// The verdict is what the truth is, or on the other side of a threshold that it nearly touches.
  void expect_true(const Twins& both, const std::string& what, double margin = kMargin) {
    const VerdictStatus said = both.disturbed.summary.verdict.status;
    ++judged_;
    for (std::size_t i = 0; i < kMargins.size(); ++i)
      beyond_[i] += is_wrong(both, kMargins[i]) ? 1 : 0;
    if (is_wrong(both, margin)) {
      wrong_ += what + "\n" + both.text() + "\n";
      ++wrongly_;
    }
    EXPECT_LE(std::abs(int(said) - int(both.truth(1))), 1) << what << "\n" << both.text();
    EXPECT_EQ(both.alone.summary.verdict.status, VerdictStatus::valid) << what;
    if (said == VerdictStatus::valid) {
      EXPECT_THAT(both.disturbed.summary.verdict.reasons, IsEmpty()) << what;
    }
    ++seen_[std::size_t(said)];
  }
  static bool is_wrong(const Twins& both, double margin) {
    const VerdictStatus said = both.disturbed.summary.verdict.status;
    return said < both.truth(1 + margin) || said > both.truth(1 - margin);
  }
  /// Said as the reason of everything that is not VALID.
  static void expect_cause(const Twins& both, std::string_view cause, const std::string& what) {
    if (both.disturbed.summary.verdict.status == VerdictStatus::valid) return;
    EXPECT_THAT(both.disturbed.summary.verdict.reasons, Contains(HasSubstr(std::string(cause)))) << what << "\n"
                                                                                                 << both.text();
  }
  /// As good as all were judged truly, and the sweep had all of it, or it proves less than it says.
  void expect_all_kinds() const {
    std::printf("| %s | %llu |", testing::UnitTest::GetInstance()->current_test_info()->name(),
                static_cast<unsigned long long>(judged_));
    for (const std::uint64_t beyond : beyond_)
      std::printf(" %llu |", static_cast<unsigned long long>(beyond));
    std::printf("\n");
    EXPECT_LE(wrongly_ * kOneIn, judged_) << wrong_;
    EXPECT_THAT(seen_, Not(Contains(0U)));
  }

 private:
  std::array<unsigned, 3> seen_{};
  std::uint64_t judged_ = 0;
  std::array<std::uint64_t, kMargins.size()> beyond_{};
  std::uint64_t wrongly_ = 0;
  std::string wrong_;
};

TEST_F(VerdictTwins, AHostThatTakesTheProcessorAway) {
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    Dice dice(seed);
    const Scene scene = choose_scene(dice);
    const Duration every = dice.micros(5'000, dice.once_in(2) ? 50'000 : 600'000);
    const Duration lasting = choose_part(dice, every);
    dice.say("every", every);
    dice.say("lasting", lasting);
    const Twins both = twins(scene, freezes(every, lasting), seed);
    const std::string what = "seed " + std::to_string(seed) + " " + dice.said();
    expect_true(both, what);
    expect_cause(both, "the host took the processor away", what);
  }
  expect_all_kinds();
}

// What a container's quota does: 100 ms are the kernel's usual period.
TEST_F(VerdictTwins, AQuotaOfTheProcessor) {
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    Dice dice(seed);
    const Scene scene = choose_scene(dice);
    constexpr Duration kPeriods[] = {10ms, 50ms, 100ms, 250ms};
    const Duration period = dice.one_of(kPeriods);
    const Duration kept = choose_part(dice, period);
    dice.say("period", period);
    dice.say("kept", kept);
    const Twins both = twins(scene, quota(period, period - kept), seed);
    const std::string what = "seed " + std::to_string(seed) + " " + dice.said();
    expect_true(both, what);
    expect_cause(both, "the host took the processor away", what);
  }
  expect_all_kinds();
}

TEST_F(VerdictTwins, LongTurns) {
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    Dice dice(seed);
    const Scene scene = choose_scene(dice);
    const Duration every = dice.micros(20'000, dice.once_in(2) ? 50'000 : 600'000);
    const Duration lasting = choose_part(dice, every);
    dice.say("every", every);
    dice.say("lasting", lasting);
    const Twins both = twins(scene, computing(every, lasting), seed);
    const std::string what = "seed " + std::to_string(seed) + " " + dice.said();
    expect_true(both, what);
    expect_cause(both, both.disturbed.summary.generator.busiest_shard > 0.9 ? "saturated" : "busy", what);
  }
  expect_all_kinds();
}

TEST_F(VerdictTwins, MoreToDoThanAShardCan) {
  for (std::uint64_t seed = 1; seed <= kSeeds / 2; ++seed) {
    Dice dice(seed);
    Scene scene = choose_scene(dice);
    scene.load = "static 4000/s 1s";
    scene.mean = dice.micros(500, 25'000);
    const Duration each = dice.micros(1, 350);  // from 0.4 to 140 % of a processor for the answers alone
    dice.say("each", each);
    const Twins both = twins(scene, burden(each), seed);
    const std::string what = "seed " + std::to_string(seed) + " " + dice.said();
    expect_true(both, what, kOverloadMargin);
    expect_cause(both, both.disturbed.summary.generator.busiest_shard > 0.9 ? "saturated" : "busy", what);
  }
  expect_all_kinds();
}

// A slow target needs many connections. A shard with too much to do opens them slowly, and what waits for one waits for
// the shard.
TEST_F(VerdictTwins, MoreToDoThanAShardCanBeforeASlowTarget) {
  for (std::uint64_t seed = 1; seed <= kSeeds / 2; ++seed) {
    Dice dice(seed);
    Scene scene = choose_scene(dice);
    scene.load = "static 4000/s 1s";
    scene.mean = dice.micros(25'000, 300'000);
    const Duration each = dice.micros(1, 350);
    dice.say("each", each);
    const Twins both = twins(scene, burden(each), seed);
    expect_true(both, "seed " + std::to_string(seed) + " " + dice.said());
  }
  expect_all_kinds();
}

/// Of what there may be few.
using Few = void (*)(Scene&, std::uint64_t);
void slots(Scene& scene, std::uint64_t most) { scene.max_in_flight = most; }
void connections(Scene& scene, std::uint64_t most) { scene.connections = most; }

/// As many at once as the target needs at `rate`, times `factor`.
void choose_few(Dice& dice, Scene& scene, Few few, double rate, double factor) {
  const auto most = std::uint64_t(std::ceil(rate * double(to_ns(scene.mean)) * 1e-9 * factor));
  dice.say("most at once", most);
  few(scene, most);
}

// Where little more than is needed may be in flight, what was held up is made good slowly: long after the shard was
// late, arrivals wait in a line that it made.
class VerdictTwinsInALine : public VerdictTwins {
 protected:
  void sweep_pauses(Few few) {
    for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
      Dice dice(seed);
      Scene scene = choose_scene(dice);
      scene.load = "static 1000/s 2s";
      choose_few(dice, scene, few, 1000, 1.05 + 0.5 * double(dice.between(0, 1000)) / 1000);
      const Duration every = dice.micros(5'000, dice.once_in(2) ? 50'000 : 600'000);
      const Duration lasting = choose_part(dice, every);
      dice.say("every", every);
      dice.say("lasting", lasting);
      expect_true(twins(scene, freezes(every, lasting), seed), "seed " + std::to_string(seed) + " " + dice.said());
    }
    expect_all_kinds();
  }
  void sweep_overload(Few few) {
    for (std::uint64_t seed = 1; seed <= kSeeds / 2; ++seed) {
      Dice dice(seed);
      Scene scene = choose_scene(dice);
      scene.load = "static 4000/s 1s";
      scene.mean = dice.micros(500, 100'000);
      choose_few(dice, scene, few, 4000, double(dice.between(100, 400)) / 100);
      const Duration each = dice.micros(1, 350);
      dice.say("each", each);
      expect_true(twins(scene, burden(each), seed), "seed " + std::to_string(seed) + " " + dice.said());
    }
    expect_all_kinds();
  }
};

TEST_F(VerdictTwinsInALine, AHostThatTakesTheProcessorAwayBeforeFewSlots) { sweep_pauses(slots); }
TEST_F(VerdictTwinsInALine, AHostThatTakesTheProcessorAwayBeforeFewConnections) { sweep_pauses(connections); }
TEST_F(VerdictTwinsInALine, MoreToDoThanAShardCanBeforeFewSlots) { sweep_overload(slots); }
TEST_F(VerdictTwinsInALine, MoreToDoThanAShardCanBeforeFewConnections) { sweep_overload(connections); }

// Who has no descriptor or port for a request sends none: such a request is as good as missed, and judged as that.
TEST_F(VerdictTwins, NoDescriptorsAndNoPortsLeft) {
  const Scene scene{.load = "static 1000/s 2s", .mean = 2ms, .keep_alive = false};
  for (const auto& [kind, cause] : {std::pair{runtime::kNoDescriptors, "no file descriptors left"},
                                    std::pair{runtime::kNoPorts, "no local ports left"}}) {
    for (const auto& [lasting, status] :
         {std::pair{0ms, VerdictStatus::valid}, std::pair{1ms, VerdictStatus::valid},
          std::pair{5ms, VerdictStatus::degraded}, std::pair{15ms, VerdictStatus::degraded},
          std::pair{30ms, VerdictStatus::invalid}, std::pair{1000ms, VerdictStatus::invalid}}) {
      const Twins both = twins(scene, shortage(kind, 500ms, lasting), 1);
      EXPECT_EQ(both.disturbed.summary.verdict.status, status) << kind.name() << " " << lasting.count() << both.text();
      expect_cause(both, cause, std::string(kind.name()));
    }
  }
}

// Durations come from a clock that nobody can set, so setting the calendar's distorts none of them.
TEST_F(VerdictTwins, AClockThatIsSetDistortsNothingAndIsSaid) {
  for (const Duration by : {Duration(-3'600s), Duration(-60ms), Duration(60ms), Duration(24h)}) {
    const Twins both = twins({.load = "static 1000/s 2s"}, calendar(700ms, by), 1);
    EXPECT_EQ(both.disturbed.response, both.alone.response);
    EXPECT_EQ(both.disturbed.summary.verdict.status, VerdictStatus::valid);
    EXPECT_EQ(both.disturbed.summary.run.started_at, both.alone.summary.run.started_at);
    EXPECT_THAT(both.disturbed.summary.verdict.notes,
                Contains(HasSubstr(by > Duration::zero() ? "clock was set forward" : "clock was set back")));
  }
  EXPECT_THAT(twins({.load = "static 1000/s 2s"}, calendar(700ms, 10ms), 1).disturbed.summary.verdict.notes, IsEmpty());
}

// What the target does is never the generator's doing, however slow it is and however long the line before it.
TEST_F(VerdictTwins, ASlowTargetAFullLineAndDropsAreNoDistortion) {
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    Dice dice(seed);
    Scene scene = choose_scene(dice);
    if (dice.once_in(3)) scene.mean = dice.micros(100'000, 3'000'000);
    if (dice.once_in(2)) scene.stall = dice.micros(1'000, 450'000);
    if (dice.once_in(2)) scene.max_in_flight = dice.between(1, 60);
    if (dice.once_in(2)) scene.on_limit = engine::OnLimit::drop;
    scene.keep_alive = !dice.once_in(4);
    const Seen seen = see(scene, nullptr, seed);
    EXPECT_EQ(seen.summary.verdict.status, VerdictStatus::valid)
        << "seed " << seed << " " << dice.said() << testing::PrintToString(seen.summary.verdict.reasons);
    EXPECT_GT(seen.summary.load.started, 0U);
  }
}

// Many connections are needed, and the shard has time to open them. Where the need grows faster than a client opens
// them, it is the generator that is slow, and a run in fifty may say so; none is INVALID.
TEST_F(VerdictTwins, ATargetThatNeedsManyConnectionsGetsThemInTime) {
  std::uint64_t judged = 0;
  std::uint64_t degraded = 0;
  for (std::uint64_t seed = 1; seed <= kSeeds / 4; ++seed) {
    Dice dice(seed);
    Scene scene = choose_scene(dice);
    constexpr std::string_view kLoads[] = {"static 4000/s 1s", "static 10000/s 1s", "ramp 500..8000/s 1s"};
    scene.load = dice.one_of(kLoads);
    scene.mean = dice.micros(25'000, 600'000);
    if (dice.once_in(3)) scene.stall = dice.micros(1'000, 450'000);
    const Seen seen = see(scene, nullptr, seed);
    ++judged;
    if (seen.summary.verdict.status == VerdictStatus::degraded) ++degraded;
    EXPECT_NE(seen.summary.verdict.status, VerdictStatus::invalid)
        << "seed " << seed << " " << scene.load << " " << dice.said()
        << testing::PrintToString(seen.summary.verdict.reasons);
    EXPECT_GT(seen.summary.load.started, 0U);
  }
  EXPECT_LE(degraded * kOneIn, judged);
}

// A target at the end of what it can do: the line before it grows for as long as the run goes on, on whichever side of
// the connections.
TEST_F(VerdictTwins, ATargetThatCannotDoMoreIsNoDistortion) {
  for (std::uint64_t seed = 1; seed <= kSeeds / 10; ++seed) {
    Dice dice(seed);
    Scene scene = choose_scene(dice);
    scene.load = dice.once_in(2) ? "static 2000/s 5s" : "ramp 500..3000/s 5s";
    scene.slots = std::size_t(dice.between(1, 40));
    const double capacity = 2000 * (0.6 + 0.6 * double(dice.between(0, 1000)) / 1000);
    scene.mean = Duration(std::int64_t(1e9 * double(scene.slots) / capacity));
    dice.say("slots", scene.slots);
    dice.say("mean", scene.mean);
    const Seen seen = see(scene, nullptr, seed);
    EXPECT_EQ(seen.summary.verdict.status, VerdictStatus::valid)
        << "seed " << seed << " " << dice.said() << testing::PrintToString(seen.summary.verdict.reasons);
    EXPECT_GT(seen.summary.load.started, 0U);
  }
}

// The user allows few connections: what waits for one waits for the target, and for that limit.
TEST_F(VerdictTwins, AFullPoolIsNoDistortion) {
  for (std::uint64_t seed = 1; seed <= kSeeds / 4; ++seed) {
    Dice dice(seed);
    Scene scene = choose_scene(dice);
    scene.mean = dice.micros(25'000, 600'000);
    scene.connections = dice.between(1, dice.once_in(2) ? 60 : 600);
    const Seen seen = see(scene, nullptr, seed);
    EXPECT_EQ(seen.summary.verdict.status, VerdictStatus::valid)
        << "seed " << seed << " " << scene.connections << " " << dice.said()
        << testing::PrintToString(seen.summary.verdict.reasons);
    EXPECT_GT(seen.summary.load.started, 0U);
  }
}

// Ten connections to a target that takes 100 ms serve a tenth of what is asked. The rest waits for one until its time
// is nearly over, and runs out of it on the connection.
TEST_F(VerdictTwins, WhoRunsOutOfTimeInTheLineIsNoDistortion) {
  const Seen seen = see({.load = "static 1000/s 2s", .mean = 100ms, .connections = 10, .timeout = 500ms}, nullptr, 1);
  EXPECT_GT(seen.summary.load.failed, 1'500U);
  EXPECT_EQ(seen.summary.verdict.status, VerdictStatus::valid) << testing::PrintToString(seen.summary.verdict.reasons);
}

}  // namespace
}  // namespace vajrapulse::simulation
