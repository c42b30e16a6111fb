#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vajrapulse {

/// How many letters have to be inserted, removed, replaced or swapped with their neighbour to make one word
/// of the other (Damerau and Levenshtein, restricted).
std::size_t edit_distance(std::string_view a, std::string_view b);

/// The candidate most like `word`, when one is near enough to be a slip of the pen: at most a third of its
/// letters wrong, and at least one allowed.
std::optional<std::string> nearest(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace vajrapulse
