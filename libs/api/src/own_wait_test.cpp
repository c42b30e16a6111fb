#include "vajrapulse/api/own_wait.hpp"

#include <gtest/gtest.h>

namespace vajrapulse {
namespace {

using namespace std::chrono_literals;

constexpr TimePoint at(Duration since) { return TimePoint(since); }

TEST(OwnWait, AddsWhatCameOneAfterTheOther) {
  OwnWait wait;
  EXPECT_EQ(wait.total(), 0ms);
  wait.add(at(1s), at(1s + 3ms));
  wait.add(at(2s), at(2s + 4ms));
  EXPECT_EQ(wait.total(), 7ms);
}

TEST(OwnWait, CountsOnceWhatWasWaitedSideBySide) {
  OwnWait wait;
  wait.add(at(1s), at(1s + 3ms));
  wait.add(at(1s + 1ms), at(1s + 5ms));
  wait.add(at(1s + 2ms), at(1s + 5ms));
  EXPECT_EQ(wait.total(), 5ms);
}

}  // namespace
}  // namespace vajrapulse
