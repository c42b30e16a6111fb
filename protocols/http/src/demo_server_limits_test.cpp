#include "demo_server_limits.hpp"

#include <gtest/gtest.h>

#include "demo_server_token.hpp"

namespace vajrapulse::http::detail {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using Outcome = RateLimit::Outcome;

TimePoint at(int ms) { return TimePoint(seconds(1'000) + milliseconds(ms)); }

// A bucket of 3 that gets one every 10 ms.
TEST(RateLimit, LetsABurstThroughAndThenSoManyASecond) {
  RateLimit limit;
  constexpr Rate kRate{.per_second = 100, .burst = 3};
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(limit.ask(kRate, at(0)).outcome, Outcome::within) << i;
  const auto beyond = limit.ask(kRate, at(4));
  EXPECT_EQ(beyond.outcome, Outcome::beyond);
  EXPECT_EQ(beyond.wait, milliseconds(6)) << "the next is due at 10 ms; what was refused costs nothing";
  EXPECT_EQ(limit.ask(kRate, at(10)).outcome, Outcome::within);
  EXPECT_EQ(limit.ask(kRate, at(10)).outcome, Outcome::beyond);
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(limit.ask(kRate, at(60)).outcome, Outcome::within) << "full again after 30 ms";
  EXPECT_EQ(limit.ask(kRate, at(60)).outcome, Outcome::beyond) << "and never fuller than full";
}

TEST(RateLimit, GivesExactlyTheRateWhateverIsAsked) {
  RateLimit limit;
  constexpr Rate kRate{.per_second = 100, .burst = 10};
  int within = 0;
  for (int ms = 0; ms < 10'000; ++ms)
    within += limit.ask(kRate, at(ms)).outcome == Outcome::within ? 1 : 0;
  EXPECT_EQ(within, 10 + 999) << "the burst, and one at each further 10 ms";
}

TEST(RateLimit, KeepsRatesApartAndBounded) {
  RateLimit limit;
  for (std::uint64_t i = 1; i <= RateLimit::kRatesMax; ++i)
    EXPECT_EQ(limit.ask({.per_second = i}, at(0)).outcome, Outcome::within);
  EXPECT_EQ(limit.ask({.per_second = 999}, at(0)).outcome, Outcome::too_many_rates);
  EXPECT_EQ(limit.ask({.per_second = 999}, at(1'001)).outcome, Outcome::within) << "the others are full again";
}

TEST(RecentRequests, CountsASecondBack) {
  RecentRequests recent;
  EXPECT_EQ(recent.add(at(0)), 1U);
  EXPECT_EQ(recent.add(at(0)), 2U);
  EXPECT_EQ(recent.add(at(500)), 3U);
  EXPECT_EQ(recent.add(at(999)), 4U);
  EXPECT_EQ(recent.add(at(1'000)), 3U) << "the two of the beginning are a second old";
  EXPECT_EQ(recent.add(at(1'499)), 4U);
  EXPECT_EQ(recent.add(at(1'500)), 4U) << "that of 500 ms too";
  EXPECT_EQ(recent.add(at(60'000)), 1U);
}

TEST(Degrading, RisesWithWhatLiesAboveTheRate) {
  const Degrading slow{.after = 100, .base = milliseconds(2), .by = milliseconds(50)};
  EXPECT_EQ(slow.latency(1), milliseconds(2));
  EXPECT_EQ(slow.latency(100), milliseconds(2));
  EXPECT_EQ(slow.latency(150), milliseconds(27));
  EXPECT_EQ(slow.latency(200), milliseconds(52));
  EXPECT_EQ(slow.latency(100'000'000'000), minutes(1));
}

TEST(Tokens, AreKnownAgainWithoutBeingKept) {
  const Tokens tokens(7);
  const std::string token = tokens.of_user("Zoë; x=\"y\"", 1);
  EXPECT_EQ(token.find_first_not_of("0123456789abcdef."), token.npos) << token;
  EXPECT_EQ(tokens.user_of(token), "Zoë; x=\"y\"");
  EXPECT_NE(tokens.of_user("ann", 1), tokens.of_user("ann", 2));
  EXPECT_NE(tokens.of_form("1"), tokens.of_form("2"));
}

TEST(Tokens, OfOthersAreRefused) {
  const Tokens tokens(7);
  const std::string token = tokens.of_user("ann", 1);
  EXPECT_FALSE(Tokens(8).user_of(token)) << "another seed";
  EXPECT_FALSE(tokens.user_of("62" + token.substr(2))) << "bnn";
  for (std::size_t length = 0; length < token.size(); ++length)
    EXPECT_FALSE(tokens.user_of(token.substr(0, length))) << length;
  EXPECT_FALSE(tokens.user_of("x." + tokens.of_form("x")));
}

}  // namespace
}  // namespace vajrapulse::http::detail
