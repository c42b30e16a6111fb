#include "verdict.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "vajrapulse/metrics/names.hpp"

namespace vajrapulse::engine {
namespace {

using namespace std::chrono_literals;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
namespace names = metrics::names;

/// A thousand iterations whose response times are known, less what the generator added.
class Case {
 public:
  Case() : recorder_(registry_, TimePoint{}) {}

  void responses(int count, Duration response, Duration lag) {
    const auto whole = registry_.histogram(names::kResponseTime);
    const auto less_lag = registry_.histogram(names::kResponseTimeLessLag);
    for (int i = 0; i < count; ++i) {
      recorder_.record(whole, response);
      recorder_.record(less_lag, response - lag);
    }
  }
  void turns(Duration busy) { recorder_.record(registry_.histogram(names::kGeneratorTurn), busy); }
  void error(ErrorKind kind, int times) {
    for (int i = 0; i < times; ++i)
      recorder_.error(kind, "task", "sample");
  }
  void responses_by_status(int count, Duration response, const std::string& status) {
    const auto id = registry_.histogram(names::kResponseTime, {{"status", status}});
    for (int i = 0; i < count; ++i)
      recorder_.record(id, response);
  }
  Verdict judge() {
    metrics::Snapshot snapshot;
    snapshot.add(*recorder_.swap(TimePoint{1s}, nullptr));
    return engine::judge({load, snapshot, generator, 10, clock_stepped, 1, slack}, {});
  }
  LoadCounts load{.target = 1000, .started = 1000, .succeeded = 1000};
  GeneratorFacts generator;
  Duration clock_stepped{};
  Duration slack{};

