#pragma once

#include <string>
#include <string_view>

#include "vajrapulse/criteria/expression.hpp"

namespace vajrapulse::plan {

/// Characters (Unicode) of UTF-8 text.
std::size_t characters(std::string_view text) noexcept;

/// A mistake about the bytes [at, at + length) of `text`, its column counted in characters.
criteria::Mistake mistake_at(std::string_view text, std::size_t at, std::size_t length, std::string message,
                             std::string cure);

}  // namespace vajrapulse::plan
