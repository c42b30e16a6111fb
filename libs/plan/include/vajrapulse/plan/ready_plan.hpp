#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "vajrapulse/api/task.hpp"
#include "vajrapulse/document/config.hpp"
#include "vajrapulse/document/diagnostics.hpp"
#include "vajrapulse/engine/run.hpp"
#include "vajrapulse/plan/plan.hpp"
#include "vajrapulse/plan/plan_shape.hpp"

namespace vajrapulse::plan {

/// What a plan is read with.
struct PlanRequest {
  document::ConfigRequest config;
  std::vector<std::pair<std::string, std::string>> variables;  ///< --var name=value
  std::optional<std::uint64_t> seed;                           ///< --seed
  std::uint64_t fresh_seed = 1;                                ///< when nobody says one
  std::optional<std::string> url;                              ///< --url: what scenarios without a task get
  std::shared_ptr<const document::FileAccess> access;
  std::vector<NamedTask> native;  ///< tasks written in C++, by name
  /// Runs a command and gives what it prints; null where the user has not allowed it.
  std::function<Expected<std::string>(const std::string& command)> run_command;
};

/// A protocol of this plan, that takes its section before steps are compiled.
struct ProtocolPart {
  Protocol protocol;
  std::function<bool(const document::Node* section, schema::Reading& reading)> configure;
};

/// A plan that has been read and checked as far as that can be done without running it: its tasks are compiled once
/// more on every shard, which cannot fail any more.
struct ReadyPlan {
  std::string name;
  std::uint64_t seed = 1;
  std::optional<std::size_t> shards;
  std::vector<engine::PlannedScenario> scenarios;
  std::vector<OutputPlan> outputs;
  /// Follow the run: assertions that end it, steps that do.
  std::vector<std::shared_ptr<engine::RunObserver>> observers;
  /// Fills RunSummary::assertions, and the exit code that follows from them; masks secrets.
  std::function<void(engine::RunSummary&)> judge;
};

/// Reads the plan, its files and its data. All that is wrong is in `found`; nothing when anything is.
std::optional<ReadyPlan> make_ready(const PlanRequest& request, const std::vector<ProtocolPart>& protocols,
                                    document::Diagnostics& found);

}  // namespace vajrapulse::plan
