#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

#include "vajrapulse/console/style.hpp"
#include "vajrapulse/engine/summary.hpp"

namespace vajrapulse::console {

enum class Ink { plain, bold, faint, good, warn, bad, accent };

/// `text` in `ink`, or as it is when colours are off.
std::string paint(std::string_view text, Ink ink, const Style& style);

/// Columns that UTF-8 `text` takes (no escapes in it; wide characters do not occur in what we print).
int columns_of(std::string_view text);
std::string left(std::string_view text, int columns);   ///< padded behind
std::string right(std::string_view text, int columns);  ///< padded in front
/// At most `columns`, with an ellipsis where something was cut.
std::string clipped(std::string_view text, int columns);
/// Broken at blanks to `columns`, later lines indented by `indent` blanks; a word that is longer than a line is broken
/// too.
std::string wrapped(std::string_view text, int columns, int indent);

/// Every line of `text` cut at `columns` and without blanks at its end; escapes take no columns and stay whole.
std::string fitted(std::string_view text, int columns);

/// A bar of `columns` for a share of 0 to 1, to an eighth of a column.
std::string bar(double share, int columns);
/// One character a value, scaled to the largest.
std::string sparkline(const std::deque<double>& values, int columns);

std::string ns_text(std::int64_t ns);

/// Of a run of several scenarios, which one it is at: "steady-state 2/4"; else empty.
std::string scenario_text(const engine::Progress& progress);

/// What a run has been told, and from when on; empty when it follows its plan.
std::string told_text(const engine::Progress& progress);

}  // namespace vajrapulse::console
