#include "vajrapulse/runtime/connect.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>

#include "connect_scripted_reactor.hpp"
#include "vajrapulse/runtime/cancellation.hpp"

namespace vajrapulse::runtime {
namespace {

using fakes::ScriptedReactor;
using namespace std::chrono_literals;

/// Only an identity: which address won.
class Endpoint final : public Stream {
 public:
  explicit Endpoint(const Address& peer) : peer_(peer) {}
  bool start_receive(ReceiveOp&) override { return true; }
  bool start_send(SendOp&) override { return true; }
  void shutdown_send() override {}
  void abort(ErrorKind) override {}
  [[nodiscard]] bool idle_ok() const override { return true; }
  [[nodiscard]] const Address& peer() const override { return peer_; }

 private:
  Address peer_;
};

Address at(std::string_view text) { return Address::parse(text).value(); }

const Address k4a = at("127.0.0.1:80");
const Address k4b = at("127.0.0.2:80");
const Address k6a = at("[::1]:80");
const Address k6b = at("[::2]:80");

struct ConnectAny : testing::Test {
  void answers(const Address& address, Duration after, bool at_once = false) {
    reactor.script(address, {.result = {},
                             .after = after,
                             .stream = [address] { return std::make_unique<Endpoint>(address); },
                             .at_once = at_once});
  }
  void fails(const Address& address, ErrorKind kind, Duration after, bool at_once = false) {
    reactor.script(address, {.result = {kind}, .after = after, .stream = {}, .at_once = at_once});
  }
  void silent(const Address& address) { fails(address, kTimeout, std::chrono::hours(10)); }

  void start(std::vector<Address> addresses, TimePoint deadline = TimePoint::max()) {
    targets = std::move(addresses);
    spawn(run(deadline));
  }
  Co<void> run(TimePoint deadline) {
    Reactor::Connected connected = co_await connect_any(reactor, targets, deadline, &cancellation);
    outcome = connected.result;
    stream = std::move(connected.stream);
    took = reactor.elapsed();
  }
  bool finish() {
    return reactor.run_until([this] { return outcome.has_value(); });
  }
  /// Milliseconds, rounded down: the wheel's slots make things a microsecond late.
  [[nodiscard]] std::vector<std::pair<std::string, long>> attempts() const {
    std::vector<std::pair<std::string, long>> list;
    for (const auto& one : reactor.started)
      list.emplace_back(one.address.text(), one.at / 1ms);
    return list;
  }

  ScriptedReactor reactor;
  Cancellation cancellation;
  std::vector<Address> targets;
  std::optional<IoResult> outcome;
  std::unique_ptr<Stream> stream;
  Duration took{0};
};

using Attempts = std::vector<std::pair<std::string, long>>;

TEST_F(ConnectAny, OneAddressThatAnswersAtOnceTakesNoTurn) {
  answers(k4a, 0ms, true);
  start({k4a});
  ASSERT_TRUE(outcome);
  EXPECT_TRUE(outcome->ok());
  EXPECT_EQ(stream->peer(), k4a);
}

TEST_F(ConnectAny, AQuickFirstAddressIsTheOnlyOneTried) {
  answers(k6a, 20ms);
  answers(k4a, 1ms);
  start({k6a, k4a});
  ASSERT_TRUE(finish());
  EXPECT_EQ(stream->peer(), k6a);
  EXPECT_EQ(attempts(), (Attempts{{"[::1]:80", 0}}));
}

TEST_F(ConnectAny, ADeadFirstAddressCostsAQuarterOfASecond) {
  silent(k6a);
  answers(k4a, 10ms);
  start({k6a, k4a});
  ASSERT_TRUE(finish());
  EXPECT_TRUE(outcome->ok());
  EXPECT_EQ(stream->peer(), k4a);
  EXPECT_EQ(took / 1ms, 260);
  EXPECT_EQ(attempts(), (Attempts{{"[::1]:80", 0}, {"127.0.0.1:80", 250}}));
  EXPECT_THAT(reactor.aborted, testing::ElementsAre(std::pair{std::string("[::1]:80"), kCancelled}));
}

TEST_F(ConnectAny, AFailureStartsTheNextAttemptAtOnce) {
  fails(k6a, kConnectionRefused, 3ms);
  answers(k4a, 1ms);
  start({k6a, k4a});
  ASSERT_TRUE(finish());
  EXPECT_EQ(stream->peer(), k4a);
  EXPECT_EQ(attempts(), (Attempts{{"[::1]:80", 0}, {"127.0.0.1:80", 3}}));
}

TEST_F(ConnectAny, AFailureInsideTheCallStartsTheNextAttemptAtOnce) {
  fails(k6a, kUnreachable, 0ms, true);
  answers(k4a, 0ms, true);
  start({k6a, k4a});
  ASSERT_TRUE(outcome);
  EXPECT_EQ(stream->peer(), k4a);
}

TEST_F(ConnectAny, FamiliesTakeTurns) {
  for (const auto& address : {k6a, k6b, k4a, k4b})
    silent(address);
  start({k6a, k6b, k4a, k4b}, reactor.now() + 2s);
  ASSERT_TRUE(finish());
  EXPECT_EQ(attempts(), (Attempts{{"[::1]:80", 0}, {"127.0.0.1:80", 250}, {"[::2]:80", 500}, {"127.0.0.2:80", 750}}));
}

TEST_F(ConnectAny, ASlowFirstAddressMayStillWin) {
  answers(k6a, 300ms);
  answers(k4a, 200ms);
  start({k6a, k4a});
  ASSERT_TRUE(finish());
  EXPECT_EQ(stream->peer(), k6a);
  EXPECT_EQ(took / 1ms, 300);
  EXPECT_THAT(reactor.aborted, testing::ElementsAre(std::pair{std::string("127.0.0.1:80"), kCancelled}));
}

TEST_F(ConnectAny, WhenAllFailTheFirstFailureIsTold) {
  fails(k6a, kConnectionRefused, 400ms);
  fails(k4a, kUnreachable, 1ms);
  start({k6a, k4a});
  ASSERT_TRUE(finish());
  EXPECT_EQ(outcome->kind, kConnectionRefused);
  EXPECT_EQ(stream, nullptr);
}

TEST_F(ConnectAny, TheDeadlineEndsEveryAttempt) {
  silent(k6a);
  silent(k4a);
  start({k6a, k4a}, reactor.now() + 1s);
  ASSERT_TRUE(finish());
  EXPECT_EQ(outcome->kind, kConnectTimeout);
  EXPECT_EQ(took / 1ms, 1000);
  EXPECT_EQ(reactor.aborted.size(), 2u);
}

TEST_F(ConnectAny, CancellationEndsItWithItsOwnKind) {
  silent(k4a);
  start({k4a});
  EXPECT_FALSE(outcome);
  cancellation.request(kTimeout);
  EXPECT_FALSE(outcome) << "never resumes inside the request";
  ASSERT_TRUE(finish());
  EXPECT_EQ(outcome->kind, kTimeout);
}

TEST_F(ConnectAny, NothingStartsWhenAlreadyCancelled) {
  answers(k4a, 0ms, true);
  cancellation.request(kCancelled);
  start({k4a});
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->kind, kCancelled);
  EXPECT_TRUE(reactor.started.empty());
}

TEST_F(ConnectAny, NoAddressIsAFailure) {
  start({});
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->kind, kUnreachable);
}

}  // namespace
}  // namespace vajrapulse::runtime
