#pragma once

#include "yaml_text.hpp"

namespace vajrapulse::document {

/// yaml-cpp takes apart the whole of a `[` or `{` before it tells of it: refuses what would take too long, before.
void check_bounds(YamlText& text);
/// Whether the bracket at `at` has its partner.
bool is_closed(YamlText& text, std::size_t at);

}  // namespace vajrapulse::document
