#pragma once

#include <string_view>

#include "vajrapulse/plan/compiler.hpp"

namespace vajrapulse::plan {

StepKind think_kind();
StepKind pace_kind();
StepKind if_kind();
StepKind repeat_kind();
StepKind while_kind();
StepKind foreach_kind();
StepKind weighted_kind();
StepKind parallel_kind();
StepKind task_kind();
StepKind script_kind();
StepKind set_kind();
StepKind publish_kind();
StepKind take_kind();
StepKind log_kind();
StepKind fail_kind();
StepKind stop_iteration_kind();

/// The steps that a loop runs: under `steps`, beside its key or within its value.
Steps body(const document::Node& step, std::string_view key, Compiler& compiler);

/// Where `key` of a map stands.
document::Place key_place(const document::Node& map, std::string_view key);

}  // namespace vajrapulse::plan
