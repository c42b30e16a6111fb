#pragma once

#include <cstdio>

#include "vajrapulse/console/style.hpp"

namespace vajrapulse::app {

/// Columns of the terminal that `screen` is, else `otherwise`.
int width_of(std::FILE* screen, int otherwise);

/// Colours go to a terminal, unless NO_COLOR stands in the environment or `refused`.
console::Colour colour_of(std::FILE* screen, bool refused);

}  // namespace vajrapulse::app
