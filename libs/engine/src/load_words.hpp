#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace vajrapulse::engine {

/// A word of the load and the character, from 1, at which it begins.
struct LoadWord {
  std::string_view text;
  std::size_t place = 0;
};

/// The words between two commas, and where the next word would have stood.
struct LoadClause {
  std::vector<LoadWord> words;
  std::size_t end = 0;
};

/// The clauses between two plus signs, joined by commas, and where the plus sign before them stands (0: none does).
struct LoadPart {
  std::vector<LoadClause> clauses;
  std::size_t plus = 0;
};

inline constexpr std::string_view kPlusMinus = "±";

/// Splits a load at plus signs, commas and blanks. "±", "+-" and "+/-" are one word, always `kPlusMinus`.
std::vector<LoadPart> split_load(std::string_view text);

}  // namespace vajrapulse::engine
