#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "vajrapulse/plan/template.hpp"

namespace vajrapulse::plan {

/// A whole number that is written, or that a name will have.
struct Argument {
  enum class Kind : std::uint8_t { number, slot, iteration, user };
  Kind kind = Kind::number;
  std::int64_t number = 0;
  Slot slot = 0;
  std::string name;
};

/// A constant part of a template, or one of its placeholders.
struct Piece {
  enum class Kind : std::uint8_t {
    text,
    slot,
    iteration,
    user,
    shard,
    scenario,
    task,
    uuid,
    random_int,
    random_string,
    now,
  };
  Kind kind = Kind::text;
  std::string text;  ///< a constant part, encoded; the name of a slot; the format of now
  Slot slot = 0;
  std::array<Argument, 2> arguments;
};

struct Template::Parts {
  std::vector<Piece> pieces;  ///< no two texts side by side
  std::string text;           ///< Template::text()
  Encoding encoding = Encoding::raw;
  bool secret = false;
  bool single = false;
  criteria::Value constant;  ///< of a single one that is known already; its text is `text`
};

}  // namespace vajrapulse::plan
