#include <benchmark/benchmark.h>

#include "vajrapulse/script/interpreter.hpp"

namespace vajrapulse::script {
namespace {

class Fixed : public Surroundings {
 public:
  std::optional<Value> get(std::string_view name) override {
    if (name == "token") return Value::of("abc");
    return std::nullopt;
  }
  bool has_fields(std::string_view) override { return false; }
  Status set(std::string_view, const Value&) override { return {}; }
  void log(std::string_view) override {}
  Random& random() override { return random_; }
  std::uint64_t iteration() override { return 1; }
  std::uint64_t user() override { return 2; }

 private:
  Random random_{1};
};

void run(benchmark::State& state, std::string_view source) {
  Interpreter interpreter;
  Fixed around;
  const Chunk chunk = *interpreter.compile(source);
  for (auto _ : state) {
    Environment environment;
    benchmark::DoNotOptimize(interpreter.run(chunk, environment, around));
  }
}

/// What every script costs: the peer that the next ones are measured against.
void empty_script(benchmark::State& state) { run(state, ""); }
BENCHMARK(empty_script);

void three_lines(benchmark::State& state) {
  run(state, "local id = token .. '-' .. iteration\nif token == nil then fail('none') end\nvars.id = id");
}
BENCHMARK(three_lines);

void loop_of_10000(benchmark::State& state) { run(state, "local n = 0 for i = 1, 10000 do n = n + i % 7 end"); }
BENCHMARK(loop_of_10000);

void signature(benchmark::State& state) {
  run(state,
      "local s = token for i = 1, 10 do s = s:gsub('%w', function(c) return c .. 'x' end):sub(1, 20) end vars.s = s");
}
BENCHMARK(signature);

}  // namespace
}  // namespace vajrapulse::script
