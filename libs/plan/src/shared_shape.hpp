#pragma once

#include "vajrapulse/plan/plan.hpp"
#include "vajrapulse/schema/shape.hpp"

namespace vajrapulse::plan {

/// One entry of `shared`.
schema::Shape<SharedPlan> shared_shape();

}  // namespace vajrapulse::plan
