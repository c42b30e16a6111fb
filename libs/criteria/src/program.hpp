#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "vajrapulse/criteria/expression.hpp"

namespace vajrapulse::criteria {

enum class Op : std::uint8_t {
  literal,
  name,
  both,
  either,
  negate,  // and, or, not
  equal,
  differ,
  less,
  less_equal,
  greater,
  greater_equal,
  add,
  subtract,
  multiply,
  divide,
  remainder,
  minus
};

/// A node of the tree; children stand before their parents, the root is the last.
struct Node {
  Op op = Op::literal;
  Type type = Type::any;  ///< of its value, as far as that is known when compiled
  std::uint16_t left = 0;
  std::uint16_t right = 0;
  std::uint32_t slot = 0;  ///< of a name
  Value literal;
};

struct Program {
  std::string text;
  std::vector<Node> nodes;
  std::deque<std::string> texts;  ///< what literals point at
  std::vector<Expression::Use> uses;
};

}  // namespace vajrapulse::criteria
