#pragma once

#include <simdjson.h>

#include <expected>

#include "json_body.hpp"

namespace vajrapulse::extract {

/// Reads the whole document into `tree`, whose `json` is set.
simdjson::error_code fill(JsonTree& tree, simdjson::ondemand::document& document);

}  // namespace vajrapulse::extract
