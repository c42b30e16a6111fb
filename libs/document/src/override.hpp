#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vajrapulse/document/diagnostics.hpp"
#include "vajrapulse/document/node.hpp"

namespace vajrapulse::document {

/// How names of a path are compared with keys and item names.
enum class Spelling : std::uint8_t { exact, loose };  ///< loose: `_` is `-`, capitals are small letters

/// One part of a path, and where it stands.
struct Segment {
  std::string name;
  Place place;
};

/// One value that is put into the plan from outside.
struct Override {
  std::shared_ptr<const Source> source;  ///< named as the user wrote it; its text is the whole assignment
  std::vector<Segment> path;
  Node value;
  Spelling spelling = Spelling::exact;
};

/// "scenarios.steady-state.tps=500"
std::optional<Override> read_set(const std::string& assignment, Diagnostics& diagnostics);
/// "VAJRAPULSE__SCENARIOS__STEADY_STATE__TPS", "500"
std::optional<Override> read_variable(const std::string& name, const std::string& value, Diagnostics& diagnostics);

/// Puts the value where the path leads; maps on the way are made.
void apply(Override&& change, Node& plan, Diagnostics& diagnostics);

}  // namespace vajrapulse::document
