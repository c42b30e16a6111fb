#include "saturation.hpp"

#include <gtest/gtest.h>

namespace vajrapulse::runtime {
namespace {

using namespace std::chrono_literals;
using Turn = Saturation::Turn;

TEST(Saturation, IsNotThereBeforeAnythingWasSeen) { EXPECT_FALSE(Saturation{}.reached()); }

TEST(Saturation, TakesTenMillisecondsOfBusyTurns) {
  Saturation saturation;
  saturation.saw(Turn::busy, TimePoint(5s));  // the first turn ever says nothing of the time before it
  EXPECT_FALSE(saturation.reached());
  saturation.saw(Turn::busy, TimePoint(5s + 9999us));
  EXPECT_FALSE(saturation.reached());
  saturation.saw(Turn::busy, TimePoint(5s + 10ms));
  EXPECT_TRUE(saturation.reached());
}

TEST(Saturation, EndsWithAnIdleTurn) {
  Saturation saturation;
  saturation.saw(Turn::idle, TimePoint(1s));
  saturation.saw(Turn::busy, TimePoint(2s));
  EXPECT_TRUE(saturation.reached());
  saturation.saw(Turn::idle, TimePoint(2s + 1us));
  EXPECT_FALSE(saturation.reached());
  saturation.saw(Turn::busy, TimePoint(2s + 2us));
  EXPECT_FALSE(saturation.reached());
}

}  // namespace
}  // namespace vajrapulse::runtime
