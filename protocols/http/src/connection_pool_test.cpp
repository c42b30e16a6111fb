#include "connection_pool.hpp"

#include <gtest/gtest.h>

#include <list>

#include "canned_reactor.hpp"

namespace vajrapulse::http {
namespace {

using namespace std::chrono_literals;

/// An origin with 256 connections, all in use: as many as are opened without asking why they are needed.
class ManyConnections : public testing::Test {
 protected:
  void SetUp() override {
    for (int i = 0; i < 256; ++i)
      ASSERT_TRUE(origin_.take_slot(reactor_));
  }
  void TearDown() override {
    for (Waiter& waiter : line_)
      origin_.leave(waiter);
  }
  void pass(Duration time) {
    const TimePoint until = reactor_.now() + time;
    while (reactor_.now() < until)
      reactor_.turn();
  }
  /// One is given back, and taken by who waits first, or kept for the next time.
  void one_goes_round() {
    origin_.give_back(std::move(spare_), reactor_, reactor_.now());
    spare_ = origin_.take_idle();
    for (Waiter& waiter : line_)
      if (waiter.connection) spare_ = std::move(waiter.connection);
  }
  void wait(int count) {
    for (int i = 0; i < count; ++i) {
      Waiter& waiter = line_.emplace_back();
      waiter.notify_with([](runtime::Operation&) {});
      origin_.wait(waiter);
    }
  }

  std::unique_ptr<Connection> connected() {
    runtime::ConnectOp op;
    reactor_.start_connect(op);
    auto connection = std::make_unique<Connection>();
    connection->stream = std::move(op.stream);
    return connection;
  }

  CannedReactor reactor_{""};
  PoolCounts counts_;
  Origin origin_{*parse_url("http://127.0.0.1/"), 0, counts_};
  std::unique_ptr<Connection> spare_ = connected();
  std::list<Waiter> line_;
};

TEST_F(ManyConnections, OthersAreOpenedWhenNoneComesFree) {
  pass(10ms);
  EXPECT_TRUE(origin_.take_slot(reactor_));
  EXPECT_TRUE(origin_.take_slot(reactor_));
}

TEST_F(ManyConnections, AShardThatEverythingWaitsForOpensNone) {
  pass(10ms);
  reactor_.busy_since = reactor_.now();
  EXPECT_FALSE(origin_.take_slot(reactor_));
  reactor_.busy_since.reset();
  EXPECT_TRUE(origin_.take_slot(reactor_));
}

TEST_F(ManyConnections, WhileTheyComeFreeOneIn20MillisecondsForEachOpenAndOnlyForALongLine) {
  pass(20ms);
  one_goes_round();
  EXPECT_FALSE(origin_.take_slot(reactor_));  // nobody waits
  wait(20);
  pass(10ms);
  for (int i = 0; i < 5; ++i)
    one_goes_round();
  EXPECT_TRUE(origin_.take_slot(reactor_));   // 15 wait, and five came free in 10 ms: that would take 30
  EXPECT_FALSE(origin_.take_slot(reactor_));  // 20 ms / 257 are not over
  pass(1ms);
  EXPECT_TRUE(origin_.take_slot(reactor_));
  pass(9ms);
  for (int i = 0; i < 8; ++i)
    one_goes_round();
  EXPECT_FALSE(origin_.take_slot(reactor_));  // seven wait, and eight came free: soon they will be gone
}

TEST_F(ManyConnections, WhoTakesOneLearnsWhenItWouldHaveComeFree) {
  wait(2);
  const TimePoint earlier = reactor_.now() - 3ms;
  origin_.give_back(std::move(spare_), reactor_, earlier);
  origin_.free_slot(reactor_, earlier + 1ms);
  EXPECT_EQ(line_.front().free, earlier);
  EXPECT_EQ(line_.back().free, earlier + 1ms);
  EXPECT_FALSE(origin_.has_line());
}

TEST_F(ManyConnections, WhoMayOpenNoMoreThanTheUserAllowsIsAtTheLimit) {
  Origin limited{*parse_url("http://127.0.0.1/"), 2, counts_};
  EXPECT_TRUE(limited.take_slot(reactor_));
  EXPECT_FALSE(limited.at_limit());
  EXPECT_TRUE(limited.take_slot(reactor_));
  EXPECT_TRUE(limited.at_limit());
  EXPECT_FALSE(origin_.at_limit());  // none was set
}

}  // namespace
}  // namespace vajrapulse::http
