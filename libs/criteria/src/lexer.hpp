#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "vajrapulse/criteria/expression.hpp"

namespace vajrapulse::criteria {

struct Token {
  enum class Kind { end, value, name, sign };  // a keyword is a name, until the parser reads it
  Kind kind = Kind::end;
  std::string_view text;  ///< as written
  Value value;            ///< numbers; a string's text is in `unquoted`
  std::string unquoted;   ///< a string without its quotes and escapes
  std::size_t at = 0;     ///< byte offset
};

/// Splits `text` into tokens, the last of them `end`. Numbers take their units along: 500ms, 1%, 10/s, 4KiB.
std::expected<std::vector<Token>, Mistake> tokenize(std::string_view text);

/// A mistake about the bytes [at, at + length) of `text`, its column counted in characters.
Mistake mistake_at(std::string_view text, std::size_t at, std::size_t length, std::string message, std::string cure);

}  // namespace vajrapulse::criteria
