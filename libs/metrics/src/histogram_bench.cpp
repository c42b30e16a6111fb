#include "vajrapulse/metrics/histogram.hpp"

#include <benchmark/benchmark.h>

#include <cmath>
#include <vector>

#include "vajrapulse/base/random.hpp"

namespace vajrapulse::metrics {
namespace {

/// Latencies as a run meets them: around 200 µs with a long tail.
std::vector<std::int64_t> latencies() {
  Random random(1);
  std::vector<std::int64_t> values(1 << 16);
  for (std::int64_t& value : values)
    value = std::int64_t(200'000 * std::exp(random.normal()));
  return values;
}

/// What it costs to walk the values without recording them: the peer that the next one is measured against.
void walk_values(benchmark::State& state) {
  const auto values = latencies();
  std::size_t i = 0;
  for (auto _ : state)
    benchmark::DoNotOptimize(values[i++ % values.size()]);
}
BENCHMARK(walk_values);

void record(benchmark::State& state) {
  const auto values = latencies();
  Histogram histogram;
  std::size_t i = 0;
  for (auto _ : state)
    histogram.record(values[i++ % values.size()]);
  benchmark::DoNotOptimize(histogram.count());
}
BENCHMARK(record);

void merge(benchmark::State& state) {
  Histogram part, total;
  for (const std::int64_t value : latencies())
    part.record(value);
  for (auto _ : state)
    total.merge(part);
  benchmark::DoNotOptimize(total.count());
}
BENCHMARK(merge);

void percentile(benchmark::State& state) {
  Histogram histogram;
  for (const std::int64_t value : latencies())
    histogram.record(value);
  for (auto _ : state)
    benchmark::DoNotOptimize(histogram.percentile(99));
}
BENCHMARK(percentile);

}  // namespace
}  // namespace vajrapulse::metrics
