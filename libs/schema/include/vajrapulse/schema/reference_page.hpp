#pragma once

#include <string>
#include <string_view>

#include "vajrapulse/schema/description.hpp"

namespace vajrapulse::schema {

/// A page of Markdown: a table of keys for every object that can be reached from the root, the root's first.
std::string reference_page(const Description& root, std::string_view title, std::string_view introduction = {});

}  // namespace vajrapulse::schema
