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

TEST(OwnWait, SaysWhenTheWorkWouldHaveBeenThere) {
  OwnWait wait(2ms);
  EXPECT_EQ(wait.possible(at(1s)), at(998ms));
  wait.add(at(1s), at(1s + 3ms));
  EXPECT_EQ(wait.possible(at(1s + 10ms)), at(1s + 5ms));
}

class UnseenFor5Ms final : public OwnWait {
  Duration unseen(TimePoint /*seen*/) noexcept override { return 5ms; }
};

TEST(OwnWait, AddsWhatWasNotSeenButForWhatItHasAlready) {
  UnseenFor5Ms wait;
  wait.add_unseen(at(0s), at(1s));
  EXPECT_EQ(wait.total(), 5ms);
  wait.add_unseen(at(0s), at(1s));
  EXPECT_EQ(wait.total(), 5ms);
  wait.add_unseen(at(0s), at(1s + 2ms));
  EXPECT_EQ(wait.total(), 7ms);
  wait.add_unseen(at(1s + 9ms), at(1s + 10ms));
  EXPECT_EQ(wait.total(), 8ms);
}

}  // namespace
}  // namespace vajrapulse
