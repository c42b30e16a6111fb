// A load test in a test suite. Link with VajraPulse::app, GTest::gmock and GTest::gtest_main.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <vajrapulse/run.hpp>
#include <vajrapulse/runtime/co.hpp>
#include <vajrapulse/testing.hpp>

using ::testing::AllOf;
using vajrapulse::Holds;
using vajrapulse::IsValid;
using vajrapulse::Iteration;
using vajrapulse::Result;
using vajrapulse::Task;

TEST(Lookup, AnswersWithinFiftyMillisecondsAtAHundredASecond) {
  const auto lookup = [](Iteration& iteration) -> Task::Co<Result> {
    co_await iteration.sleep(std::chrono::milliseconds(2));
    co_return Result::success();
  };
  const auto result = vajrapulse::run(vajrapulse::task("lookup", lookup), {.load = "static 100/s 1s"});
  EXPECT_THAT(result, AllOf(IsValid(), Holds("p99 < 50ms and errors < 1%")));
}
