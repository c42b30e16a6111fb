#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "vajrapulse/document/place.hpp"

namespace vajrapulse::document {

/// How a scalar was written: `10` is plain and may be a number; `"10"` is quoted and is a text.
enum class Style : std::uint8_t { plain, quoted, block };

struct Entry;

/// A value of a YAML or JSON document, with its place. Aliases are expanded, `<<` is merged, no key is given twice.
struct Node {
  enum class Kind : std::uint8_t { null, scalar, list, map };

  Kind kind = Kind::null;
  Style style = Style::plain;  ///< of a scalar
  std::string text;            ///< of a scalar, quotes and escapes resolved; of a null as written ("", "~", "null")
  std::vector<Node> items;     ///< of a list
  std::vector<Entry> entries;  ///< of a map, in the order of the file
  /// Of the value: the first character of a scalar, list or map. Of a quoted scalar, the first one within the quotes,
  /// so that Place::part() counts as the text does; of a block (`|`, `>`), its first line, so that line n of a script
  /// is place.line + n - 1. Of a value that is not there, its key. Of what an alias repeats, where the anchor has it.
  Place place;
  /// Where a part of the value came from when it is not as the file has it: "${BASE_URL}", "--set", a profile's name.
  /// Empty: from its place.
  std::string origin;

  /// The value of `key`; null when this is no map or has no such key.
  [[nodiscard]] const Node* find(std::string_view key) const noexcept;
  [[nodiscard]] Node* find(std::string_view key) noexcept;
  [[nodiscard]] bool is_plain() const noexcept { return kind == Kind::scalar && style == Style::plain; }
};

struct Entry {
  std::string key;
  Place place;  ///< of the key
  Node value;
};

/// "a list", "a map", "a text", "a number", "true or false", "nothing": what a node looks like, for messages.
std::string_view article_name(const Node& node) noexcept;

}  // namespace vajrapulse::document
