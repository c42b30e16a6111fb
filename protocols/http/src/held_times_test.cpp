#include "held_times.hpp"

#include <gtest/gtest.h>

namespace vajrapulse::http {
namespace {

using namespace std::chrono_literals;

/// Looks every 10 ms from `from` to `until`; each time one came back that was held for `held`.
void watch(HeldTimes& times, Duration from, Duration until, Duration held) {
  for (Duration at = from; at < until; at += 10ms) {
    times.add(held);
    times.look(TimePoint(1h) + at, 1);
  }
}

TEST(HeldTimes, ASlowTargetIsNoLine) {
  HeldTimes times;
  EXPECT_FALSE(times.far_longer());
  watch(times, 0s, 10s, 600ms);
  EXPECT_FALSE(times.far_longer());
}

TEST(HeldTimes, MoreThanFourTimesAsLongIsALine) {
  HeldTimes times;
  watch(times, 0s, 1s, 2ms);
  watch(times, 1s, 1s + 20ms, 8ms);
  EXPECT_FALSE(times.far_longer());
  watch(times, 1s + 20ms, 1s + 30ms, 8ms + 4ns);
  EXPECT_TRUE(times.far_longer());
  watch(times, 1s + 30ms, 1s + 40ms, 2ms);
  EXPECT_FALSE(times.far_longer());
}

TEST(HeldTimes, ATargetThatHasBecomeSlowIsFoundToBeThatInFourSeconds) {
  HeldTimes times;
  watch(times, 0s, 3s, 2ms);
  watch(times, 3s, 5s, 50ms);
  EXPECT_TRUE(times.far_longer());
  watch(times, 5s, 7s + 10ms, 50ms);
  EXPECT_FALSE(times.far_longer());
}

TEST(HeldTimes, FewerThanAreOpenSayNothingYet) {
  HeldTimes times;
  watch(times, 0s, 1s, 2ms);
  times.add(50ms);
  times.look(TimePoint(1h) + 1s, 2);
  EXPECT_FALSE(times.far_longer());
  times.add(50ms);
  times.look(TimePoint(1h) + 1s, 2);
  EXPECT_TRUE(times.far_longer());
}

}  // namespace
}  // namespace vajrapulse::http
