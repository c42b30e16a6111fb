#pragma once

#include <optional>

#include "program.hpp"

namespace vajrapulse::criteria {

/// The value of the whole program. Takes no memory; as deep as the program's tree.
Value evaluate(const Program& program, const Values& values);

/// Expression::margin.
std::optional<double> margin(const Program& program, const Values& values);

}  // namespace vajrapulse::criteria
