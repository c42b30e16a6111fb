#include "vajrapulse/plan/steps.hpp"

#include <algorithm>
#include <string>

#include "step_kinds.hpp"

namespace vajrapulse::plan {

std::vector<StepKind> step_kinds() {
  return {think_kind(),    pace_kind(),     if_kind(),   repeat_kind(),        while_kind(), foreach_kind(),
          weighted_kind(), parallel_kind(), task_kind(), script_kind(),        set_kind(),   publish_kind(),
          take_kind(),     log_kind(),      fail_kind(), stop_iteration_kind()};
}

Steps body(const document::Node& step, std::string_view key, Compiler& compiler) {
  const std::string what = "a " + std::string(key) + " step";
  const document::Node* within = step.find(key)->find("steps");
  const document::Node* beside = step.find("steps");
  if (within && beside)
    compiler.error(key_place(step, "steps"), what + " has its steps twice", "leave one of them out");
  const document::Node* found = within ? within : beside;
  if (found) return compiler.steps(*found);
  compiler.error(key_place(step, key), what + " has no steps", "write them under steps:");
  return {};
}

document::Place key_place(const document::Node& map, std::string_view key) {
  const auto found = std::ranges::find(map.entries, key, &document::Entry::key);
  return found == map.entries.end() ? map.place : found->place;
}

}  // namespace vajrapulse::plan
