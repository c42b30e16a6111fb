#include "waiting_line.hpp"

#include <vector>

#include <gtest/gtest.h>

#include "vajrapulse/engine/load_language.hpp"

namespace vajrapulse::engine {
namespace {

using namespace std::chrono_literals;

TEST(WaitingLine, GivesBackWhoWaitedInOrder) {
  const auto pattern = static_pattern(1'000'000'000);  // one a millisecond
  Arrivals arrivals(*pattern, {.length = 1s}, {});
  WaitingLine line;
  for (int i = 0; i < 10; ++i)
    (void)arrivals.next();  // these did not wait
  for (int i = 0; i < 5; ++i) {
    const Duration intended = *arrivals.next();
    line.push(intended, intended + 10us, arrivals);
  }
  EXPECT_EQ(line.size(), 5U);
  for (std::uint64_t i = 10; i < 15; ++i) {
    const WaitingLine::Waiter waiter = line.pop();
    EXPECT_EQ(waiter.index, i);
    EXPECT_EQ(waiter.intended, i * 1ms);
    EXPECT_EQ(waiter.reached, i * 1ms + 10us);
  }
  EXPECT_EQ(line.size(), 0U);
  // Some pass by, then the line forms anew.
  for (int i = 0; i < 100; ++i)
    (void)arrivals.next();
  const Duration intended = *arrivals.next();
  line.push(intended, intended, arrivals);
  EXPECT_EQ(line.pop().index, 115U);
}

TEST(WaitingLine, AMillionPromptArrivalsAndABurstAreTwoRuns) {
  const auto pattern = static_pattern(1'000'000'000'000);
  Arrivals arrivals(*pattern, {.length = 10s}, {});
  WaitingLine line;
  Duration last{};
  for (int i = 0; i < 1'000'000; ++i) {
    last = *arrivals.next();
    line.push(last, last + Duration(i % 1000), arrivals);
  }
  for (int i = 0; i < 1000; ++i)
    line.push(*arrivals.next(), last + 5ms, arrivals);  // all found at one moment
  EXPECT_EQ(line.size(), 1'001'000U);
  EXPECT_EQ(line.runs(), 2U);
  for (int i = 0; i < 1'000'000; ++i) {
    const WaitingLine::Waiter waiter = line.pop();
    EXPECT_LT(waiter.reached - waiter.intended, 1us);
  }
  EXPECT_EQ(line.pop().reached, last + 5ms);
  line.clear();
  EXPECT_EQ(line.size(), 0U);
}

// Late each time, and each time by another amount: memory is bounded, and no lag is made smaller.
TEST(WaitingLine, AShardThatIsLateAgainAndAgainKeepsOnlySoManyRuns) {
  const auto pattern = static_pattern(1'000'000'000'000);  // one a microsecond
  Arrivals arrivals(*pattern, {.length = 10s}, {});
  WaitingLine line;
  for (int i = 0; i < 1'000'000; ++i) {
    const Duration intended = *arrivals.next();
    line.push(intended, intended + (i % 2 == 0 ? 1ms : 3ms), arrivals);
  }
  EXPECT_LE(line.runs(), 64U * 1024U + 1);
  for (int i = 0; i < 1'000'000; ++i) {
    const WaitingLine::Waiter waiter = line.pop();
    EXPECT_GE(waiter.reached - waiter.intended, i % 2 == 0 ? 900us : 2900us);
  }
}

}  // namespace
}  // namespace vajrapulse::engine
