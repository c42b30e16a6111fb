#pragma once

#include <memory>
#include <optional>

#include "vajrapulse/document/node.hpp"

namespace vajrapulse::document {

/// RFC 8259. Throws Refusal. The text is UTF-8 without control characters.
std::optional<Node> read_json(const std::shared_ptr<const Source>& source);

}  // namespace vajrapulse::document
