#pragma once

#include <expected>
#include <string>

#include "program.hpp"

namespace vajrapulse::criteria {

/// Why two operands do not go together, and what would.
struct Clash {
  std::string message;
  std::string cure;
};

/// The type that `op` gives of two operands.
std::expected<Type, Clash> type_of(Op op, const Node& left, const Node& right);

}  // namespace vajrapulse::criteria
