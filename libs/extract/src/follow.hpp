#pragma once

#include <cstddef>
#include <vector>

#include "json_body.hpp"
#include "path.hpp"
#include "reader_parts.hpp"
#include "vajrapulse/extract/value.hpp"

namespace vajrapulse::extract {

/// The one value of a definite path, with simdjson On Demand.
Found follow(const Path& path, Reader::Parts& parts);

/// What a path selects from a tree, in the order of RFC 9535 (section 2.1.2); ends at `most`, or `too_much` when more
/// than a few million values were looked at on the way: `$..*..*..*` of a deep body.
struct Selected {
  std::vector<const JsonTree::Node*> nodes;
  bool too_much = false;
};
Selected select(const Path& path, const JsonTree& tree, std::size_t most);

}  // namespace vajrapulse::extract
