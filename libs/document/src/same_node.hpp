#pragma once

#include <algorithm>

#include "vajrapulse/document/node.hpp"

namespace vajrapulse::document {

/// The same values, wherever they stand; a text is the same in quotes and in a block.
inline bool is_same(const Node& a, const Node& b) {
  if (a.kind != b.kind) return false;
  if (a.kind == Node::Kind::scalar && (a.text != b.text || article_name(a) != article_name(b))) return false;
  const auto same_entry = [](const Entry& x, const Entry& y) { return x.key == y.key && is_same(x.value, y.value); };
  return std::ranges::equal(a.items, b.items, is_same) && std::ranges::equal(a.entries, b.entries, same_entry);
}

}  // namespace vajrapulse::document
