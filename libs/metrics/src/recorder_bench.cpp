#include "vajrapulse/metrics/recorder.hpp"

#include <benchmark/benchmark.h>

#include <array>
#include <cmath>
#include <vector>

#include "vajrapulse/base/random.hpp"
#include "vajrapulse/metrics/names.hpp"
#include "vajrapulse/metrics/snapshot.hpp"

namespace vajrapulse::metrics {
namespace {

std::vector<std::int64_t> latencies() {
  Random random(1);
  std::vector<std::int64_t> values(1 << 16);
  for (std::int64_t& value : values)
    value = std::int64_t(200'000 * std::exp(random.normal()));
  return values;
}

/// All that one execution leaves behind: six histograms, three counters.
void record_execution(benchmark::State& state) {
  Registry registry;
  Recorder recorder(registry, TimePoint{});
  const std::array<HistogramId, 6> histograms{
      registry.histogram(names::kExecutionDuration),   registry.histogram(names::kResponseTime),
      registry.histogram(names::kResponseTimeLessLag), registry.histogram(names::kStartDelay),
      registry.histogram(names::kSchedulerLag),        registry.histogram(names::kQueueWait)};
  const std::array<CounterId, 3> counters{registry.counter(names::kExecutionTotal),
                                          registry.counter(names::kRequestTotal),
                                          registry.counter(names::kRequestBytes)};
  const auto values = latencies();
  std::size_t i = 0;
  for (auto _ : state) {
    const std::int64_t value = values[i++ % values.size()];
    std::int64_t offset = 0;
    for (const HistogramId id : histograms)
      recorder.record(id, value + (offset += 1'000));
    for (const CounterId id : counters)
      recorder.add(id, 1);
  }
}
BENCHMARK(record_execution);

/// A second's hand-over on the control thread: 1,000 names with eight histograms and two counters each.
void add_interval_to_snapshot(benchmark::State& state) {
  Registry registry;
  Recorder recorder(registry, TimePoint{});
  const auto values = latencies();
  std::size_t i = 0;
  for (int name = 0; name < 1000; ++name) {
    const auto tags = [&](const char* key, const char* value) {
      return Tags{{"name", "GET /" + std::to_string(name)}, {"scenario", "s"}, {"task", "t"}, {key, value}};
    };
    for (const char* phase : {"blocked", "connect", "dns", "receive", "send", "tls", "total", "wait"}) {
      const HistogramId id = registry.histogram(names::kRequestDuration, tags("phase", phase));
      for (int times = 0; times < 20; ++times)
        recorder.record(id, values[i++ % values.size()]);
    }
    recorder.add(registry.counter(names::kRequestTotal, tags("status", "success")), 20);
    recorder.add(registry.counter(names::kRequestBytes, tags("direction", "received")), 20);
  }
  const auto interval = recorder.swap(TimePoint(std::chrono::seconds(1)), nullptr);
  Snapshot snapshot;
  for (auto _ : state)
    snapshot.add(*interval);
}
BENCHMARK(add_interval_to_snapshot)->Unit(benchmark::kMillisecond);

/// The swap on the shard, with the memory handed back.
void swap_interval(benchmark::State& state) {
  Registry registry;
  Recorder recorder(registry, TimePoint{});
  std::vector<HistogramId> histograms;
  for (int i = 0; i < 30; ++i)
    histograms.push_back(registry.histogram("h", {{"name", std::to_string(i)}}));
  const auto values = latencies();
  std::unique_ptr<Interval> interval;
  std::int64_t now = 0;
  for (auto _ : state) {
    state.PauseTiming();
    for (const HistogramId id : histograms)
      for (std::size_t i = 0; i < 1000; ++i)
        recorder.record(id, values[i]);
    state.ResumeTiming();
    interval = recorder.swap(TimePoint(Duration(++now)), std::move(interval));
  }
}
BENCHMARK(swap_interval)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace vajrapulse::metrics
