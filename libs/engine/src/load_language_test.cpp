#include "vajrapulse/engine/load_language.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "vajrapulse/base/random.hpp"

namespace vajrapulse::engine {
namespace {

using namespace std::chrono_literals;

std::shared_ptr<const LoadPattern> load(std::string_view text) {
  auto pattern = parse_load(text);
  EXPECT_TRUE(pattern.has_value()) << text << ": " << pattern.error().text();
  return *pattern;
}

std::string error_of(std::string_view text) {
  const auto pattern = parse_load(text);
  return pattern ? "no error" : pattern.error().text();
}

TEST(LoadLanguage, TotalsAreExact) {
  EXPECT_EQ(load("static 1000/s 10m")->arrivals_before(10min), 600'000U);
  EXPECT_EQ(load("static 0.1/s 10s")->arrivals_before(10s), 1U);
  EXPECT_EQ(load("static 0.3/s 10s")->arrivals_before(10s), 3U);
  EXPECT_EQ(load("static 0.1/s 10s")->arrivals_before(10s + 0ns), 1U);
  EXPECT_EQ(load("static 0.1/s 11s")->arrivals_before(10s + 1ns), 2U);
  EXPECT_EQ(load("ramp 0..1000/s 10s")->arrivals_before(10s), 5'000U);
  EXPECT_EQ(load("ramp 1000..0/s 10s")->arrivals_before(10s), 5'000U);
  EXPECT_EQ(load("ramp 0..1000/s 1s, hold 5s, ramp 0 1s")->arrivals_before(7s), 6'000U);
  EXPECT_EQ(load("ramp 0..1/s 1s")->arrivals_before(1s), 1U);  // ⌈0.5⌉
  EXPECT_EQ(load("static 1000000000/s 366h")->arrivals_before(366h), 1'317'600'000'000'000U);
  EXPECT_EQ(load("static 20000/s")->arrivals_before(10s), 200'000U);
}

TEST(LoadLanguage, NothingIsBeforeTheStartAndTheFirstIsAtZero) {
  EXPECT_EQ(load("static 5/s 1s")->arrivals_before(0s), 0U);
  EXPECT_EQ(load("static 5/s 1s")->arrivals_before(1ns), 1U);
  EXPECT_EQ(load("static 5/s 1s")->start_of(0), Duration::zero());
  EXPECT_EQ(load("static 5/s 1s")->start_of(4), 800ms);
  EXPECT_FALSE(load("static 5/s 1s")->start_of(5));
}

TEST(LoadLanguage, RampStartsFollowTheSquareRoot) {
  // Λ(t) = 50 t²: arrival k at √(k/50) seconds.
  const auto ramp = load("ramp 0..1000/s 10s");
  EXPECT_EQ(ramp->start_of(0), Duration::zero());
  EXPECT_EQ(ramp->start_of(50), 1s);
  EXPECT_EQ(ramp->start_of(200), 2s);
  EXPECT_EQ(ramp->start_of(100), 1414213562ns);  // √2
  EXPECT_EQ(ramp->start_of(1), 141421356ns);     // √0.02 = 0.14142135623…
  // The mirror image: from the end, √((5000 − k)/50).
  const auto down = load("ramp 1000..0/s 10s");
  EXPECT_EQ(down->start_of(4950), 9s);
  EXPECT_EQ(down->start_of(4999), 9858578643ns);  // 10 − 0.14142135623…, rounded down
}

TEST(LoadLanguage, AStretchOfZeroDelaysWhatFollows) {
  const auto pattern = load("static 0/s 5s, static 2/s 5s");
  EXPECT_EQ(pattern->start_of(0), 5s);
  EXPECT_EQ(pattern->arrivals_before(5s), 0U);
  EXPECT_EQ(pattern->arrivals_before(10s), 10U);
  EXPECT_EQ(pattern->inverse(0.5), 5s + 250ms);
}

/// For every arrival k: it is not before its start, and it is before one nanosecond later.
void expect_inverse_fits_forward(const LoadPattern& pattern, std::uint64_t k) {
  const auto start = pattern.start_of(k);
  ASSERT_TRUE(start) << pattern.text() << " k=" << k;
  EXPECT_LE(pattern.arrivals_before(*start), k) << pattern.text() << " k=" << k;
  EXPECT_GT(pattern.arrivals_before(*start + 1ns), k) << pattern.text() << " k=" << k;
}

TEST(LoadLanguage, InverseFitsForwardForManyPatterns) {
  Random random(20260101);
  int checked = 0;
  for (int trial = 0; trial < 300; ++trial) {
    std::string text;
    const std::uint64_t stages = 1 + random.below(4);
    // From one in a day to a hundred million a second, from microseconds to a year.
    const auto rate = [&] { return std::to_string(std::exp(random.uniform() * 30 - 11.5)); };
    const auto time = [&] { return std::to_string(std::uint64_t(std::exp(random.uniform() * 31))) + "us"; };
    for (std::uint64_t i = 0; i < stages; ++i) {
      if (i > 0) text += ", ";
      if (random.below(3) == 0) {
        text += "static " + rate() + "/s " + time();
      } else {
        text += "ramp " + (random.below(5) == 0 ? "0" : rate()) + ".." + rate() + "/s " + time();
      }
    }
    const auto parsed = parse_load(text);
    if (!parsed) continue;  // a rate that rounds to zero
    const LoadPattern& pattern = **parsed;
    const std::uint64_t total = pattern.arrivals_before(*pattern.length());
    if (total == 0) continue;
    for (const std::uint64_t k : {std::uint64_t{0}, total / 3, total / 2, total - 1})
      expect_inverse_fits_forward(pattern, k);
    for (int i = 0; i < 20; ++i)
      expect_inverse_fits_forward(pattern, random.below(total));
    EXPECT_FALSE(pattern.start_of(total));
    ++checked;
  }
  EXPECT_GT(checked, 200);
}

TEST(LoadLanguage, HugeRampsStayExact) {
  const auto pattern = load("ramp 0..1000000000/s 8000h");
  const std::uint64_t total = pattern->arrivals_before(8000h);
  EXPECT_EQ(total, 14'400'000'000'000'000U);  // 10^9/2 · 28.8·10^6 s
  expect_inverse_fits_forward(*pattern, total - 1);
  expect_inverse_fits_forward(*pattern, total / 7);
}

TEST(LoadLanguage, InverseOfRealNumbersAgreesWithStarts) {
  const auto pattern = load("ramp 5..800/s 7s, static 800/s 3s, ramp 0 9s");
  for (std::uint64_t k = 0; k < pattern->arrivals_before(19s); k += 13) {
    const auto at = pattern->inverse(double(k));
    ASSERT_TRUE(at);
    EXPECT_NEAR(double(at->count()), double(pattern->start_of(k)->count()), 2.0) << k;
  }
  EXPECT_FALSE(pattern->inverse(1e9));
}

TEST(LoadLanguage, RatesFollowThePattern) {
  const auto pattern = load("ramp 0..1000/s 10s, hold 30s, ramp 0 10s");
  EXPECT_DOUBLE_EQ(pattern->rate_at(0s), 0);
  EXPECT_DOUBLE_EQ(pattern->rate_at(5s), 500);
  EXPECT_DOUBLE_EQ(pattern->rate_at(20s), 1000);
  EXPECT_DOUBLE_EQ(pattern->rate_at(45s), 500);
  EXPECT_DOUBLE_EQ(pattern->rate_at(51s), 0);
  EXPECT_DOUBLE_EQ(pattern->highest_rate(), 1000);
  EXPECT_DOUBLE_EQ(pattern->expected_before(5s), 1250);
  EXPECT_EQ(pattern->length(), 50s);
}

TEST(LoadLanguage, SaysItselfInItsOwnWords) {
  for (const char* text :
       {"static 1000/s 10m", "static 0.1/s", "ramp 0..1000/s 10s, hold 30s", "step 100/s 30s 200/s 1m 500/s",
        "sine 1000/s ± 300 period 1m for 10m", "sine 10/s ± 0.5 period 1.5s",
        "spike 1000/s to 5000/s every 1m for 10s, 5m", "spike 1000/s to 5000/s every 1m", "spike 1000/s to 5000/s 5m",
        "spike 1000/s to 0/s for 10s, 5m", "ramp 0..9/s 1s, hold + static 1/s 5s + sine 2/s ± 1 period 3s"})
    EXPECT_EQ(load(text)->text(), text);
  EXPECT_EQ(load("  static   90/m 1m,hold ")->text(), "static 1.5/s 1m, hold");
  EXPECT_FALSE(load("static 7/s")->length());
}

TEST(LoadLanguage, ErrorsNamePlaceCauseAndCure) {
  EXPECT_EQ(error_of(""),
            "at character 1: a load is missing here; write static, ramp, hold, step, sine or spike; for example: ramp "
            "0..1000/s 10s, hold 30s");
  EXPECT_EQ(error_of("static 5/s 1s, wobble 3"),
            "at character 16: 'wobble' is not a load; write static, ramp, hold, step, sine or spike; for example: ramp "
            "0..1000/s 10s, hold 30s");
  EXPECT_EQ(error_of("ramp 0..1000/s 10x"),
            "at character 16: '10x' is not a time; write a number and its unit: 500ms, 30s, 10m, 1h");
  EXPECT_EQ(
      error_of("ramp 0..many/s 10s"),
      "at character 6: '0..many/s' is not a rate; write a number per second, minute or hour: 1000/s, 90/m, 0.5/s");
  EXPECT_EQ(error_of("ramp 5/s 1s"),
            "at character 6: '5/s' says only where the ramp ends; say both ends: ramp 0..5/s 30s");
  EXPECT_EQ(error_of("hold 5m"),
            "at character 1: 'hold' has no rate before it to go on with; begin with static or ramp, for example: "
            "static 1000/s 5m");
  EXPECT_EQ(error_of("ramp 0..5/s"), "at character 12: ramp needs a time; say how long it takes: ramp 0..5/s 30s");
  EXPECT_EQ(error_of("static 5/s, hold 5m"),
            "at character 11: a time is missing; only the last load may go on for ever; say how long this one lasts, "
            "such as 30s");
  EXPECT_EQ(error_of("static 5/s 1s 2s"),
            "at character 15: '2s' is one word too many; separate loads by a comma, as in: static 10/s 1m, hold 5m");
  EXPECT_EQ(error_of("static 5/s 0s"), "at character 12: '0s' is no time at all; give a time above zero, such as 30s");
  EXPECT_EQ(error_of("static 0/s 5s"),
            "at character 1: this load never starts anything; give a rate above zero, for example: static 1000/s 10m");
  EXPECT_EQ(error_of("static 2000000000/s"),
            "at character 8: '2000000000/s' is too fast; the highest rate is 1000000000/s");
}

TEST(LoadLanguage, SinesOfWholePeriodsAreTheirMeanToTheLastArrival) {
  const auto sine = load("sine 1000/s ± 300 period 1m for 10m");
  EXPECT_EQ(sine->arrivals_before(10min), 600'000U);
  for (int minutes = 1; minutes < 10; ++minutes) {
    EXPECT_EQ(sine->arrivals_before(minutes * 1min), std::uint64_t(minutes) * 60'000U);
    EXPECT_EQ(sine->arrivals_before(minutes * 1min + 1ns), std::uint64_t(minutes) * 60'000U + 1);
  }
  // 30,000 + 300·60/π and 15,000 + 300·60/2π
  EXPECT_EQ(sine->arrivals_before(30s), 35'730U);
  EXPECT_EQ(sine->arrivals_before(15s), 17'865U);
  EXPECT_EQ(load("sine 0.1/s +- 0.1 period 7s for 70s")->arrivals_before(70s), 7U);
  EXPECT_EQ(load("sine 1000000000/s ± 0 period 366d for 366d")->arrivals_before(24h * 366), 31'622'400'000'000'000U);
  EXPECT_EQ(load("sine 500000000/s ± 500000000 period 3ns for 366d")->arrivals_before(24h * 366),
            15'811'200'000'000'000U);
}

// From mpmath, with 50 digits: mean·t + amplitude·period/2π·(1 − cos 2πt/period) = k.
TEST(LoadLanguage, SineStartsAreThoseOfTheExactIntegral) {
  const auto sine = load("sine 1000/s ± 300 period 1m for 10m");
  EXPECT_EQ(sine->start_of(0), 0ns);
  EXPECT_EQ(sine->start_of(1), 999'984ns);
  EXPECT_EQ(sine->start_of(20'000), 16'644'342'497ns);
  EXPECT_EQ(sine->start_of(35'000), 29'278'593'025ns);
  EXPECT_EQ(sine->start_of(60'000), 1min);
  EXPECT_EQ(load("sine 500/s ± 500 period 1s")->start_of(460), 869'235'728ns);
  EXPECT_EQ(load("sine 500000000/s ± 500000000 period 366d")->start_of(5'000'000'000'000'000), 6'425'753'352'373'607ns);
}

TEST(LoadLanguage, SpikesStandInTheMiddleOfTheirInterval) {
  const auto spikes = load("spike 1000/s to 5000/s every 1m for 10s, 5m");
  EXPECT_EQ(spikes->length(), 5min);
  EXPECT_EQ(spikes->arrivals_before(5min), 5 * (50 * 1000U + 10 * 5000U));
  EXPECT_DOUBLE_EQ(spikes->rate_at(25s - 1ns), 1000);
  EXPECT_DOUBLE_EQ(spikes->rate_at(25s), 5000);
  EXPECT_DOUBLE_EQ(spikes->rate_at(35s - 1ns), 5000);
  EXPECT_DOUBLE_EQ(spikes->rate_at(35s), 1000);
  EXPECT_DOUBLE_EQ(spikes->rate_at(4min + 30s), 5000);
  EXPECT_EQ(spikes->start_of(25'000), 25s);
  EXPECT_EQ(spikes->start_of(25'005), 25s + 1ms);
  EXPECT_EQ(spikes->start_of(100'000), 1min);
}

TEST(LoadLanguage, OneSpikeTakesTheMiddleTenth) {
  const auto spike = load("spike 100/s to 1000/s 100s");
  EXPECT_EQ(spike->arrivals_before(100s), 90 * 100U + 10 * 1000U);
  EXPECT_DOUBLE_EQ(spike->rate_at(45s - 1ns), 100);
  EXPECT_DOUBLE_EQ(spike->rate_at(45s), 1000);
  EXPECT_DOUBLE_EQ(spike->rate_at(55s), 100);
  EXPECT_EQ(load("spike 100/s to 1000/s for 20s, 100s")->arrivals_before(100s), 80 * 100U + 20 * 1000U);
  EXPECT_EQ(load("spike 100/s to 1000/s every 10s")->arrivals_before(20s), 18 * 100U + 2 * 1000U);
}

TEST(LoadLanguage, StepsAreLevelsOneAfterAnother) {
  const auto steps = load("step 100/s 30s 200/s 1m 500/s 30s");
  EXPECT_EQ(steps->arrivals_before(2min), 3'000U + 12'000U + 15'000U);
  EXPECT_EQ(steps->start_of(3'000), 30s);
  EXPECT_EQ(steps->start_of(3'001), 30s + 5ms);
  EXPECT_FALSE(load("step 100/s 30s 200/s")->length());
  EXPECT_EQ(load("step 100/s 30s 200/s 30s, hold 10s")->arrivals_before(70s), 3'000U + 6'000U + 2'000U);
}

TEST(LoadLanguage, SumsAddWhatRunsAtTheSameTime) {
  const auto sum = load("static 100/s 10s + ramp 0..100/s 20s + static 1/s 5s");
  EXPECT_EQ(sum->length(), 20s);
  EXPECT_EQ(sum->arrivals_before(20s), 1'000U + 1'000U + 5U);
  EXPECT_DOUBLE_EQ(sum->rate_at(0s), 101);
  EXPECT_DOUBLE_EQ(sum->rate_at(10s), 50);
  EXPECT_FALSE(load("static 1/s 5s + static 2/s")->length());
  // Two levels are one: no arrival of a sum coincides with another by chance.
  const auto levels = load("static 300/s 1s + static 700/s 1s");
  for (std::uint64_t k = 0; k < 1'000; ++k)
    EXPECT_EQ(levels->start_of(k), k * 1ms);
  EXPECT_EQ(levels->even_from(0)->end, 1'000U);
}

TEST(LoadLanguage, HoldAndRampGoOnFromWhereAnyLoadEnded) {
  EXPECT_EQ(load("sine 100/s ± 50 period 10s for 20s, hold 10s")->arrivals_before(30s), 2'000U + 1'000U);
  EXPECT_EQ(load("spike 100/s to 900/s every 10s for 1s, 10s, hold 10s")->arrivals_before(20s), 1'800U + 1'000U);
  EXPECT_EQ(load("step 10/s 10s 30/s 10s, ramp 0 10s")->arrivals_before(30s), 100U + 300U + 150U);
}

TEST(LoadLanguage, PlusMinusMayBeTypedOnAnyKeyboard) {
  for (const char* text : {"sine 9/s ± 3 period 1m", "sine 9/s +- 3 period 1m", "sine 9/s +/- 3/s period 60s",
                           "sine 9/s±3 period 1m", "sine 9/s+-3 period 1m", "sine 540/m +/- 180 period 1m"})
    EXPECT_EQ(load(text)->text(), "sine 9/s ± 3 period 1m");
  EXPECT_EQ(load("static 1/s+static 2/s")->text(), "static 1/s + static 2/s");
}

TEST(LoadLanguage, InverseFitsForwardForCurvesAndSums) {
  Random random(20260102);
  int checked = 0;
  const auto rate = [&] { return std::exp(random.uniform() * 27 - 8); };  // one in an hour to 10^8/s
  const auto time = [&] { return std::to_string(std::uint64_t(1000 + std::exp(random.uniform() * 37))) + "ns"; };
  const auto stage = [&]() -> std::string {
    switch (random.below(4)) {
      case 0: return "static " + std::to_string(rate()) + "/s " + time();
      case 1: return "ramp " + std::to_string(rate()) + ".." + std::to_string(rate()) + "/s " + time();
      case 2: {
        const double mean = rate();
        const double swing = random.below(3) == 0 ? mean : mean * random.uniform();
        return "sine " + std::to_string(mean) + "/s ± " + std::to_string(swing) + " period " + time() + " for " +
               time();
      }
      default:
        return "spike " + std::to_string(random.below(3) == 0 ? 0.0 : rate()) + "/s to " + std::to_string(rate()) +
               "/s every " + time() + ", " + time();
    }
  };
  for (int trial = 0; trial < 1'000; ++trial) {
    std::string text = stage();
    for (std::uint64_t i = random.below(4); i > 0; --i)
      text += (random.below(2) == 0 ? " + " : ", ") + stage();
    const auto parsed = parse_load(text);
    if (!parsed) continue;  // too long or too fast in all
    const LoadPattern& pattern = **parsed;
    const std::uint64_t total = pattern.arrivals_before(*pattern.length());
    for (int i = 0; i < 24; ++i) {
      const std::uint64_t k = i == 0 ? 0 : i == 1 ? total - 1 : random.below(total);
      expect_inverse_fits_forward(pattern, k);
      const auto even = pattern.even_from(k);
      ASSERT_TRUE(even && even->end > k && even->remainder < even->modulus) << text;
      if (i % 2 == 0) continue;
      // Λ never falls, and never by more than the highest rate allows.
      const Duration at = *pattern.start_of(k);
      EXPECT_LE(pattern.arrivals_before(at), pattern.arrivals_before(at + 1ns)) << text;
      EXPECT_GE(pattern.arrivals_before(at), pattern.arrivals_before(std::max(at - 1ns, Duration{}))) << text;
    }
    EXPECT_FALSE(pattern.start_of(total)) << text;
    ++checked;
  }
  EXPECT_GT(checked, 700);
}

TEST(LoadLanguage, EvenStretchesEndWhereTheLevelDoes) {
  const auto pattern = load("step 100/s 1s 300/s 1s, spike 300/s to 900/s every 1s for 200ms, 2s");
  EXPECT_EQ(pattern->even_from(0)->end, 100U);
  EXPECT_EQ(pattern->even_from(100)->end, 400U);
  EXPECT_EQ(pattern->even_from(400)->end, 400 + 120U);  // to the first spike
  EXPECT_EQ(pattern->even_from(520)->end, 520 + 180U);  // it
  EXPECT_EQ(pattern->even_from(700)->end, 700 + 240U);  // to the next
  EXPECT_EQ(pattern->even_from(1'119)->end, 940 + 180U);
  EXPECT_EQ(load("ramp 0..100/s 1s")->even_from(7)->end, 8U);  // a moving rate: each alone
}

TEST(LoadLanguage, ErrorsOfStepSineSpikeAndSum) {
  EXPECT_EQ(error_of("step"),
            "at character 5: step needs rates and times; for example: step 100/s 30s 200/s 1m 500/s 30s");
  EXPECT_EQ(error_of("step 100/s 200/s"),
            "at character 12: '200/s' is not a time; write a number and its unit: 500ms, 30s, 10m, 1h");
  EXPECT_EQ(
      error_of("sine 100/s 30"),
      "at character 12: '30' stands where sine needs ± (or +-) and how far it swings; for example: sine 1000/s ± 300 "
      "period 1m for 10m");
  EXPECT_EQ(error_of("sine 100/s ± 101 period 1m"),
            "at character 14: '101' swings below nothing from a mean of 100/s; swing by at most 100");
  EXPECT_EQ(error_of("sine 600000000/s ± 500000000 period 1m"),
            "at character 20: '500000000' makes it too fast; the highest rate is 1000000000/s");
  EXPECT_EQ(error_of("sine 100/s ± 50 period 400d"), "at character 24: '400d' is too long; stay within 366 days");
  EXPECT_EQ(error_of("sine 100/s ± 50 period 1m 10m"), "at character 27: '10m' lacks its 'for'; write: for 10m");
  EXPECT_EQ(error_of("spike 10/s to 50/s"),
            "at character 19: a single spike needs to know how long the load is; say so, as in: spike 1000/s to 5000/s "
            "5m; or "
            "repeat it: spike 1000/s to 5000/s every 1m for 10s");
  EXPECT_EQ(error_of("spike 10/s to 50/s every 10s for 11s, 1m"),
            "at character 34: '11s' is longer than the 10s it is to fit into; for example: spike 1000/s to 5000/s "
            "every 1m for "
            "10s, 5m");
  EXPECT_EQ(
      error_of("static 10/s 1m, 5m"),
      "at character 17: '5m' stands alone; only a spike's length follows a comma; for example: spike 1000/s to 5000/s "
      "every 1m for 10s, 5m");
  EXPECT_EQ(error_of("spike 10/s to 50/s 9ns"),
            "at character 1: there is no room for a spike; give it 10ns at least to be a tenth of");
  EXPECT_EQ(error_of("static 10/s 1m +"),
            "at character 17: a load is missing here; write static, ramp, hold, step, sine or spike; for example: ramp "
            "0..1000/s 10s, hold 30s");
  EXPECT_EQ(error_of("static 600000000/s + static 600000000/s"),
            "at character 20: with this part the load is too fast; the highest rate is 1000000000/s in all");
}

}  // namespace
}  // namespace vajrapulse::engine
