#pragma once

#include <string>
#include <string_view>

#include "vajrapulse/schema/description.hpp"

namespace vajrapulse::schema {

/// A JSON Schema (draft 2020-12) of what the description accepts: as strict as the reader as far as a JSON Schema can
/// say it, and never stricter. Two spaces of indentation, a line end at the end; the same description gives the same
/// text.
std::string json_schema(const Description& root, std::string_view title, std::string_view id);

}  // namespace vajrapulse::schema
