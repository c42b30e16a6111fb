#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>

#include "../../integration/harness.hpp"
#include "observed_run.hpp"
#include "vajrapulse/engine/load_language.hpp"
#include "vajrapulse/metrics/names.hpp"

// A server that answers after 5 ms, exactly: every percentile is 5 ms and what the way there and back takes.
namespace vajrapulse::proofs {
namespace {

using namespace std::chrono_literals;
using runtime::IoKind;

constexpr Duration kLatency = 5ms;

/// Somebody is woken four times: for the start, the request, the latency, the answer; and all of it takes some CPU.
Duration wakeups(const HostWatch::Seen& host, double percentile) { return 4 * host.floor(percentile) + 200us; }

Trial constant(IoKind io) {
  Trial trial;
  http::DemoSettings settings;
  settings.latency = {.shape = http::LatencyModel::Shape::fixed, .mean = kLatency};
  start_threads_on(kServersProcessor);
  integration::DemoHost server(io, settings);
  HostWatch host;
  engine::OpenModel model;
  model.pattern = engine::parse_load("static 1000/s 3s").value();
  const auto answers = std::make_shared<Answers>();
  const Target target{.origin = server.origin(), .client = {}};
  const auto summary = observed(
      trial,
      {.name = "latency", .task = asking(target, answers), .load = std::move(model), .iterations = {}, .warmup = 500ms},
      io);
  if (!summary) return trial;
  const HostWatch::Seen seen = host.finish(waited(*summary));
  trial.close(seen);
  trial.require(summary->load.failed == 0 && summary->load.dropped() == 0, "an iteration did not succeed");
  const auto response = summary->metrics.histogram(metrics::names::kResponseTime);
  trial.require(response.min() >= to_ns(kLatency), "an answer came before the server gives one");
  for (const double percentile : {50.0, 90.0}) {
    const double seen_ns = double(response.percentile(percentile));
    const double bound_ns = double(to_ns(kLatency + wakeups(seen, percentile)));
    trial.expect(seen_ns <= bound_ns,
                 fmt::format("p{} is {:.3f} ms, more than {:.3f} ms", percentile, seen_ns * 1e-6, bound_ns * 1e-6),
                 Duration(std::llround((seen_ns - bound_ns) * double(response.count()) * (1 - percentile / 100))));
    trial.note(fmt::format("p{}: {:.3f} ms, of at most {:.3f}", percentile, seen_ns * 1e-6, bound_ns * 1e-6));
  }
  const Duration long_time = kLatency + wakeups(seen, 99) + 500us;  // some wait for each other
  // Further up are those that the host held up; of the others hardly any takes longer.
  std::size_t calm = 0, long_ones = 0;
  for (const Answers::Answered& each : answers->all) {
    if (seen.disturbed(each.intended, each.at)) continue;
    ++calm;
    if (each.at - each.intended > long_time) ++long_ones;
  }
  trial.expect(calm >= answers->all.size() / 4, "hardly any request was not disturbed", 1ms);
  trial.expect(long_ones <= calm / 100, fmt::format("{} of {} undisturbed requests took too long", long_ones, calm),
               std::int64_t(long_ones) * HostWatch::kPause);
  trial.note(fmt::format("{} of {} undisturbed requests took longer than {:.3f} ms", long_ones, calm,
                         double(to_ns(long_time)) * 1e-6));
  trial.note(seen.text());
  return trial;
}

class RealLatency : public testing::TestWithParam<IoKind> {};
INSTANTIATE_TEST_SUITE_P(Both, RealLatency, testing::Values(IoKind::io_uring, IoKind::epoll),
                         [](const auto& each) { return std::string(integration::name_of(each.param)); });

TEST_P(RealLatency, AConstantServerTakesTheSameTimeAtEveryPercentile) {
  prove([] { return constant(GetParam()); });
}

}  // namespace
}  // namespace vajrapulse::proofs
