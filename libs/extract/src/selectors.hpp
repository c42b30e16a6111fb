#pragma once

#include <cstdint>
#include <expected>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "vajrapulse/extract/mistake.hpp"

namespace vajrapulse::extract {

/// One condition on one element: `div`, `#id`, `[href^=/]`, `:nth-child(2n+1)`.
struct Simple {
  enum class Kind : std::uint8_t { type, id, class_name, has, equals, begins, ends, holds, word, dash, nth, nth_last };
  Kind kind = Kind::type;
  std::string name{};   ///< a type, id, class or attribute; types and attributes in lower case
  std::string value{};  ///< of an attribute
  int step = 0;         ///< nth: every a-th …
  int offset = 0;       ///< … from the b-th
};

/// How an element stands to the one on its right.
enum class Join : std::uint8_t { none, descendant, child, next, later };

/// All conditions on one element, and how it stands to the compound on its right.
struct Compound {
  std::vector<Simple> all;
  Join join = Join::none;
};

struct Selectors {
  std::string text;
  std::string attribute;                     ///< empty: the element's text
  std::vector<std::vector<Compound>> lists;  ///< by commas; each from left to right
};

constexpr std::size_t kLongestSelector = 1'024;
std::expected<std::shared_ptr<Selectors>, Mistake> parse_selectors(std::string_view text);

}  // namespace vajrapulse::extract