 private:
  metrics::Registry registry_;
  metrics::Recorder recorder_;
};

TEST(Verdict, NothingAddedIsValid) {
  Case run;
  run.responses(1000, 10ms, 0ms);
  const Verdict verdict = run.judge();
  EXPECT_EQ(verdict.status, VerdictStatus::valid);
  EXPECT_THAT(verdict.reasons, IsEmpty());
  EXPECT_EQ(verdict.generator_share[2], 0);
}

// A hundred values: 90 ended after 100 ms; ten had been under way for some time when they were cut off. What they
// would have taken can change a percentile only where it is above the youngest of them.
TEST(Verdict, PercentilesAreLowerBoundsFromTheYoungestInterruptedOn) {
  Case old;
  old.load.interrupted = 10;
  old.responses_by_status(90, 100ms, "success");
  old.responses_by_status(10, 5s, "interrupted");
  EXPECT_THAT(old.judge().notes, Contains(HasSubstr("percentiles above p90 are lower bounds")));

  Case young;
  young.load.interrupted = 10;
  young.responses_by_status(90, 100ms, "success");
  young.responses_by_status(9, 5s, "interrupted");
  young.responses_by_status(1, 1ms, "interrupted");
  EXPECT_THAT(young.judge().notes, Contains(HasSubstr("all percentiles are lower bounds")));
}

TEST(Verdict, AShareCountsOnlyWhenItIsLongToo) {
  struct Row {
    Duration response, lag;
    VerdictStatus status;
  };
  for (const Row& row : {Row{10ms, 2400us, VerdictStatus::degraded},  // 24 %, 2.4 ms
                         Row{10ms, 2700us, VerdictStatus::invalid},   // 27 %, 2.7 ms
                         Row{3ms, 1500us, VerdictStatus::degraded},   // 50 %, 1.5 ms
                         Row{500us, 400us, VerdictStatus::valid},     // 80 %, 0.4 ms
                         Row{100ms, 9ms, VerdictStatus::valid}}) {    // 9 %, 9 ms
    Case run;
    run.responses(1000, row.response, row.lag);
    EXPECT_EQ(run.judge().status, row.status) << to_ns(row.response) << " " << to_ns(row.lag);
  }
}

TEST(Verdict, ALongTurnIsTheGeneratorsOwnEvenWithoutLag) {
  Case run;
  run.responses(1000, 10ms, 0ms);
  run.turns(4ms);
  EXPECT_EQ(run.judge().status, VerdictStatus::invalid);
}

TEST(Verdict, MissedArrivals) {
  for (const auto& [missed, status] : {std::pair{1, VerdictStatus::valid}, std::pair{2, VerdictStatus::degraded},
                                       std::pair{10, VerdictStatus::degraded}, std::pair{11, VerdictStatus::invalid}}) {
    Case run;
    run.load.missed = std::uint64_t(missed);
    EXPECT_EQ(run.judge().status, status) << missed;
  }
}

TEST(Verdict, CausesAreNamed) {
  Case run;
  run.load.missed = 500;
  EXPECT_THAT(run.judge().reasons, Contains(HasSubstr("not seen")));
  run.generator.busiest_shard = 0.97;
  EXPECT_THAT(run.judge().reasons, Contains(HasSubstr("saturated (97 % busy)")));
  run.generator.host_wait_s = 1.5;
  run.generator.steal_s = 1.5;
  EXPECT_THAT(run.judge().reasons, Contains(HasSubstr("host took the processor away for 1.50 s")));
}

TEST(Verdict, SlackIsACauseWhereItExplainsTheLag) {
  const auto reasons = [](Duration slack, Duration lag, std::uint64_t missed) {
    Case run;
    run.slack = slack;
    run.load.missed = missed;
    run.responses(1000, 20ms, lag);
    return run.judge().reasons;
  };
  EXPECT_THAT(reasons(10ms, 10ms, 0), Contains(HasSubstr("up to 10ms late (--slack)")));
  EXPECT_THAT(reasons(200us, 10ms, 0), Not(Contains(HasSubstr("--slack")))) << "it may be 0.2 ms late, not 10";
  EXPECT_THAT(reasons(200us, 100us, 500), Not(Contains(HasSubstr("--slack")))) << "slack makes nothing missed";
  EXPECT_THAT(reasons(0ms, 10ms, 0), Not(Contains(HasSubstr("--slack"))));
}

TEST(Verdict, ExhaustedDescriptorsAreTheGeneratorsDoing) {
  Case run;
  run.error(ErrorKind{"no-file-descriptors"}, 20);
  const Verdict verdict = run.judge();
  EXPECT_EQ(verdict.status, VerdictStatus::invalid);
  EXPECT_THAT(verdict.reasons, Contains(HasSubstr("20 requests failed on this machine: it had no file descriptors")));
  EXPECT_THAT(verdict.reasons, Not(Contains(HasSubstr("local ports"))));
  EXPECT_THAT(verdict.reasons, Not(Contains(HasSubstr("not seen"))));
}

TEST(Verdict, LongTurnsAreACauseWhereTheHostIsNone) {
  Case run;
  run.responses(1000, 10ms, 4ms);
  run.turns(4ms);
  EXPECT_THAT(run.judge().reasons, Contains(HasSubstr("busy with one thing for up to 4.00 ms")));
  run.generator.host_wait_s = 1;
  EXPECT_THAT(run.judge().reasons, Not(Contains(HasSubstr("busy with one thing"))));
}

// An arrival every 10 ms: one falls into a turn of 20 ms, and its lag tells of it; a turn of 4 ms goes unnoticed.
TEST(Verdict, ATurnCountsByItselfOnlyWhereNoArrivalWouldTell) {
  for (const auto& [turn, status] : {std::pair{4ms, VerdictStatus::invalid}, std::pair{20ms, VerdictStatus::valid}}) {
    Case run;
    run.responses(1000, 10ms, 0ms);
    run.turns(turn);
    EXPECT_EQ(run.judge().status, status) << turn.count();
  }
}

TEST(Verdict, AClockThatWasSetIsANote) {
  Case run;
  run.clock_stepped = -3600s;
  const Verdict verdict = run.judge();
  EXPECT_EQ(verdict.status, VerdictStatus::valid);
  EXPECT_THAT(verdict.notes, Contains(HasSubstr("clock was set back by 1 h")));
}

TEST(Verdict, DropsAreNotedAndChangeNothing) {
  Case run;
  run.load.dropped_limit = 400;
  const Verdict verdict = run.judge();
  EXPECT_EQ(verdict.status, VerdictStatus::valid);
  EXPECT_THAT(verdict.notes, Contains(HasSubstr("400 arrivals were dropped")));
}

TEST(Verdict, TheTailGetsAFootnote) {
  Case run;
  run.responses(9980, 10ms, 0ms);
  run.responses(20, 500ms, 490ms);
  const Verdict verdict = run.judge();
  EXPECT_EQ(verdict.status, VerdictStatus::valid);
  EXPECT_THAT(verdict.notes, Contains(HasSubstr("p99.9")));
}

}  // namespace
}  // namespace vajrapulse::engine
