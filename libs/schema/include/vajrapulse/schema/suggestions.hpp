#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "vajrapulse/schema/description.hpp"

namespace vajrapulse::schema {

/// Something that can be written at a place of a document.
struct Suggestion {
  enum class Kind : std::uint8_t { key, value };
  Kind kind = Kind::key;
  std::string text;    ///< "duration", "ramp"
  std::string detail;  ///< of a key: what it takes: "time"
  std::string about;
};

/// What an editor may offer at a path: keys where a map stands, words and examples where a scalar does. A path is made
/// of keys and item numbers: {"scenarios", "0", "pattern"}. Nothing when the path leads nowhere.
std::vector<Suggestion> suggestions(const Description& root, const std::vector<std::string>& path);

}  // namespace vajrapulse::schema
