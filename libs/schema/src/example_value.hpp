#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace vajrapulse::schema {

/// What someone wrote as YAML on one line, as a JSON value; what is no YAML is a text.
nlohmann::ordered_json example_value(const std::string& written);

}  // namespace vajrapulse::schema
