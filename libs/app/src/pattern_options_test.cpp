#include "vajrapulse/app/pattern_options.hpp"

#include <gtest/gtest.h>

#include <string>

#include "vajrapulse/app/load_sketch.hpp"
#include "vajrapulse/app/run_options.hpp"

namespace vajrapulse::app {
namespace {

using namespace std::chrono_literals;

std::string made(const PatternOptions& options, const std::string& tps = "", const std::string& duration = "") {
  const auto load = engine::load_of(options, tps, duration, engine::KeySpelling::flags);
  return load ? *load : load.error().text();
}

TEST(PatternOptions, EachPatternIsSugarForALoad) {
  EXPECT_EQ(made({}), "");
  EXPECT_EQ(made({}, "100", "5s"), "");
  EXPECT_EQ(made({.pattern = "static"}, "90/m", "5s"), "static 1.5/s");
  EXPECT_EQ(made({.pattern = "ramp"}, "100", "1m"), "ramp 0..100/s 1m");
  EXPECT_EQ(made({.pattern = "ramp", .from_tps = "10", .to_tps = "100", .ramp_duration = "30s"}), "ramp 10..100/s 30s");
  EXPECT_EQ(made({.pattern = "ramp-sustain", .ramp_duration = "1m", .sustain_duration = "5m"}, "1000"),
            "ramp 0..1000/s 1m, hold 5m");
  EXPECT_EQ(made({.pattern = "ramp-sustain", .ramp_duration = "1m"}, "1000", "5m"), "ramp 0..1000/s 1m, hold 4m");
  EXPECT_EQ(made({.pattern = "ramp-down", .from_tps = "1000"}, "", "1m"), "ramp 1000..0/s 1m");
  EXPECT_EQ(made({.pattern = "step", .steps = "100:30s,200:1m,500:30s"}), "step 100/s 30s 200/s 1m 500/s 30s");
  EXPECT_EQ(made({.pattern = "sine", .mean = "1000", .amplitude = "300", .period = "1m"}, "", "5m"),
            "sine 1000/s ± 300/s period 1m");
  EXPECT_EQ(made({.pattern = "spike", .base_rate = "1000", .spike_rate = "5000"}, "", "5m"),
            "spike 1000/s to 5000/s 5m");
  EXPECT_EQ(made({.pattern = "spike", .base_rate = "10", .spike_rate = "50", .spike_duration = "9s"}, "", "5m"),
            "spike 10/s to 50/s for 9s, 5m");
  EXPECT_EQ(
      made({.pattern = "spike", .base_rate = "10", .spike_rate = "50", .spike_interval = "1m", .spike_duration = "9s"}),
      "spike 10/s to 50/s every 1m for 9s");
}

TEST(PatternOptions, WhatFitsNoPatternNamesFlagValueAndExample) {
  EXPECT_EQ(
      made({.from_tps = "10"}),
      "--from-tps 10 belongs to --pattern ramp, ramp-sustain or ramp-down, and no --pattern is given; for example: "
      "--pattern ramp --tps 1000 --duration 1m");
  EXPECT_EQ(
      made({.pattern = "step", .steps = "1:1s"}, "10"),
      "--tps 10 means nothing to --pattern step, only to static, ramp or ramp-sustain; for example: --pattern step "
      "--steps 100:30s,200:1m,500:30s");
  EXPECT_EQ(
      made({.pattern = "ramp-dwn"}),
      "--pattern ramp-dwn is unknown; did you mean ramp-down? there are: static, ramp, ramp-sustain, ramp-down, step, "
      "sine, spike");
}

TEST(PatternOptions, WhatIsMissingIsNamed) {
  EXPECT_EQ(made({.pattern = "sine", .mean = "10", .period = "1m"}),
            "--pattern sine lacks its --amplitude; for example: --pattern sine --mean 1000 --amplitude 300 --period 1m "
            "--duration 10m");
  EXPECT_TRUE(made({.pattern = "static"}).starts_with("--pattern static lacks its --tps; for example"));
  EXPECT_TRUE(made({.pattern = "ramp"}, "5").starts_with("--pattern ramp lacks its --duration; for example"));
  EXPECT_TRUE(made({.pattern = "ramp"}, "", "5s").starts_with("--pattern ramp lacks its --tps; for example"));
  EXPECT_TRUE(made({.pattern = "ramp-sustain", .ramp_duration = "5s"}, "5")
                  .starts_with("--pattern ramp-sustain lacks its --sustain-duration"));
  EXPECT_TRUE(made({.pattern = "spike", .base_rate = "1", .spike_rate = "2"})
                  .starts_with("--pattern spike lacks its --duration, or a --spike-interval"));
}

TEST(PatternOptions, WhatContradictsIsNamed) {
  EXPECT_TRUE(
      made({.pattern = "ramp", .from_tps = "10"}, "5", "1m").starts_with("--tps 5 is not above where the ramp"));
  EXPECT_TRUE(made({.pattern = "ramp", .to_tps = "10"}, "5", "1m").starts_with("--tps 5 and --to-tps 10 both say"));
  EXPECT_TRUE(made({.pattern = "ramp", .ramp_duration = "10s"}, "5", "1m")
                  .starts_with("--ramp-duration 10s and --duration 1m both say"));
  EXPECT_TRUE(made({.pattern = "ramp-sustain", .ramp_duration = "10s"}, "5", "10s").starts_with("--duration 10s ends"));
  EXPECT_TRUE(made({.pattern = "ramp-down", .from_tps = "5", .to_tps = "5"}, "", "1m")
                  .starts_with("--from-tps 5 does not fall to 5/s"));
  EXPECT_TRUE(made({.pattern = "sine", .mean = "5", .amplitude = "6", .period = "1m"})
                  .starts_with("--amplitude 6 swings below nothing from --mean 5"));
  EXPECT_TRUE(
      made({.pattern = "spike", .base_rate = "5", .spike_rate = "6", .spike_interval = "1s", .spike_duration = "2s"})
          .starts_with("--spike-duration 2s does not fit into --spike-interval 1s"));
  EXPECT_TRUE(made({.pattern = "spike", .base_rate = "5", .spike_rate = "5"}, "", "1m")
                  .starts_with("--spike-rate 5 is no spike: --base-rate 5"));
}

TEST(PatternOptions, WhatIsOutOfRangeIsNamed) {
  EXPECT_EQ(made({.pattern = "ramp", .from_tps = "0"}, "1000000001", "1m"),
            "--tps 1000000001 is out of range; give 0 to 1000000000 a second, for example --tps 1000");
  EXPECT_TRUE(made({.pattern = "static"}, "0").starts_with("--tps 0 is out of range; give a rate above 0"));
  EXPECT_EQ(made({.pattern = "sine", .mean = "5", .amplitude = "1", .period = "367d"}),
            "--period 367d is out of range; give a time above zero, up to 366 days, for example --period 1m");
  EXPECT_TRUE(made({.pattern = "sine", .mean = "5", .amplitude = "many", .period = "1m"})
                  .starts_with("--amplitude many: 'many' is no rate"));
  EXPECT_TRUE(made({.pattern = "sine", .mean = "600000000", .amplitude = "500000000", .period = "1m"})
                  .starts_with("--amplitude 500000000 swings above 1000000000/s from --mean 600000000"));
  EXPECT_EQ(
      made({.pattern = "step", .steps = "100:30s,200"}),
      "--steps 100:30s,200: step 2, '200', is not RATE:TIME with up to 1000000000 a second and up to 366 days; for "
      "example: --pattern step --steps 100:30s,200:1m,500:30s");
  EXPECT_TRUE(made({.pattern = "step", .steps = "1:300d,1:300d"}).find("makes the load longer than 366 days") !=
              std::string::npos);
  EXPECT_TRUE(made({.pattern = "step", .steps = "1:1s,"}).find("step 2, ''") != std::string::npos);
  EXPECT_TRUE(made({.pattern = "step", .steps = "0:1s"}).find("never starts anything") != std::string::npos);
}

TEST(PatternOptions, PatternsReachTheLoad) {
  const auto load =
      make_load({.duration = "5m", .pattern = {.pattern = "spike", .base_rate = "10", .spike_rate = "50"}});
  ASSERT_TRUE(load) << load.error().text();
  EXPECT_EQ(load->text, "spike 10/s to 50/s 5m");
  EXPECT_EQ(load->duration, 5min);
  EXPECT_TRUE(load->notes.empty());
  const auto both = make_load({.closed = {.users = "3"}, .pattern = {.pattern = "static"}});
  ASSERT_FALSE(both);
  EXPECT_TRUE(both.error().text().starts_with("--pattern static and --users 3 exclude each other"));
}

std::string fact(const LoadOptions& options, const std::string& name, std::optional<std::uint64_t> seed = {}) {
  const auto load = make_load(options);
  EXPECT_TRUE(load) << load.error().text();
  for (const auto& [label, value] : sketch_of(*load, seed).facts)
    if (label == name) return value;
  return "";
}

TEST(LoadSketch, CountsWhatTheLoadComesTo) {
  EXPECT_EQ(fact({.load = "ramp 0..1000/s 1m, hold 5m"}, "iterations"), "330,000");
  EXPECT_EQ(fact({.load = "ramp 0..1000/s 1m, hold 5m"}, "peak"), "1,000/s");
  EXPECT_EQ(fact({.tps = "100"}, "iterations"), "1,000");
  EXPECT_EQ(fact({.tps = "100", .iterations = 50}, "iterations"), "50");
  EXPECT_EQ(fact({.tps = "100", .iterations = 50}, "length"), "490.000001ms");
  EXPECT_EQ(fact({.load = "ramp 0..1000/s 10s", .duration = "5s"}, "iterations"), "1,250");
  EXPECT_EQ(fact({.load = "ramp 0..1000/s 10s", .duration = "5s"}, "peak").substr(0, 6), "about ");
}

TEST(LoadSketch, SaysOfPoissonArrivalsHowManyAreExpectedOrComeWithTheSeed) {
  EXPECT_EQ(fact({.tps = "1000", .arrivals = "poisson"}, "iterations"),
            "10,000 ± 100 (Poisson: one standard deviation)");
  EXPECT_TRUE(fact({.tps = "1000", .arrivals = "poisson"}, "iterations", 7).ends_with(" with seed 7"));
}

TEST(LoadSketch, SaysOfAnAdaptiveLoadARange) {
  const AdaptiveOptions plain{.on = true};
  // 5·(10 + 1·5) to 5·(10 + 20 + 30 + 40 + 50 + 60).
  EXPECT_EQ(fact({.duration = "30s", .adaptive = plain}, "iterations"), "75 to 1,050");
  EXPECT_EQ(fact({.duration = "30s", .adaptive = plain}, "ends at"), "1/s to 60/s");
  EXPECT_EQ(fact({.duration = "30s", .adaptive = {.on = true, .max_tps = "25"}}, "iterations"), "75 to 650");
  EXPECT_EQ(fact({.duration = "30s", .arrivals = "poisson", .adaptive = plain}, "iterations"),
            "75 to 1,050 expected (Poisson)");
  EXPECT_EQ(fact({.duration = "5s", .adaptive = plain}, "iterations"), "50") << "no decision in that";
  EXPECT_EQ(fact({.duration = "30s", .iterations = 500, .adaptive = plain}, "iterations"), "75 to 500");
  EXPECT_EQ(fact({.duration = "30s", .iterations = 60, .adaptive = plain}, "iterations"), "60");
  EXPECT_EQ(fact({.iterations = 60, .adaptive = plain}, "iterations"), "60");
  EXPECT_EQ(fact({.iterations = 60, .adaptive = plain}, "length"), "until they are done");
}

TEST(LoadSketch, SaysWhatComesBeforeAndAfterWhereItIsGiven) {
  const LoadOptions all{.tps = "10", .warmup = "5s", .cooldown = "2s", .drain_timeout = "3s", .force_timeout = "1s"};
  EXPECT_EQ(fact(all, "warm-up"), "5s before it, not counted");
  EXPECT_EQ(fact(all, "cool-down"), "2s after it, not counted");
  EXPECT_EQ(fact(all, "drain"), "up to 3s after the end, then 1s for what is cancelled");
  EXPECT_EQ(fact({.tps = "10", .drain_timeout = "3s"}, "drain"), "up to 3s after the end");
  EXPECT_EQ(fact({.tps = "10", .force_timeout = "1s"}, "drain"), "up to 1s for what is cancelled");
  for (const char* name : {"warm-up", "cool-down", "drain"})
    EXPECT_EQ(fact({.tps = "10"}, name), "") << name;
}

TEST(LoadSketch, SaysOfUsersARange) {
  EXPECT_TRUE(fact({.closed = {.users = "64"}, .duration = "30s"}, "iterations").starts_with("64 or more"));
  EXPECT_EQ(fact({.closed = {.users = "64"}, .iterations = 1000}, "iterations"), "1,000");
}

}  // namespace
}  // namespace vajrapulse::app
