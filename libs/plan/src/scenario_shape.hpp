#pragma once

#include "vajrapulse/plan/plan.hpp"
#include "vajrapulse/schema/shape.hpp"

namespace vajrapulse::plan {

/// An entry of `scenarios`: one, or a group under `parallel`.
schema::Shape<TurnPlan> turn_shape();

}  // namespace vajrapulse::plan
