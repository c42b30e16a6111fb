#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vajrapulse/engine/run.hpp"
#include "vajrapulse/runtime/reactor.hpp"
#include "vajrapulse/runtime/simulated/world.hpp"

namespace vajrapulse::engine::test {

using namespace std::chrono_literals;

/// Notes everything, and checks at every step that the accounts add up.
class Witness final : public RunObserver {
 public:
  void on_progress(const Progress& progress) override;
  void on_interval(double t, Phase phase, const metrics::Snapshot& interval) override;
  void on_message(const std::string& line) override { messages.push_back(line); }
  std::vector<Progress> steps;
  std::vector<std::string> messages;
  std::uint64_t responses_in_intervals = 0;
  std::vector<std::pair<Phase, metrics::Gauge>> users;  ///< of each interval in which there were to be some
};

/// One run in a room, from prepare to summary.
struct Trial {
  runtime::simulated::World world;
  Witness witness;
  RunSettings settings;
  std::vector<runtime::Reactor*> shards;
  std::unique_ptr<Run> run;
  std::optional<Expected<RunSummary>> outcome;

  explicit Trial(const runtime::simulated::Weather& weather = {}) : world(20260101, weather) {}
  [[nodiscard]] TimePoint now() const { return world.clock().now(); }
  void begin(Scenario scenario, std::size_t shard_count = 1);
  void begin(std::vector<PlannedScenario> plan, std::size_t shard_count = 1);
  void run_to(TimePoint time) { world.run(time); }
  /// `begin`, and on to the end.
  RunSummary complete(Scenario scenario, std::size_t shard_count = 1);
  RunSummary finish();
};

/// A run that is told things at moments counted from the start of measuring.
class Steered : public Trial {
 public:
  Steered(Scenario scenario, std::size_t shard_count);
  /// `control` takes effect `at`.
  void tell(Duration at, const Control& control);
  [[nodiscard]] std::string refusal(const Control& control) const;
  [[nodiscard]] TimePoint origin() const { return origin_; }

 private:
  TimePoint origin_;
};

Scenario open_scenario(std::string_view load, NamedTask task);
Scenario closed_scenario(std::uint64_t users, Duration duration, NamedTask task);
/// A task that takes this long and succeeds.
NamedTask sleeping(Duration duration);

}  // namespace vajrapulse::engine::test
