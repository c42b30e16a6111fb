#pragma once

#include <functional>

#include "vajrapulse/plan/compiler.hpp"
#include "vajrapulse/schema/description.hpp"

namespace vajrapulse::plan {

/// What a step of this kind accepts, for the schema, the reference and completion: the kind's own description, or one
/// of the steps that need no protocol. `step` gives the description of any step; it is not asked for now.
schema::DescriptionPtr describe_step(const StepKind& kind, const std::function<schema::DescriptionPtr()>& step);

}  // namespace vajrapulse::plan
