#include <benchmark/benchmark.h>

#include "vajrapulse/base/random.hpp"
#include "vajrapulse/metrics/names.hpp"
#include "vajrapulse/report/result_file.hpp"

namespace vajrapulse::report {
namespace {

/// A plan with `names` requests, six phases each, a hundred of each sent.
engine::RunSummary run_with(std::int64_t names) {
  metrics::Registry registry;
  metrics::Recorder recorder(registry, TimePoint{});
  Random random(1);
  for (std::int64_t name = 0; name < names; ++name) {
    for (const char* phase : {"blocked", "connect", "receive", "send", "total", "wait"}) {
      const auto id = registry.histogram(metrics::names::kRequestDuration, {{"name", "GET /" + std::to_string(name)},
                                                                            {"phase", phase},
                                                                            {"scenario", "s"},
                                                                            {"status", "success"},
                                                                            {"task", "t"}});
      for (int i = 0; i < 100; ++i)
        recorder.record(id, std::int64_t(100'000 + random.below(1'000'000)));
    }
  }
  engine::RunSummary run;
  run.metrics.add(*recorder.swap(TimePoint(std::chrono::seconds(1)), nullptr));
  return run;
}

void write_json(benchmark::State& state) {
  const engine::RunSummary run = run_with(state.range(0));
  std::size_t bytes = 0;
  for (auto _ : state)
    bytes = to_json(run).size();
  state.counters["bytes"] = double(bytes);
}
BENCHMARK(write_json)->Arg(10)->Arg(1'000)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace vajrapulse::report
