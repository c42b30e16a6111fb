#pragma once

#include <string>

#include "vajrapulse/criteria/expression.hpp"
#include "vajrapulse/document/diagnostics.hpp"
#include "vajrapulse/schema/shape.hpp"

namespace vajrapulse::plan {

/// Reports a mistake at its place in the text, as far as that stands in the file as it is.
void report(const schema::Placed<std::string>& text, const criteria::Mistake& mistake,
            document::Diagnostics& diagnostics);

}  // namespace vajrapulse::plan
