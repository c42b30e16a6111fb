#pragma once

#include "vajrapulse/schema/description.hpp"

namespace vajrapulse::plan {

/// What `expect` accepts, for the schema, the reference and completion; Checks reads it.
schema::DescriptionPtr expect_description();
/// What `capture` accepts; Captures reads it.
schema::DescriptionPtr capture_description();

}  // namespace vajrapulse::plan
