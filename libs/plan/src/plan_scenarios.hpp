#pragma once

#include <memory>
#include <string>
#include <vector>

#include "plan_tables.hpp"
#include "plan_values.hpp"
#include "run_relay.hpp"
#include "vajrapulse/engine/run.hpp"
#include "vajrapulse/plan/ready_plan.hpp"
#include "vajrapulse/plan/shared_place.hpp"

namespace vajrapulse::plan {

/// Everything that a plan's tasks are compiled from, on each shard again; unchanged once the plan has been read.
struct PlanSource {
  std::shared_ptr<const document::Node> document;  ///< which the plan refers to
  Plan plan;
  std::vector<StepKind> kinds;
  PlanValues values;
  PlanTables tables;
  SharedPlaces shared;
  std::vector<NamedTask> native;
  std::shared_ptr<RunRelay> relay = std::make_shared<RunRelay>();
  std::vector<std::unique_ptr<document::Node>> made;  ///< steps that nobody wrote: weighted tasks, --url
};

/// One scenario's task: a program for each shard.
class ScenarioTask {
 public:
  /// `task` is compiled; `scenario` is for the stop.
  ScenarioTask(std::shared_ptr<const PlanSource> source, std::string task, std::string scenario)
      : source_(std::move(source)), task_(std::move(task)), scenario_(std::move(scenario)) {}

  /// Compiles it once, to find out what is wrong and which data it uses.
  bool check(const document::Place& place, document::Diagnostics& found);
  /// Feeds of the sources that it uses, each beginning at the given offset.
  bool choose_feeds(const std::map<std::string, std::uint64_t, std::less<>>& offsets, document::Diagnostics& found);
  [[nodiscard]] const std::vector<std::string>& sources() const noexcept { return sources_; }
  [[nodiscard]] std::unique_ptr<Task> make() const;

 private:
  [[nodiscard]] Program compile(document::Diagnostics& found) const;
  [[nodiscard]] std::unique_ptr<Vocabulary> vocabulary() const;

  struct Use {
    std::string source;
    std::vector<std::string> columns;
    std::shared_ptr<const data::Feed> feed;
  };
  std::shared_ptr<const PlanSource> source_;
  std::string task_, scenario_;
  document::Place place_;
  std::vector<std::string> sources_;
  std::vector<Use> uses_;
};

}  // namespace vajrapulse::plan
