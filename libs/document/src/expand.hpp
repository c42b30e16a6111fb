#pragma once

#include <memory>
#include <vector>

#include "vajrapulse/document/config.hpp"

namespace vajrapulse::document {

/// Replaces `${VAR}` in every scalar below `node`, but not in those from `literal` sources.
void expand(Node& node, const Environment& environment, const std::vector<std::shared_ptr<const Source>>& literal,
            Diagnostics& diagnostics);

}  // namespace vajrapulse::document
