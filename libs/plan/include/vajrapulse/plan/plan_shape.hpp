#pragma once

#include <string>
#include <vector>

#include "vajrapulse/plan/compiler.hpp"
#include "vajrapulse/plan/plan.hpp"
#include "vajrapulse/schema/shape.hpp"

namespace vajrapulse::plan {

/// What a protocol brings to plans: a section of settings, and kinds of steps.
struct Protocol {
  std::string section;  ///< its key at the top of a plan: "http"
  std::string about;
  schema::DescriptionPtr settings;  ///< what that section accepts
  std::vector<StepKind> steps;
};

/// The table of plan types: the one description of what a plan may say. What validates plans, the JSON Schema, the
/// reference page and completion are made of it.
schema::Shape<Plan> plan_shape(const std::vector<Protocol>& protocols);

/// What one step accepts, whatever its kind.
schema::DescriptionPtr steps_description(const std::vector<StepKind>& kinds);

}  // namespace vajrapulse::plan
