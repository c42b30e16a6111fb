#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "tree.hpp"
#include "yaml_text.hpp"

namespace vajrapulse::document {

/// `{{host}}` at `at`, which YAML takes for a map whose key is a map.
[[noreturn]] void refuse_template(YamlText& text, std::size_t at);
[[noreturn]] void refuse_open_bracket(YamlText& text, std::size_t at);
/// A word that stands where a key and its value should.
[[noreturn]] void refuse_without_colon(std::string_view word, const Place& place, Layout layout);

/// What yaml-cpp stumbled over.
struct Stumble {
  std::string_view message;          ///< of yaml-cpp
  std::size_t at = 0;                ///< where it noticed
  std::size_t last = 0;              ///< where what it understood last began
  const Tree::Open* open = nullptr;  ///< the innermost list or map that is open
};

/// The same, as whoever wrote the file needs it: where the mistake is rather than where it was noticed, and its cure.
[[noreturn]] void refuse_stumble(YamlText& text, const Stumble& stumble);

}  // namespace vajrapulse::document
