#pragma once

#include <cstddef>
#include <string>

namespace vajrapulse::extract {

/// Where in a path, pattern or selector something is wrong, what, and what to write instead.
struct Mistake {
  std::size_t column = 1;  ///< in characters, from 1
  std::size_t length = 1;  ///< characters that are meant, at least 1
  std::string message;     ///< one clause without place: "a JSONPath begins with $"
  std::string cure;        ///< "write $.token"; may be empty

  /// "column 3: message; cure"
  [[nodiscard]] std::string text() const;
};

}  // namespace vajrapulse::extract
