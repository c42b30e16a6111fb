#include <cstddef>
#include <cstdlib>
#include <memory>
#include <string>

#include "vajrapulse/document/read.hpp"
#include "vajrapulse/metrics/names.hpp"
#include "vajrapulse/plan/assertions.hpp"

// Whatever a plan says under `assertions` is refused with a place, or follows a run and is judged.
namespace {

using namespace vajrapulse;
namespace names = metrics::names;

void require(bool holds) {
  if (!holds) std::abort();
}

metrics::Snapshot second_of(const std::string& scenario) {
  metrics::Registry registry;
  metrics::Recorder recorder(registry, TimePoint{});
  for (const char* status : {"success", "failure"}) {
    const metrics::Tags tags = {{"scenario", scenario}, {"status", status}, {"task", "buy"}};
    recorder.add(registry.counter(names::kExecutionTotal, tags), 10);
    recorder.record(registry.histogram(names::kResponseTime, tags), std::int64_t{250'000'000});
  }
  metrics::Snapshot snapshot;
  const auto interval = recorder.swap(TimePoint(std::chrono::seconds(1)), nullptr);
  snapshot.add(*interval);
  return snapshot;
}

void follow(plan::Assertions& assertions, std::size_t entries) {
  int ends = 0;
  assertions.on_abort([&](const std::string& why) {
    ++ends;
    require(!why.empty());
  });
  const metrics::Snapshot steady = second_of("steady-state"), crowd = second_of("crowd");
  for (int t = 0; t < 4; ++t) {
    assertions.on_interval(t, engine::Phase::measure, steady);
    assertions.on_interval(t + 0.5, engine::Phase::measure, crowd);
  }
  assertions.on_interval(4, engine::Phase::drain, steady);
  engine::RunSummary summary{.run = {.duration_s = 4}};
  summary.metrics.merge(steady);
  summary.scenarios = {{.name = "steady-state", .duration_s = 4, .load = {.started = 20}},
                       {.name = "crowd", .skipped = "it was late"}};
  const auto results = assertions.judge(summary);
  require(results.size() == entries && ends <= 1);
  for (const engine::AssertionResult& result : results)
    require(!result.text.empty() && !(result.passed && result.aborted));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  document::Diagnostics found;
  const auto node = document::read(std::make_shared<document::Source>("plan.yml", text), found);
  if (!node) return 0;
  schema::Reading reading(found);
  std::vector<plan::AssertionSpec> specs;
  if (!plan::assertions_shape()->read(*node, specs, reading)) {
    require(!found.ok());
    return 0;
  }
  const auto assertions =
      plan::Assertions::compile(specs,
                                {{.name = "steady-state", .planned = 100, .duration = std::chrono::seconds(4)},
                                 {.name = "crowd", .open_model = false},
                                 {.name = "warmup", .measured = false}},
                                found);
  require((assertions != nullptr) == found.ok());
  if (assertions) follow(*assertions, specs.size());
  return 0;
}
