#pragma once

#include <gumbo.h>

#include <cstddef>
#include <string_view>
#include <vector>

#include "arena.hpp"
#include "selectors.hpp"

namespace vajrapulse::extract {

/// The elements of a page that any of the selectors matches and that have the attribute asked for, in the order of the
/// page, at most `most`; `too_much` when more than a few million comparisons were made on the way.
struct Matched {
  std::vector<const GumboNode*> elements;
  bool too_much = false;
};
Matched match(const Selectors& selectors, const GumboNode* document, std::size_t most);

/// The attribute that is asked for, or the text within, without white space at its ends.
std::string_view content(const Selectors& selectors, const GumboNode* element, Arena& texts);

}  // namespace vajrapulse::extract
