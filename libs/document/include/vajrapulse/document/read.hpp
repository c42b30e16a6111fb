#pragma once

#include <cstddef>
#include <memory>
#include <optional>

#include "vajrapulse/document/diagnostics.hpp"
#include "vajrapulse/document/node.hpp"
#include "vajrapulse/document/place.hpp"

namespace vajrapulse::document {

// What a document may be at most. A plan is written by a person; what is larger is refused with a sentence, quickly.
inline constexpr std::size_t kMostBytes = std::size_t{8} << 20;
inline constexpr std::size_t kMostNesting = 64;      ///< of lists and maps within each other
inline constexpr std::size_t kMostNodes = 500'000;   ///< values, after aliases are expanded
inline constexpr std::size_t kMostKeys = 10'000;     ///< of one map
inline constexpr std::size_t kMostKeyLength = 1024;  ///< bytes; YAML's own limit for a key (YAML 1.2, 7.4.2)

/// Reads one document of YAML 1.2 (by yaml-cpp), or of JSON (RFC 8259) when the source's name ends with ".json".
///
/// Aliases are expanded, `<<` is merged (a map or a list of maps; keys that are written win, then the first of the
/// list), no key is given twice. What is wrong goes to `diagnostics` and nothing is given back; a mistake of the YAML
/// itself ends reading, so that it is reported alone. An empty file is a null. Never throws for what a file holds.
/// Any thread.
std::optional<Node> read(std::shared_ptr<const Source> source, Diagnostics& diagnostics);

}  // namespace vajrapulse::document
