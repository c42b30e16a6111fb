#include "vajrapulse/criteria/expression.hpp"

#include <benchmark/benchmark.h>

namespace vajrapulse::criteria {
namespace {

struct Captured : Names, Values {
  Expected<Binding> bind(const Reference&) override { return Binding{0, Type::any}; }
  [[nodiscard]] Value at(std::uint32_t) const override { return value; }
  Value value = Value::of("200");
};

/// The same condition written in C++: the peer that the next one is measured against.
void condition_in_cpp(benchmark::State& state) {
  double status = 200;
  for (auto _ : state) {
    benchmark::DoNotOptimize(status);
    benchmark::DoNotOptimize(status >= 200 && status < 300);
  }
}
BENCHMARK(condition_in_cpp);

void condition(benchmark::State& state) {
  Captured captured;
  const auto expression = Expression::compile("status >= 200 and status < 300", captured);
  for (auto _ : state)
    benchmark::DoNotOptimize(expression->holds(captured));
}
BENCHMARK(condition);

void compile(benchmark::State& state) {
  Captured captured;
  for (auto _ : state)
    benchmark::DoNotOptimize(Expression::compile("status >= 200 and status < 300", captured));
}
BENCHMARK(compile);

}  // namespace
}  // namespace vajrapulse::criteria
