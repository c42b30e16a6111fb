#include "gathering.hpp"

#include <gtest/gtest.h>

namespace vajrapulse::runtime {
namespace {

using namespace std::chrono_literals;

/// A stream of completions, one every `gap`, told one by one.
Gathering after_completions(int count, Duration gap) {
  Gathering gathering;
  TimePoint now{1s};
  for (int i = 0; i < count; ++i)
    gathering.saw(1, now += gap);
  return gathering;
}

TEST(Gathering, DoesNotWaitBeforeItKnows) { EXPECT_EQ(Gathering{}.wanted(1000), 1U); }

TEST(Gathering, BusyWaitsForAQuarterOfWhatIsAwaited) {
  const Gathering busy = after_completions(200, 8us);  // 125,000 a second
  EXPECT_EQ(busy.wanted(64), 16U);
  EXPECT_EQ(busy.wanted(3), 1U);
  EXPECT_EQ(busy.wanted(1'000'000), Gathering::kMost);
}

TEST(Gathering, SparseDoesNotWait) { EXPECT_EQ(after_completions(200, 50us).wanted(64), 1U); }

TEST(Gathering, NoticesWithinMillisecondsThatItIsNoLongerBusy) {
  Gathering gathering = after_completions(200, 8us);
  TimePoint now{2s};
  gathering.saw(1, now);
  for (int i = 0; i < 3; ++i)
    gathering.saw(1, now += 1ms);
  EXPECT_EQ(gathering.wanted(64), 1U);
}

}  // namespace
}  // namespace vajrapulse::runtime
