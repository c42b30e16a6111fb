#include "epoll_reactor.hpp"

#include <gtest/gtest.h>

#include <chrono>

#include "vajrapulse/runtime/co.hpp"

namespace vajrapulse::runtime {
namespace {

using namespace std::chrono_literals;

// Real time on purpose: the sleep itself is what is tested, and only from below (a late wake-up fails nothing).
Co<void> sleep_a_few_times(Reactor& reactor, int& slept) {
  for (const Duration d : {Duration(1us), Duration(70us), Duration(900us), Duration(6ms)}) {
    const TimePoint due = reactor.now() + d;
    co_await reactor.sleep_until(due);
    EXPECT_GE(reactor.now(), due);
    ++slept;
  }
  reactor.stop();
}

class EpollSleep : public testing::TestWithParam<EpollReactor::Sleep> {};

TEST_P(EpollSleep, IsNeverEarly) {
  auto reactor = EpollReactor::make(GetParam());
  ASSERT_TRUE(reactor);
  int slept = 0;
  spawn(sleep_a_few_times(**reactor, slept));
  (*reactor)->run();
  EXPECT_EQ(slept, 4);
}

INSTANTIATE_TEST_SUITE_P(Ways, EpollSleep,
                         testing::Values(EpollReactor::Sleep::epoll_pwait2, EpollReactor::Sleep::timer_descriptor));

}  // namespace
}  // namespace vajrapulse::runtime
