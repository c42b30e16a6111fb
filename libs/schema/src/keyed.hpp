#pragma once

#include <cstddef>
#include <vector>

#include "vajrapulse/schema/description.hpp"

namespace vajrapulse::schema {

/// The alternatives that have this one's key as a field of their own: where one of them is, the key is its field.
std::vector<std::size_t> owners(const Description& keyed, std::size_t alternative);

}  // namespace vajrapulse::schema
