#pragma once

#include <optional>

#include "program.hpp"

namespace vajrapulse::criteria {

/// What `==` and `!=` make of a side that has no value: it differs from all that have one, or nothing can be said.
enum class OfNull { compares, says_nothing };

/// The value of the whole program. Takes no memory; as deep as the program's tree.
Value evaluate(const Program& program, const Values& values, OfNull of_null = OfNull::compares);

/// What arithmetic gives, in the unit of `node`; null where that is no number.
Value calculated(const Node& node, Value left, Value right) noexcept;

/// Expression::may_hold, Expression::comparison.
bool may_hold(const Program& program, const Bounds& bounds);
std::optional<Comparison> comparison(const Program& program, const Values& values);

/// Expression::margin.
std::optional<double> margin(const Program& program, const Values& values);

}  // namespace vajrapulse::criteria
