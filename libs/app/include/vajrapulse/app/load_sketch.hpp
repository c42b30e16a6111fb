#pragma once

#include <cstdint>
#include <optional>

#include "vajrapulse/app/run_options.hpp"
#include "vajrapulse/console/load_drawing.hpp"

namespace vajrapulse::app {

/// What `vajrapulse pattern` shows of a load: its level over time, how many iterations it comes to, its length, peak
/// and mean. Poisson arrivals are counted for a seed that is given, where that takes but a moment; otherwise how many
/// are expected, and give or take how many. Of users nobody knows the iterations before they have run: a range.
console::LoadSketch sketch_of(const Load& load, std::optional<std::uint64_t> seed);

/// Draws it on standard output: as wide as the terminal, or 80 columns.
void draw(const console::LoadSketch& sketch, bool no_color);

}  // namespace vajrapulse::app
