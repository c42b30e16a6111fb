// What one request costs as a step of a plan, beside the same request as a task in C++; canned answers, no engine.
// Fixed lengths, so that instructions can be counted: the difference of two lengths under callgrind.
#include <benchmark/benchmark.h>

#include <memory>
#include <optional>
#include <stdexcept>
#include <string>

#include "canned_reactor.hpp"
#include "vajrapulse/document/read.hpp"
#include "vajrapulse/http/http_task.hpp"
#include "vajrapulse/http_plan/http_plan.hpp"
#include "vajrapulse/plan/plan_task.hpp"
#include "vajrapulse/plan/steps.hpp"

namespace vajrapulse::http_plan {
namespace {

// As nginx answers for a small page.
constexpr std::string_view kAnswer =
    "HTTP/1.1 200 OK\r\nServer: nginx/1.22.1\r\nDate: Mon, 23 Nov 2026 21:30:13 GMT\r\nContent-Type: text/html\r\n"
    "Content-Length: 5\r\nLast-Modified: Mon, 23 Nov 2026 21:00:00 GMT\r\nConnection: keep-alive\r\n"
    "ETag: \"6564a1b0-5\"\r\nAccept-Ranges: bytes\r\n\r\nhello";

/// A plan's task `main`, compiled.
class Compiled {
 public:
  explicit Compiled(const std::string& yaml) {
    document::Diagnostics found;
    document_ = document::read(std::make_shared<const document::Source>("plan.yml", yaml), found);
    schema::Reading reading(found);
    http_.configure(document_->find("http"), reading);
    kinds_ = plan::step_kinds();
    for (plan::StepKind& kind : http_.protocol().steps)
      kinds_.push_back(std::move(kind));
    plan::Program program;
    program.vocabulary = std::make_unique<plan::Vocabulary>();
    plan::Surroundings surroundings;
    surroundings.tasks.emplace("main", document_->find("tasks"));
    plan::Compiler compiler(kinds_, *program.vocabulary, found, std::move(surroundings));
    program.routine = compiler.routine("main", {});
    if (!found.ok()) throw std::runtime_error(found.written(document::Format::text));
    task = std::make_unique<plan::PlanTask>(std::move(program));
  }

  std::unique_ptr<Task> task;

 private:
  std::optional<document::Node> document_;
  HttpPlan http_;
  std::vector<plan::StepKind> kinds_;
};

runtime::Co<void> loop(Task& task, const Scope& scope, const bool& stop) {
  TaskContext context(scope, {.scenario = "bench", .task = "get"});
  auto beginning = task.init(context);
  if (const Status status = co_await beginning; !status) std::abort();
  for (std::uint64_t k = 0; !stop; ++k) {
    Iteration iteration(scope, {.scenario = "bench", .task = "get", .index = k});
    auto working = task.execute(iteration);
    const Result result = co_await working;
    if (!result.ok()) std::abort();
  }
}

void run(benchmark::State& state, Task& task) {
  http::CannedReactor reactor(kAnswer);
  metrics::Registry registry;
  metrics::Recorder recorder(registry, reactor.now());
  runtime::Cancellation cancellation;
  Random random(1);
  const Scope scope(reactor, recorder, cancellation, random);
  bool stop = false;
  runtime::spawn(loop(task, scope, stop));
  for (auto _ : state)
    reactor.turn();
  stop = true;
  reactor.turn();
}

void task_get(benchmark::State& state) {
  http::HttpTask task({}, {{.url = "http://127.0.0.1/"}});
  run(state, task);
}
BENCHMARK(task_get)->Iterations(5000);
BENCHMARK(task_get)->Iterations(25000);

const std::string kSection = "http: { base-url: 'http://127.0.0.1' }\ntasks:\n";

void run_plan(benchmark::State& state, const std::string& steps) {
  const Compiled compiled(kSection + steps);
  run(state, *compiled.task);
}
void plan_get(benchmark::State& state) { run_plan(state, "- http: GET /\n"); }
void plan_expect_status(benchmark::State& state) { run_plan(state, "- http: GET /\n  expect: { status: 200 }\n"); }
void plan_expect_body(benchmark::State& state) {
  run_plan(state, "- http: GET /\n  expect: { status: 200, body: { contains: hello } }\n");
}
void plan_varying(benchmark::State& state) {
  run_plan(state, "- http: GET /items/{{iteration}}\n  headers: { x-turn: '{{iteration}}' }\n");
}
BENCHMARK(plan_get)->Iterations(5000);
BENCHMARK(plan_get)->Iterations(25000);
BENCHMARK(plan_expect_status)->Iterations(5000);
BENCHMARK(plan_expect_status)->Iterations(25000);
BENCHMARK(plan_expect_body)->Iterations(5000);
BENCHMARK(plan_expect_body)->Iterations(25000);
BENCHMARK(plan_varying)->Iterations(5000);
BENCHMARK(plan_varying)->Iterations(25000);

}  // namespace
}  // namespace vajrapulse::http_plan
