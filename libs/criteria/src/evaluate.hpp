#pragma once

#include "program.hpp"

namespace vajrapulse::criteria {

/// The value of the whole program. Takes no memory; as deep as the program's tree.
Value evaluate(const Program& program, const Values& values);

}  // namespace vajrapulse::criteria
