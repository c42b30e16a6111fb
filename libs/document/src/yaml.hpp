#pragma once

#include <memory>
#include <optional>

#include "tree.hpp"
#include "vajrapulse/document/node.hpp"

namespace vajrapulse::document {

/// Throws Refusal. The text is UTF-8 without control characters.
std::optional<Node> read_yaml(const std::shared_ptr<const Source>& source);

}  // namespace vajrapulse::document
