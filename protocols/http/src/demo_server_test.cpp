#include "vajrapulse/http/demo_server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "vajrapulse/runtime/simulated/world.hpp"

namespace vajrapulse::http {
namespace {

using runtime::Co;
using runtime::Reactor;
using runtime::simulated::World;
using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ElementsAre;

TEST(Slots, ServeSoManyAtOnceAndTheOthersInOrder) {
  using std::chrono::milliseconds;
  Slots slots(2);
  const auto at = [](int ms) { return TimePoint(milliseconds(ms)); };
  EXPECT_EQ(slots.serve(at(0), milliseconds(10)), at(10));
  EXPECT_EQ(slots.serve(at(1), milliseconds(10)), at(11));
  EXPECT_EQ(slots.serve(at(2), milliseconds(10)), at(20));   // waits for the first
  EXPECT_EQ(slots.serve(at(3), milliseconds(10)), at(21));   // waits for the second
  EXPECT_EQ(slots.serve(at(30), milliseconds(10)), at(40));  // finds both free
}

TEST(Latency, ReadsWhatTheCommandLineSays) {
  const auto fixed = parse_latency("5ms");
  ASSERT_TRUE(fixed);
  EXPECT_EQ(fixed->shape, LatencyModel::Shape::fixed);
  EXPECT_EQ(fixed->mean, milliseconds(5));
  const auto exponential = parse_latency("exp:250us");
  ASSERT_TRUE(exponential);
  EXPECT_EQ(exponential->shape, LatencyModel::Shape::exponential);
  EXPECT_EQ(exponential->mean, microseconds(250));
  const auto normal = parse_latency("normal:5ms,1ms");
  ASSERT_TRUE(normal);
  EXPECT_EQ(normal->shape, LatencyModel::Shape::normal);
  EXPECT_EQ(normal->deviation, milliseconds(1));
}

TEST(Latency, RefusesTheRestWithAnExample) {
  for (const auto* text : {"", "5", "fast", "exp:", "normal:5ms", "normal:5ms,", "normal:,1ms", "2h", "exp:5ms,1ms"}) {
    const auto model = parse_latency(text);
    ASSERT_FALSE(model) << text;
    EXPECT_EQ(model.error().kind, kUsage);
    EXPECT_THAT(model.error().cure, testing::HasSubstr("normal:5ms,1ms"));
  }
}

// Mean m and deviation m of the exponential distribution; mean and deviation as given of the normal one. The
// bounds are five standard errors of n = 100,000 draws.
TEST(Latency, DrawsHaveTheMomentsOfTheirDistribution) {
  constexpr int kDraws = 100'000;
  const auto moments = [](const LatencyModel& model) {
    Random random(3);
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < kDraws; ++i) {
      const double ms = static_cast<double>(model.draw(random).count()) / 1e6;
      sum += ms;
      squares += ms * ms;
    }
    const double mean = sum / kDraws;
    return std::pair(mean, std::sqrt(squares / kDraws - mean * mean));
  };
  const auto [exponential_mean, exponential_deviation] = moments(*parse_latency("exp:5ms"));
  EXPECT_NEAR(exponential_mean, 5, 0.08);
  EXPECT_NEAR(exponential_deviation, 5, 0.2);
  const auto [normal_mean, normal_deviation] = moments(*parse_latency("normal:50ms,5ms"));
  EXPECT_NEAR(normal_mean, 50, 0.08);
  EXPECT_NEAR(normal_deviation, 5, 0.06);
}

// The instants of the promise: every 2 s from the start, for 200 ms.
TEST(Stall, HoldsExactlyWhatFallsIntoIt) {
  const TimePoint origin{seconds(100)};
  const Stall stall{.origin = origin, .every = seconds(2), .length = milliseconds(200)};
  const auto released = [&](Duration due) { return stall.release(origin + due) - origin; };
  EXPECT_EQ(released(Duration::zero()), Duration::zero()) << "the first stall is at 2 s, not at the start";
  EXPECT_EQ(released(milliseconds(1999)), milliseconds(1999));
  EXPECT_EQ(released(milliseconds(2000)), milliseconds(2200));
  EXPECT_EQ(released(milliseconds(2199)), milliseconds(2200));
  EXPECT_EQ(released(milliseconds(2200)), milliseconds(2200));
  EXPECT_EQ(released(milliseconds(3000)), milliseconds(3000));
  EXPECT_EQ(released(milliseconds(8001)), milliseconds(8200));
  EXPECT_EQ(Stall{}.release(origin), origin);
}

TEST(Stall, KnowsWhichEndsNext) {
  const TimePoint origin{seconds(100)};
  const Stall stall{.origin = origin, .every = seconds(2), .length = milliseconds(200)};
  const auto next = [&](Duration now) { return stall.next_end(origin + now) - origin; };
  EXPECT_EQ(next(Duration::zero()), milliseconds(2200));
  EXPECT_EQ(next(milliseconds(2199)), milliseconds(2200));
  EXPECT_EQ(next(milliseconds(2200)), milliseconds(4200)) << "it has ended";
  EXPECT_EQ(next(milliseconds(7000)), milliseconds(8200)) << "a server that slept through some";
}

TEST(StallLog, TheFirstToSeeAnEndGivesItAndAnswersAreCounted) {
  const auto at = [](int ms) { return TimePoint(milliseconds(ms)); };
  StallLog log(milliseconds(200));
  log.ended(at(2200), at(2201));     // nothing was held
  log.released(at(4200), at(4200));  // an answer before the alarm
  log.ended(at(4200), at(4203));
  log.released(at(4200), at(4204));
  ASSERT_EQ(log.records().size(), 2U);
  EXPECT_EQ(log.records()[0].begin, at(2000));
  EXPECT_EQ(log.records()[0].end, at(2201));
  EXPECT_EQ(log.records()[0].held, 0U);
  EXPECT_EQ(log.records()[1].begin, at(4000));
  EXPECT_EQ(log.records()[1].end, at(4200));
  EXPECT_EQ(log.records()[1].held, 2U);
}

TEST(DemoSettings, RefusesWhatCannotBe) {
  EXPECT_TRUE(check({}));
  EXPECT_FALSE(check({.error_rate = 1.5}));
  EXPECT_FALSE(check({.error_rate = -0.1}));
  EXPECT_FALSE(check({.stall_every = seconds(1)}));
  EXPECT_FALSE(check({.stall_every = seconds(1), .stall_for = seconds(1)}));
  EXPECT_FALSE(check({.certificate_file = "only-one"}));
}

/// Sends one request a connection and keeps when it was answered, with what status.
struct Asked {
  Duration at{};
  Duration answered{};
  std::string answer;
};

Co<void> ask(Reactor& reactor, runtime::Address to, TimePoint origin, std::string text, Asked& asked,
             std::size_t& left) {
  co_await reactor.sleep_until(origin + asked.at);
  auto connected = co_await reactor.connect(to);
  const runtime::Bytes bytes = std::as_bytes(std::span(text));
  co_await connected.stream->send(bytes);
  while (true) {
    const auto received = co_await connected.stream->receive();
    if (!received.result.ok() || received.data.empty()) break;
    if (asked.answer.empty()) asked.answered = reactor.now() - origin;
    asked.answer.append(reinterpret_cast<const char*>(received.data.data()), received.data.size());
  }
  --left;
}

Co<void> stop(DemoServer& server, bool& stopped) {
  co_await server.stop(seconds(1));
  stopped = true;
}

constexpr Duration kOneWay = microseconds(50);  // of the simulated network

std::vector<Asked> run(DemoSettings settings, const std::vector<Duration>& times, const std::string& path = "/") {
  World world(11);
  Reactor& client = world.reactor("client");
  DemoServer server(world.reactor("server"), std::move(settings));
  const Status started = server.start();
  EXPECT_TRUE(started) << started.error().text();
  const TimePoint origin = world.clock().now();
  std::vector<Asked> all;
  for (const Duration at : times)
    all.push_back({.at = at});
  std::size_t left = all.size();
  const std::string text = "GET " + path + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";
  for (Asked& each : all)
    runtime::spawn(ask(client, server.address(), origin, text, each, left));
  EXPECT_TRUE(world.run_until([&left] { return left == 0; }));
  bool stopped = false;
  runtime::spawn(stop(server, stopped));
  EXPECT_TRUE(world.run_until([&stopped] { return stopped; }));
  world.run();
  return all;
}

TEST(DemoServer, StallsHoldAnswersToTheExactInstant) {
  DemoSettings settings;
  settings.stall_every = seconds(2);
  settings.stall_for = milliseconds(200);
  const auto asked = run(settings, {milliseconds(1000), milliseconds(2010), milliseconds(2150), milliseconds(2500)});
  const Duration connected_and_back = 4 * kOneWay;
  EXPECT_LE(asked[0].answered, milliseconds(1000) + connected_and_back + microseconds(10));
  EXPECT_GE(asked[1].answered, milliseconds(2200) + kOneWay);
  EXPECT_LE(asked[1].answered, milliseconds(2200) + kOneWay + microseconds(10));
  EXPECT_EQ(asked[2].answered, asked[1].answered) << "all answers leave together";
  EXPECT_LE(asked[3].answered, milliseconds(2500) + connected_and_back + microseconds(10));
}

TEST(DemoServer, ItsLogSaysWhatWasHeldWhen) {
  DemoSettings settings;
  settings.stall_every = seconds(2);
  settings.stall_for = milliseconds(200);
  const auto asked = run(settings, {milliseconds(2010), milliseconds(2150), milliseconds(6500)}, "/stalls");
  const auto log_of = [](const Asked& each) { return each.answer.substr(each.answer.find("\r\n\r\n") + 4); };
  EXPECT_THAT(log_of(asked[1]), testing::StartsWith("{\"clock\":\"CLOCK_MONOTONIC\",\"stalls\":[{\"begin_ns\":"));
  std::vector<std::uint64_t> held;
  const std::string all = log_of(asked[2]);
  constexpr std::string_view kHeld = "\"held\":";
  for (std::size_t found = all.find(kHeld); found != all.npos; found = all.find(kHeld, found + 1))
    held.push_back(std::stoull(all.substr(found + kHeld.size())));
  EXPECT_THAT(held, ElementsAre(2, 0, 0)) << all;
}

TEST(DemoServer, AFixedLatencyCountsFromTheRequest) {
  DemoSettings settings;
  settings.latency = *parse_latency("5ms");
  const auto asked = run(settings, {seconds(1)});
  EXPECT_GE(asked[0].answered, seconds(1) + milliseconds(5) + 4 * kOneWay);
  EXPECT_LE(asked[0].answered, seconds(1) + milliseconds(5) + 4 * kOneWay + microseconds(10));
}

TEST(DemoServer, FailsAsOftenAsToldAndTheSameWayForTheSameSeed) {
  DemoSettings settings;
  settings.error_rate = 0.25;
  std::vector<Duration> times;
  for (int i = 0; i < 2'000; ++i)
    times.emplace_back(milliseconds(i));
  const auto failures = [&times](const DemoSettings& with) {
    std::vector<std::size_t> failed;
    const auto asked = run(with, times);
    for (std::size_t i = 0; i < asked.size(); ++i) {
      if (asked[i].answer.starts_with("HTTP/1.1 500 ")) failed.push_back(i);
    }
    return failed;
  };
  const auto first = failures(settings);
  // Binomial with n = 2000, p = 0.25: five deviations of sqrt(n p (1 - p)) = 19.4.
  EXPECT_NEAR(static_cast<double>(first.size()), 500, 97);
  EXPECT_EQ(failures(settings), first);
  settings.seed = 2;
  EXPECT_NE(failures(settings), first);
}

TEST(DemoServer, DelaysByTheDistanceInThePath) {
  const auto asked = run({}, {Duration::zero()}, "/delay/1h");
  EXPECT_GE(asked[0].answered, std::chrono::hours(1));
  EXPECT_LE(asked[0].answered, std::chrono::hours(1) + milliseconds(1));
}

TEST(DemoServer, GetsSlowerWithTheRequestsOfTheLastSecond) {
  const std::vector<Duration> times = {milliseconds(0), milliseconds(100), milliseconds(200), milliseconds(5'000)};
  const auto asked = run({}, times, "/degrading?after=1&base=2ms&by=1s");
  const auto expect_took = [&asked](std::size_t i, Duration latency) {
    const Duration took = asked[i].answered - asked[i].at;
    EXPECT_GE(took, latency + 4 * kOneWay) << i;
    EXPECT_LE(took, latency + 4 * kOneWay + microseconds(10)) << i;
  };
  expect_took(0, milliseconds(2));
  expect_took(1, milliseconds(1'002));  // two where one is easy
  expect_took(2, milliseconds(2'002));
  expect_took(3, milliseconds(2));  // the second before was quiet
}

TEST(DemoServer, LimitsARateOnItsClock) {
  std::vector<Duration> times;
  for (int i = 0; i < 200; ++i)
    times.emplace_back(milliseconds(11 * i));
  const auto asked = run({}, times, "/limited?rate=20&burst=1");
  const auto within =
      std::ranges::count_if(asked, [](const Asked& each) { return each.answer.starts_with("HTTP/1.1 200 "); });
  EXPECT_EQ(within, 40) << "of five in 55 ms the one that comes 50 ms after the last";
  EXPECT_THAT(asked[1].answer, testing::StartsWith("HTTP/1.1 429 Too Many Requests\r\n"));
  EXPECT_THAT(asked[1].answer, testing::HasSubstr("\r\nretry-after: 1\r\n"));
}

}  // namespace
}  // namespace vajrapulse::http
