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
  for (const char* text : {"static 1000/s 10m", "static 0.1/s", "ramp 0..1000/s 10s, hold 30s"})
    EXPECT_EQ(load(text)->text(), text);
  EXPECT_EQ(load("  static   90/m 1m,hold ")->text(), "static 1.5/s 1m, hold");
  EXPECT_FALSE(load("static 7/s")->length());
}

TEST(LoadLanguage, ErrorsNamePlaceCauseAndCure) {
  EXPECT_EQ(
      error_of(""),
      "at character 1: a load is missing here; write static, ramp, hold, step, sine or spike; for example: ramp 0..1000/s 10s, hold 30s");
  EXPECT_EQ(
      error_of("static 5/s 1s, wobble 3"),
      "at character 16: 'wobble' is not a load; write static, ramp, hold, step, sine or spike; for example: ramp 0..1000/s 10s, hold 30s");
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

}  // namespace
}  // namespace vajrapulse::engine
