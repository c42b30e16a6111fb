#include "saturation.hpp"

#include <gtest/gtest.h>

namespace vajrapulse::runtime {
namespace {

using namespace std::chrono_literals;
using Turn = Saturation::Turn;

TEST(Saturation, IsNotThereBeforeAnythingWasSeen) { EXPECT_EQ(Saturation{}.since(), std::nullopt); }

TEST(Saturation, TakesTenMillisecondsOfBusyTurns) {
  Saturation saturation;
  saturation.saw(Turn::busy, TimePoint(5s));  // the first turn ever says nothing of the time before it
  EXPECT_EQ(saturation.since(), std::nullopt);
  saturation.saw(Turn::busy, TimePoint(5s + 9999us));
  EXPECT_EQ(saturation.since(), std::nullopt);
  saturation.saw(Turn::busy, TimePoint(5s + 10ms));
  EXPECT_EQ(saturation.since(), TimePoint(5s));
}

TEST(Saturation, EndsWithAnIdleTurn) {
  Saturation saturation;
  saturation.saw(Turn::idle, TimePoint(1s));
  saturation.saw(Turn::busy, TimePoint(2s));
  EXPECT_EQ(saturation.since(), TimePoint(1s));
  saturation.saw(Turn::idle, TimePoint(2s + 1us));
  EXPECT_EQ(saturation.since(), std::nullopt);
  saturation.saw(Turn::busy, TimePoint(2s + 2us));
  EXPECT_EQ(saturation.since(), std::nullopt);
}

}  // namespace
}  // namespace vajrapulse::runtime
