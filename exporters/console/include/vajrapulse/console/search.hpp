#pragma once

#include <string>

#include "vajrapulse/console/style.hpp"
#include "vajrapulse/search/search.hpp"

namespace vajrapulse::console {

/// What a step of a search showed, as one line for people who wait: what it was for, the rate, what was observed, and
/// whether the rate holds so far.
std::string render_step(const search::Step& step, const search::Search& so_far, const Style& style);

/// The answer of a finished search: the rate and how sure it is, why it ended, and the curve of rate → percentiles as
/// a table and as bars. `name` is the target. Ends with a line feed.
std::string render_search(const search::Search& search, const std::string& name, const Style& style);

}  // namespace vajrapulse::console
