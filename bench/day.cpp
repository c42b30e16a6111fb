// A simulated day under load, and the report it leaves: `./dev bench scale` looks at its size and at how long it took
// to be ready.
//
//   day RATE HOURS FILE    one line of JSON: {"iterations":…,"report_s":…,"bytes":…}
#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "vajrapulse/engine/load_language.hpp"
#include "vajrapulse/engine/run.hpp"
#include "vajrapulse/metrics/names.hpp"
#include "vajrapulse/report/result_file.hpp"
#include "vajrapulse/runtime/simulated/world.hpp"

namespace {

using namespace vajrapulse;
using namespace std::chrono_literals;

/// Sleeps a log-normal time and records it as a request of one of a hundred names: a web site's day.
class Visit final : public Task {
 public:
  Co<Result> execute(Iteration& iteration) override {
    const Duration time(std::int64_t(5e6 * std::exp(iteration.random().normal())));
    co_await iteration.sleep(time);
    metrics::Recorder& recorder = iteration.recorder();
    if (requests_.empty()) look_up(recorder.registry());
    recorder.record(requests_[iteration.index() % requests_.size()], time);
    if (iteration.index() % 1000 == 7) co_return Result::failure(kUsage, "one in a thousand fails");
    co_return Result::success();
  }

 private:
  void look_up(metrics::Registry& registry) {
    for (int i = 0; i < 100; ++i)
      requests_.push_back(registry.histogram(metrics::names::kRequestDuration,
                                             {{"name", "GET /" + std::to_string(i)}, {"phase", "total"}}));
  }
  std::vector<metrics::HistogramId> requests_;
};

runtime::Co<void> follow(engine::Run& run, std::optional<Expected<engine::RunSummary>>& into) {
  auto whole = run.execute();
  into = co_await whole;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) {
    std::fprintf(stderr, "day RATE HOURS FILE\n");
    return 2;
  }
  const std::string load = "static " + std::string(argv[1]) + "/s " + std::string(argv[2]) + "h";
  auto pattern = engine::parse_load(load);
  if (!pattern) {
    std::fprintf(stderr, "day: %s\n", pattern.error().message.c_str());
    return 2;
  }
  runtime::simulated::World world(1);
  runtime::Reactor& control = world.reactor("control");
  runtime::Reactor& shard = world.reactor("shard");
  engine::OpenModel model;
  model.pattern = std::move(*pattern);
  model.arrivals = engine::ArrivalKind::poisson;
  engine::Scenario scenario{.name = "day", .task = task<Visit>("visit"), .load = std::move(model), .iterations = {}};
  engine::Run run({.name = "day", .version = "0", .seed = 1}, std::move(scenario), control, {&shard});
  std::optional<Expected<engine::RunSummary>> outcome;
  runtime::spawn(follow(run, outcome));
  // All but the last second is the day; what is left then is the drain, the summary and the file.
  const TimePoint evening = world.clock().now() + std::chrono::hours(std::atoi(argv[2])) - 1s;
  world.run(evening);
  const auto begin = std::chrono::steady_clock::now();
  while (!outcome && world.run(world.clock().now() + 1s) > 0) {
  }
  if (!outcome || !*outcome || !report::write_result(**outcome, argv[3])) return 1;
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  std::printf(R"({"iterations":%llu,"report_s":%.3f,"bytes":%llu})"
              "\n",
              static_cast<unsigned long long>((*outcome)->load.completed()), took.count(),
              static_cast<unsigned long long>(std::filesystem::file_size(argv[3])));
  return 0;
}
