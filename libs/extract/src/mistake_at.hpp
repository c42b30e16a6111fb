#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "vajrapulse/extract/mistake.hpp"

namespace vajrapulse::extract {

/// About `length` bytes at `at` of `text`, counted in characters.
Mistake mistake_at(std::string_view text, std::size_t at, std::size_t length, std::string message,
                   std::string cure = {});

/// A text beyond `most` bytes, or an empty one; nothing when it is neither. `what`: "a JSONPath".
std::expected<void, Mistake> check_length(std::string_view text, std::size_t most, std::string_view what,
                                          std::string_view example);

}  // namespace vajrapulse::extract
