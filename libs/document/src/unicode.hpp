#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace vajrapulse::document {

struct Character {
  char32_t code = 0;
  std::size_t bytes = 1;
  bool valid = true;  ///< else one byte that is no UTF-8, as U+FFFD
};

/// The character at the front of `text`, which is not empty (RFC 3629: no surrogates, no longer form than needed).
Character first_character(std::string_view text) noexcept;

std::size_t characters(std::string_view text) noexcept;
/// Bytes of the first `count` characters of `text`.
std::size_t bytes_of_characters(std::string_view text, std::size_t count) noexcept;
/// The first byte that is no UTF-8.
std::optional<std::size_t> first_invalid(std::string_view text) noexcept;

/// How many cells of a terminal a character takes: 0, 1 or 2 (Unicode Standard Annex 11; the common blocks).
std::size_t cells(char32_t code) noexcept;
/// Would change how a terminal shows what follows: controls, and signs that turn the writing direction.
bool is_control(char32_t code) noexcept;

void append_utf8(std::string& to, char32_t code);

}  // namespace vajrapulse::document
