#include <benchmark/benchmark.h>

#include <cstdio>
#include <string>
#include <utility>

#include "test_plan.hpp"

namespace vajrapulse::plan {
namespace {

using criteria::Value;
using test::Play;
using test::Stage;

/// The same text put together in C++: the peer that the next one is measured against.
void append_by_hand(benchmark::State& state) {
  const std::string token = "0123456789abcdef0123456789abcdef";
  std::string out;
  for (auto _ : state) {
    out.clear();
    out += "Bearer ";
    out += token;
    out += "; k=";
    char digits[24];
    const int length = std::snprintf(digits, sizeof digits, "%d", 17);
    out.append(digits, std::size_t(length));
    benchmark::DoNotOptimize(out.data());
  }
}
BENCHMARK(append_by_hand);

void render(benchmark::State& state) {
  Stage stage;
  const Slot token = stage.vocabulary.declare("token");
  const auto compiled = Template::compile("Bearer {{token}}; k={{iteration}}", stage.vocabulary);
  stage.renew();
  stage.moment.variables().set(token, Value::of("0123456789abcdef0123456789abcdef"));
  std::string out;
  for (auto _ : state) {
    out.clear();
    benchmark::DoNotOptimize(compiled->render(stage.moment, out));
  }
}
BENCHMARK(render);

void render_uuid(benchmark::State& state) {
  Stage stage;
  const auto compiled = Template::compile("{{uuid()}}", stage.vocabulary);
  stage.renew();
  std::string out;
  for (auto _ : state) {
    out.clear();
    benchmark::DoNotOptimize(compiled->render(stage.moment, out));
  }
}
BENCHMARK(render_uuid);

struct Nothing final : Task {
  Co<Result> execute(Iteration&) override { co_return Result::success(); }
};

runtime::Co<void> repeated(benchmark::State& state, Task& task, Iteration& iteration) {
  for (auto _ : state) {
    auto working = task.execute(iteration);
    const Result result = co_await working;
    benchmark::DoNotOptimize(result.ok());
  }
}

/// What a task in C++ that does nothing costs: what a program adds to it is the price of a plan.
void task_in_cpp(benchmark::State& state) {
  Stage stage;
  Nothing task;
  runtime::spawn(repeated(state, task, stage.iteration));
}
BENCHMARK(task_in_cpp);

void run_plan(benchmark::State& state, const char* yaml) {
  Play play(yaml);
  play.vocabulary.constant("limit", "5");
  PlanTask task(play.compile());
  runtime::spawn(repeated(state, task, play.iteration));
}
BENCHMARK_CAPTURE(run_plan, one_step, "main: [ { stop-iteration: iteration == 5 } ]");
BENCHMARK_CAPTURE(run_plan, think_if_set,
                  "main: [ { think: 0 }, { if: iteration > 5, then: [ { set: { a: '{{iteration}}' } } ] }, "
                  "{ set: { b: 'n{{a}}' } } ]");

}  // namespace
}  // namespace vajrapulse::plan
