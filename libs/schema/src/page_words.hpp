#pragma once

#include <string>

#include "vajrapulse/schema/description.hpp"

namespace vajrapulse::schema {

/// What a key is about, and when it is allowed: "Where it begins. Only with pattern: ramp."
std::string about_key(const Field& field);
/// The first letter large.
std::string capitalised(std::string text);

}  // namespace vajrapulse::schema
