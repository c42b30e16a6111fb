#pragma once

#include <string_view>

namespace vajrapulse::extract {

/// Whether a page's elements stand at most about 512 deep within each other: an estimate from its tags, made before
/// the page is parsed, as the parser's time grows with the square of the depth. A page made to deceive it is still
/// bounded by the number of nodes.
bool is_shallow(std::string_view html);

}  // namespace vajrapulse::extract
