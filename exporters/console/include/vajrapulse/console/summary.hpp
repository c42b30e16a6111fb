#pragma once

#include <string>

#include "vajrapulse/console/style.hpp"
#include "vajrapulse/engine/summary.hpp"

namespace vajrapulse::console {

/// The answer of a finished run, for people: the verdict first, then load, host, latencies, phases, client,
/// status codes, errors. Ends with a line feed.
std::string render_summary(const engine::RunSummary& summary, const Style& style);

}  // namespace vajrapulse::console
