// What one empty iteration costs from arrival to recorded end, on a reactor that does nothing else.
#include <benchmark/benchmark.h>

#include "shard_run.hpp"
#include "vajrapulse/engine/arrivals.hpp"
#include "vajrapulse/engine/load_language.hpp"

#include <time.h>

namespace vajrapulse::engine {
namespace {

using namespace std::chrono_literals;

/// The machine's clock, read as a real reactor reads it, plus time that is skipped.
class BareReactor final : public runtime::Reactor {
 public:
  BareReactor() : Reactor(read()) {}
  static TimePoint read() noexcept {
    timespec ts{};
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return TimePoint(Duration(ts.tv_sec * 1'000'000'000 + ts.tv_nsec));
  }
  [[nodiscard]] std::string_view name() const noexcept override { return "bare"; }
  [[nodiscard]] TimePoint now() const noexcept override { return read() + skipped_; }
  [[nodiscard]] WallTime wall_now() const noexcept override { return WallTime(now().time_since_epoch()); }
  bool start_connect(runtime::ConnectOp&) override { return false; }
  void abort_connect(runtime::ConnectOp&, ErrorKind) override {}
  Expected<std::unique_ptr<runtime::Listener>> listen(const runtime::Address&) override { std::abort(); }
  bool start_poll(runtime::PollOp&) override { return false; }
  void cancel_poll(runtime::PollOp&) override {}
  runtime::Resolver& resolver() override { std::abort(); }
  void defer(runtime::Operation&) override {}
  void post(std::move_only_function<void()> message) override { message(); }
  void run() override {}
  void stop() override {}
  /// One turn, straight to the next alarm.
  void turn() {
    const TimePoint begin = now();
    if (const auto wake = timers_.next_wake(); wake && *wake > begin) skipped_ += *wake - begin;
    event_time_ = now();
    timers_.fire_due(event_time_);
  }

 private:
  Duration skipped_{};
};

struct Empty final : Task {
  Co<Result> execute(Iteration&) override { co_return Result::success(); }
};

Scenario scenario_of(OpenModel model) {
  return {.name = "bench", .task = task<Empty>("empty"), .load = std::move(model), .iterations = {}};
}

void empty_iteration(benchmark::State& state) {
  BareReactor reactor;
  const auto scenario = std::make_shared<const Scenario>(
      scenario_of({.pattern = static_pattern(std::int64_t(state.range(0)) * 1'000'000)}));
  ShardRun shard(scenario, 1, reactor, {}, [] {});
  auto prepare = [](ShardRun& of) -> runtime::Co<void> { (void)co_await of.prepare(nullptr); };
  runtime::spawn(prepare(shard));
  const TimePoint origin = reactor.now();
  shard.begin({.warmup_begin = origin, .origin = origin, .end = TimePoint::max()});
  std::uint64_t started = 0;
  for (auto _ : state)
    reactor.turn();
  ShardReport report = shard.collect();
  started = report.load[Part::measure].started;
  auto teardown = [](ShardRun& of) -> runtime::Co<void> { co_await of.teardown(); };
  runtime::spawn(teardown(shard));
  state.SetItemsProcessed(std::int64_t(started));
}
// One arrival a turn, and a rate at which every turn finds a full batch of overdue ones.
BENCHMARK(empty_iteration)->Arg(1'000)->Arg(100'000)->Arg(1'000'000'000);

void next_even(benchmark::State& state) {
  const auto pattern = static_pattern(12'345'678'901);
  Arrivals arrivals(*pattern, {.length = 8'000h}, {.first = 1, .stride = 4});
  for (auto _ : state)
    benchmark::DoNotOptimize(arrivals.next());
}
BENCHMARK(next_even);

void next_ramp(benchmark::State& state) {
  const auto pattern = *parse_load("ramp 1..50000/s 8000h");
  Arrivals arrivals(*pattern, {.length = 8'000h}, {});
  for (auto _ : state)
    benchmark::DoNotOptimize(arrivals.next());
}
BENCHMARK(next_ramp);

void next_poisson(benchmark::State& state) {
  const auto pattern = static_pattern(12'345'678'901);
  Arrivals arrivals(*pattern, {.kind = ArrivalKind::poisson, .seed = 1, .length = 8'000h}, {});
  for (auto _ : state)
    benchmark::DoNotOptimize(arrivals.next());
}
BENCHMARK(next_poisson);

}  // namespace
}  // namespace vajrapulse::engine
