#pragma once

#include "vajrapulse/criteria/value.hpp"
#include "vajrapulse/extract/value.hpp"

namespace vajrapulse::plan {

/// What was found in an answer, as a variable has it. A number stays a number only when it is written again as it was:
/// an id of twenty digits is a text. An object or array is its JSON.
criteria::Value value_of(const extract::Value& found);

}  // namespace vajrapulse::plan
