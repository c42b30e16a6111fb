#include <gtest/gtest.h>

#include <tuple>

#include "proof_run.hpp"
#include "vajrapulse/http/demo_server.hpp"
#include "vajrapulse/metrics/names.hpp"

// The stall test: a server that holds every answer for 240 ms, every 2 s, under a fixed rate.
//
// 240 ms of every 2,000 ms: 12 % of the arrivals meet a stall. The rate is no multiple of the stalls' (a golden-ratio
// fraction of an arrival a period, whose multiples lie evenly), so those 12 % lie evenly within it, and each waits for
// the rest of it: W is uniform on (0, 240 ms) with probability 0.12, and 0 otherwise. Then P(W > x) = 0.12 (1 - x/240
// ms), and the quantile at p > 0.88 is 240 ms (1 - (1 - p)/0.12):
//   p90 40 ms, p95 140 ms, p99 220 ms, p99.9 238 ms.
// Nothing in this depends on how many connections or slots the client may use.
namespace vajrapulse::proofs {
namespace {

using namespace std::chrono_literals;

#ifdef NDEBUG
constexpr const char* kLoad = "static 997.618034/s 100s";  // fifty stalls
#else
constexpr const char* kLoad = "static 997.618034/s 20s";  // ten
#endif

class StallTest : public testing::TestWithParam<std::tuple<std::size_t, std::uint64_t>> {};

TEST_P(StallTest, ResponseTimesAreThoseOfTheArithmetic) {
  const auto [connections, max_in_flight] = GetParam();
  ProofRun proof(1);
  http::DemoSettings settings;
  settings.stall_every = 2s;
  settings.stall_for = 240ms;
  http::DemoServer server(proof.host(), settings);
  ASSERT_TRUE(server.start());
  auto scenario = get_scenario(kLoad, server.address(), {.connections = connections});
  // Measuring begins in the middle between two stalls, so that it holds whole ones only.
  scenario.warmup = 1s;
  std::get<engine::OpenModel>(scenario.load).max_in_flight = max_in_flight;
  const auto summary = proof.run(std::move(scenario));
  proof.close([&server] { return server.stop(1s); });

  EXPECT_EQ(summary.load.succeeded, *summary.load.target);
  EXPECT_EQ(summary.verdict.status, engine::VerdictStatus::valid) << "a slow target never makes a run invalid";
  EXPECT_LE(summary.load.max_in_flight, max_in_flight);
  const auto response = summary.metrics.histogram(metrics::names::kResponseTime);
  for (const auto& [percentile, expected_ms] :
       {std::pair{90.0, 40.0}, std::pair{95.0, 140.0}, std::pair{99.0, 220.0}, std::pair{99.9, 238.0}})
    EXPECT_NEAR(double(response.percentile(percentile)) * 1e-6, expected_ms, expected_ms / 100) << percentile;
  EXPECT_LT(response.percentile(87.5), to_ns(1ms)) << "who does not meet a stall does not wait";
  EXPECT_LE(response.max(), to_ns(241ms));
}

INSTANTIATE_TEST_SUITE_P(WhateverIsAllowed, StallTest,
                         testing::Combine(testing::Values(1, 10, 1000), testing::Values(1, 10, 10'000)),
                         [](const auto& each) {
                           return std::to_string(std::get<0>(each.param)) + "Connections" +
                                  std::to_string(std::get<1>(each.param)) + "InFlight";
                         });

}  // namespace
}  // namespace vajrapulse::proofs
