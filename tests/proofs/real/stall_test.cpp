#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "../../integration/harness.hpp"
#include "observed_run.hpp"
#include "prober.hpp"
#include "vajrapulse/engine/load_language.hpp"
#include "vajrapulse/metrics/names.hpp"

// The stall test on real sockets: the demo server holds every answer for 240 ms every 2 s. What the client says is held
// against the server's own log: each arrival within a stall waits until the end that the log gives, all others not at
// all. Arrival k is at k/rate.
namespace vajrapulse::proofs {
namespace {

using namespace std::chrono_literals;
using runtime::IoKind;

constexpr std::int64_t kRatePerMillion = 997'618'034;  // no multiple of the stalls': they meet arrivals at any phase
constexpr int kStalls = 3;                             // of 2 s each, from one second in

struct Variant {
  std::size_t connections;
  std::uint64_t max_in_flight;
  IoKind io;
};

TimePoint arrival(TimePoint origin, std::uint64_t k) {
  __extension__ using Wide = __int128;
  return origin + Duration(std::int64_t(Wide(k) * 1'000'000'000'000'000 / kRatePerMillion));
}

/// What each arrival waits by the log, ascending.
std::vector<Duration> waits(TimePoint origin, std::uint64_t count, const std::vector<http::StallRecord>& stalls) {
  std::vector<Duration> all(count);
  for (std::uint64_t k = 0; k < count; ++k) {
    const TimePoint at = arrival(origin, k);
    for (const http::StallRecord& stall : stalls)
      if (at >= stall.begin && at < stall.end) all[k] = stall.end - at;
  }
  std::ranges::sort(all);
  return all;
}

/// The nearest rank, per mille.
double quantile_ns(const std::vector<Duration>& ascending, std::size_t per_mille) {
  const std::size_t rank = (ascending.size() * per_mille + 999) / 1000;
  return double(to_ns(ascending[rank - 1]));
}

/// What a bare client needs for one exchange with this server from this processor, in the mean of a line of them.
double bare_exchange_ns(integration::DemoHost& server, Trial& trial) {
  constexpr int kLine = 200;
  Prober prober(server);
  const TimePoint begin = prober.ask().answered;
  TimePoint end = begin;
  for (int i = 0; i < kLine; ++i)
    end = prober.ask().answered;
  trial.require(prober.good(), "the server does not answer");
  return double(to_ns(end - begin)) / kLine;
}

Trial stalled(const Variant& variant) {
  Trial trial;
  http::DemoSettings settings;
  settings.stall_every = 2s;
  settings.stall_for = 240ms;
  // One at a time: two processors would but wake each other up.
  const bool one_at_a_time = variant.connections == 1 || variant.max_in_flight == 1;
  start_threads_on(one_at_a_time ? kGeneratorsProcessor : kServersProcessor);
  integration::DemoHost server(variant.io, settings);
  HostWatch host;
  start_threads_on(kGeneratorsProcessor);
  const double exchange_ns = one_at_a_time ? bare_exchange_ns(server, trial) : 0;
  const auto answers = std::make_shared<Answers>();
  engine::OpenModel model;
  model.pattern = engine::parse_load(fmt::format("static 997.618034/s {}s", 2 * kStalls)).value();
  model.max_in_flight = variant.max_in_flight;
  const Target target{.origin = server.origin(), .client = {.connections = variant.connections}};
  const auto summary = observed(trial,
                                {.name = "stall",
                                 .task = asking(target, answers),
                                 .load = std::move(model),
                                 .iterations = {},
                                 .warmup = 1s},  // so that what is measured holds whole stalls only
                                variant.io);
  if (!summary) return trial;
  const auto stalls = server.stalls();
  const HostWatch::Seen seen = host.finish(waited(*summary));
  trial.close(seen);

  const auto& load = summary->load;
  const auto response = summary->metrics.histogram(metrics::names::kResponseTime);
  trial.require(load.failed == 0 && load.interrupted == 0 && load.dropped() == 0, "an iteration did not succeed");
  trial.require(load.max_in_flight <= variant.max_in_flight, "more in flight than allowed");
  trial.expect(load.succeeded == *load.target, "arrivals were missed", 1ms);
  trial.expect(
      summary->verdict.status == engine::VerdictStatus::valid,
      "a slow target never makes a run invalid, but this one is " + testing::PrintToString(summary->verdict.reasons),
      1ms);
  const auto expected = waits(answers->origin, *load.target, stalls);
  trial.require(
      std::ranges::count_if(stalls, [&](const auto& each) { return each.begin > answers->origin; }) >= kStalls,
      "the server logged fewer stalls than it had");
  for (const std::size_t per_mille : {900, 950, 990, 999}) {
    const double by_log_ns = quantile_ns(expected, per_mille);
    // Where one waits for the other, those before it in the line are served first: on a machine on which a bare client
    // needs long for that, we may take twice as long.
    const double before = double(expected.size()) * double(1000 - per_mille) / 1000 / kStalls;
    const double bound_ns = std::max(per_mille >= 990 ? by_log_ns / 100 : 3e6, before * 2 * exchange_ns);
    const double seen_ns = double(response.percentile(double(per_mille) / 10));
    const std::string name = fmt::format("p{}", double(per_mille) / 10);
    trial.note(fmt::format("{}: {:.3f} ms, {:+.3f} ms to the log", name, seen_ns * 1e-6, (seen_ns - by_log_ns) * 1e-6));
    trial.expect_near(seen_ns, by_log_ns, bound_ns, name, kStalls);
  }
  trial.expect_near(double(response.percentile(50)), 0, 1e6, "p50, which meets no stall");
  trial.note(seen.text());
  return trial;
}

class RealStall : public testing::TestWithParam<Variant> {};

TEST_P(RealStall, ResponseTimesAreThoseOfTheServersLog) {
  prove([] { return stalled(GetParam()); });
}

INSTANTIATE_TEST_SUITE_P(WhateverIsAllowed, RealStall,
                         testing::Values(Variant{1, 10'000, IoKind::io_uring}, Variant{10, 10'000, IoKind::io_uring},
                                         Variant{10, 10, IoKind::epoll}, Variant{1000, 10'000, IoKind::io_uring},
                                         Variant{1000, 1, IoKind::io_uring}, Variant{1000, 10'000, IoKind::epoll}),
                         [](const auto& each) {
                           return fmt::format("{}Connections{}InFlight_{}", each.param.connections,
                                              each.param.max_in_flight, integration::name_of(each.param.io));
                         });

}  // namespace
}  // namespace vajrapulse::proofs
