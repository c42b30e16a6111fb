#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "vajrapulse/base/clock.hpp"
#include "vajrapulse/console/style.hpp"

namespace vajrapulse::console {

/// A load before anything is sent: a level over time (a rate, or a number of users) and what is to be said of it.
struct LoadSketch {
  std::string title;                         ///< the load in words
  std::function<double(Duration)> level_at;  ///< never negative
  Duration length{};
  std::string_view unit;  ///< "/s", " users"
  std::vector<std::pair<std::string, std::string>> facts;
  std::vector<std::string> notes;
};

/// The highest level there is, as near as looking a hundred thousand times comes.
double highest_level(const LoadSketch& sketch);

/// The level drawn over time with both axes named, the facts in lines below. Where the level moves to and fro within a
/// column its reach is shaded. Ends with a line feed.
std::string render_load(const LoadSketch& sketch, const Style& style);

}  // namespace vajrapulse::console
