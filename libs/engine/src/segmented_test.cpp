#include "segmented.hpp"

#include <algorithm>
#include <span>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "vajrapulse/base/random.hpp"
#include "vajrapulse/engine/arrivals.hpp"
#include "vajrapulse/engine/load_language.hpp"

namespace vajrapulse::engine {
namespace {

using namespace std::chrono_literals;
using Kind = Segmented::Rate::Kind;
using Changed = std::shared_ptr<const Segmented>;

constexpr Segmented::Rate kPause{Kind::none, 0};
constexpr Segmented::Rate kAuto{Kind::follow, 1'000'000};
constexpr Segmented::Rate factor(std::uint64_t millionths) { return {Kind::follow, millionths}; }
constexpr Segmented::Rate hold(std::uint64_t per_second) { return {Kind::level, per_second * 1'000'000}; }

Changed load(std::string_view text) {
  auto pattern = parse_load(text);
  EXPECT_TRUE(pattern.has_value()) << pattern.error().text();
  return std::make_shared<Segmented>(*pattern);
}

TEST(Segmented, APauseShiftsWhatFollowsAndLosesNothing) {
  const Changed pattern = load("static 1000/s 10s")->changed(3s, kPause)->changed(6s, kAuto);
  EXPECT_EQ(pattern->start_of(2999), 2999ms);
  EXPECT_EQ(pattern->start_of(3000), 6s);
  EXPECT_EQ(pattern->start_of(9999), 12999ms);
  EXPECT_EQ(pattern->start_of(10'000), std::nullopt);
  EXPECT_EQ(pattern->arrivals_before(3s), 3000U);
  EXPECT_EQ(pattern->arrivals_before(6s), 3000U);
  EXPECT_EQ(pattern->arrivals_before(13s), 10'000U);
  EXPECT_EQ(pattern->length(), 13s);
  EXPECT_EQ(pattern->rate_at(4s), 0);
  EXPECT_EQ(pattern->rate_at(6s), 1000);
  EXPECT_EQ(pattern->even_from(5000)->start, 8s);
}

TEST(Segmented, WhileItWaitsNobodyKnowsItsEnd) {
  const Changed pattern = load("static 1000/s 10s")->changed(3s, kPause);
  EXPECT_EQ(pattern->length(), std::nullopt);
  EXPECT_EQ(pattern->start_of(3000), std::nullopt);
  EXPECT_EQ(pattern->inverse(3000.5), std::nullopt);
  EXPECT_EQ(pattern->arrivals_before(Duration::max()), 3000U);
}

TEST(Segmented, APauseWithinARampKeepsItsExactStarts) {
  // Λ = 50·t²: arrival k at √(k/50). Stopped at 2 s (k = 200) for 5 s.
  const Changed pattern = load("ramp 0..1000/s 10s")->changed(2s, kPause)->changed(7s, kAuto);
  EXPECT_EQ(pattern->start_of(200), 7s);
  EXPECT_EQ(pattern->start_of(450), 8s);            // √9 = 3 s of the ramp
  EXPECT_EQ(pattern->start_of(300), 7449489742ns);  // √6 = 2.449489742783…
  EXPECT_EQ(pattern->arrivals_before(15s), 5000U);
}

TEST(Segmented, AFactorScalesTheRateFromThereOn) {
  // 3 s at 1000/s, then 7 s at 1500/s.
  const Changed pattern = load("static 1000/s 10s")->changed(3s, factor(1'500'000));
  EXPECT_EQ(pattern->start_of(3000), 3s);
  EXPECT_EQ(pattern->start_of(3001), 3s + 666'666ns);
  EXPECT_EQ(pattern->start_of(3003), 3002ms);
  EXPECT_EQ(pattern->arrivals_before(10s), 13'500U);
  EXPECT_EQ(pattern->rate_at(5s), 1500);
  EXPECT_EQ(pattern->highest_rate(), 1500);
  ASSERT_TRUE(pattern->even_from(3000));
  EXPECT_EQ(pattern->even_from(3001)->start, 3s + 666'666ns);
}

TEST(Segmented, AFactorOfARamp) {
  // Λ(5 s) = 1250; then 1250 + 100·(t² − 25), so k = 1250 + 1100 at 6 s, and 8,750 by the end.
  const Changed pattern = load("ramp 0..1000/s 10s")->changed(5s, factor(2'000'000));
  EXPECT_EQ(pattern->start_of(1249), 4997999599ns);  // √24.98, of the ramp as it was
  EXPECT_EQ(pattern->start_of(2350), 6s);
  EXPECT_EQ(pattern->arrivals_before(10s), 8750U);
}

TEST(Segmented, AHeldRateLetsThePatternsTimeGoOn) {
  // A ramp held at 500/s from 2 to 4 s: 200 + 1000, and from there 50·(t² − 16) more.
  const Changed pattern = load("ramp 0..1000/s 10s")->changed(2s, hold(500))->changed(4s, kAuto);
  EXPECT_EQ(pattern->start_of(201), 2002ms);
  EXPECT_EQ(pattern->rate_at(3s), 500);
  EXPECT_EQ(pattern->rate_at(4s), 400);
  EXPECT_EQ(pattern->start_of(1200), 4s);
  EXPECT_EQ(pattern->start_of(1650), 5s);
  EXPECT_EQ(pattern->arrivals_before(10s), 5400U);
  EXPECT_EQ(pattern->length(), 10s);
}

TEST(Segmented, AChangeAtTheInstantOfTheLastOneReplacesIt) {
  const Changed pattern = load("static 1000/s 10s")->changed(3s, kPause)->changed(3s, kAuto);
  EXPECT_EQ(pattern->start_of(9999), 9999ms);
  EXPECT_EQ(pattern->arrivals_before(10s), 10'000U);
}

TEST(Segmented, DecimalRatesStayDecimalsAcrossChanges) {
  // 0.1/s: one arrival in ten seconds, however the ten are cut.
  Changed pattern = load("static 0.1/s 10s");
  for (Duration t = 1s; t < 19s; t += 2s)
    pattern = pattern->changed(t, kPause)->changed(t + 1s, kAuto);
  EXPECT_EQ(pattern->arrivals_before(19s), 1U);
  pattern = load("static 0.1/s 10s")->changed(3s, factor(2'000'000))->changed(6s, factor(500'000));
  EXPECT_EQ(pattern->arrivals_before(8s), 1U);  // 0.3 + 0.6 + 0.1
  EXPECT_EQ(pattern->arrivals_before(8s + 1ns), 2U);
}

/// The source through a keyhole: what a pattern is that counts in doubles only.
class Rough final : public LoadPattern {
 public:
  explicit Rough(std::shared_ptr<const LoadPattern> source) : source_(std::move(source)) {}
  [[nodiscard]] double rate_at(Duration t) const override { return source_->rate_at(t); }
  [[nodiscard]] std::uint64_t arrivals_before(Duration t) const override { return source_->arrivals_before(t); }
  [[nodiscard]] double expected_before(Duration t) const override { return source_->expected_before(t); }
  [[nodiscard]] std::optional<Duration> start_of(std::uint64_t k) const override { return source_->start_of(k); }
  [[nodiscard]] std::optional<Duration> inverse(double x) const override { return source_->inverse(x); }
  [[nodiscard]] std::optional<Duration> length() const override { return source_->length(); }
  [[nodiscard]] double highest_rate() const override { return source_->highest_rate(); }
  [[nodiscard]] std::string text() const override { return source_->text(); }

 private:
  std::shared_ptr<const LoadPattern> source_;
};

TEST(Segmented, APatternThatCountsInDoublesIsFollowedAsNearAsTheyCome) {
  const auto rough = std::make_shared<Rough>(load("ramp 0..1000/s 10s"));
  const Changed pattern = std::make_shared<Segmented>(rough)->changed(5s, factor(2'000'000));
  EXPECT_NEAR(double(pattern->start_of(2350)->count()), 6e9, 2);
  EXPECT_EQ(pattern->arrivals_before(10s), 8750U);
  const Changed paused = std::make_shared<Segmented>(rough)->changed(2s, kPause)->changed(7s, kAuto);
  EXPECT_EQ(paused->start_of(450), 8s);
}

/// A pattern with the changes that one seed makes to it, and the pattern before each.
struct Story {
  std::string text;
  std::vector<std::pair<Duration, Changed>> chapters;
};

Story story(std::uint64_t seed) {
  static constexpr const char* kPatterns[] = {"static 977/s 10s", "ramp 0..500/s 10s",
                                              "ramp 10..0/s 2s, static 77.7/s 1s, ramp 900/s 3s, hold 4s",
                                              "static 0.7/s 10s"};
  Random random(seed);
  Story story{kPatterns[random.below(std::size(kPatterns))], {}};
  Changed pattern = load(story.text);
  Duration at{};
  bool paused = false;
  for (int i = 0; i < 6; ++i) {
    at += Duration(std::int64_t(random.below(2'000'000'000)));
    paused = !paused && random.below(3) == 0;
    const std::uint64_t kind = random.below(3);
    const Segmented::Rate rate = paused      ? kPause
                                 : kind == 0 ? kAuto
                                 : kind == 1 ? factor(1 + random.below(3'000'000))
                                             : Segmented::Rate{Kind::level, 1 + random.below(800'000'000)};
    pattern = pattern->changed(at, rate);
    story.chapters.emplace_back(at, pattern);
  }
  if (paused) story.chapters.emplace_back(at + 1s, pattern->changed(at + 1s, kAuto));
  return story;
}

std::vector<Duration> walk(const LoadPattern& pattern, ArrivalKind kind, Arrivals::Share share = {}) {
  std::vector<Duration> starts;
  Arrivals arrivals(pattern, {.kind = kind, .seed = 5, .length = pattern.length().value_or(20s)}, share);
  while (const auto start = arrivals.next())
    starts.push_back(*start);
  return starts;
}

TEST(Segmented, CountsStartsAndStretchesAgreeWhateverIsDoneToIt) {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    const Story told = story(seed);
    const LoadPattern& pattern = *told.chapters.back().second;
    const std::vector<Duration> starts = walk(pattern, ArrivalKind::even);
    ASSERT_EQ(starts.size(), pattern.arrivals_before(pattern.length().value_or(20s))) << told.text << " seed " << seed;
    EXPECT_TRUE(std::ranges::is_sorted(starts)) << told.text << " seed " << seed;
    for (std::uint64_t k = 0; k < starts.size(); k += 1 + k / 20) {
      ASSERT_EQ(pattern.start_of(k), starts[k]) << k << " " << told.text << " seed " << seed;
      EXPECT_LE(pattern.arrivals_before(starts[k]), k) << told.text << " seed " << seed;
      EXPECT_GE(pattern.arrivals_before(starts[k] + 1ns), k + 1) << told.text << " seed " << seed;
    }
  }
}

TEST(Segmented, WhatWasDueBeforeAChangeStaysToTheLastBit) {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    const Story told = story(seed);
    for (const ArrivalKind kind : {ArrivalKind::even, ArrivalKind::poisson}) {
      const auto whole = walk(*told.chapters.back().second, kind);
      for (std::size_t i = 0; i + 1 < told.chapters.size(); ++i) {
        const Duration until = told.chapters[i + 1].first;
        auto before = walk(*told.chapters[i].second, kind);
        std::erase_if(before, [&](Duration start) { return start >= until; });
        ASSERT_LE(before.size(), whole.size());
        ASSERT_TRUE(std::ranges::equal(before, std::span(whole).first(before.size()))) << told.text << " seed " << seed;
        const Duration next = before.size() < whole.size() ? whole[before.size()] : Duration::max();
        ASSERT_GE(next, until) << told.text << " seed " << seed;
      }
    }
  }
}

TEST(Segmented, SharesThatTakeUpEachChangeAsTheyGoAreTheWholeSequence) {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    const Story told = story(seed);
    const Changed& last = told.chapters.back().second;
    for (const ArrivalKind kind : {ArrivalKind::even, ArrivalKind::poisson}) {
      std::vector<Duration> together;
      for (std::uint64_t first = 0; first < 3; ++first) {
        const Changed begun = load(told.text);
        Arrivals arrivals(*begun, {.kind = kind, .seed = 5, .length = 20s}, {.first = first, .stride = 3});
        std::size_t chapter = 0;
        auto due = arrivals.next();
        while (chapter < told.chapters.size() || due) {
          if (chapter < told.chapters.size() && (!due || *due >= told.chapters[chapter].first)) {
            arrivals.follow(*told.chapters[chapter++].second, last->length().value_or(20s),
                            due ? Arrivals::Last::given_back : Arrivals::Last::stands);
          } else {
            together.push_back(*due);
          }
          due = arrivals.next();
        }
      }
      std::ranges::sort(together);
      ASSERT_EQ(together, walk(*last, kind)) << told.text << " seed " << seed;
    }
  }
}

}  // namespace
}  // namespace vajrapulse::engine
