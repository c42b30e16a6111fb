#include <algorithm>
#include <cmath>

#include "evaluate.hpp"

namespace vajrapulse::criteria {
namespace {

/// What a part of an expression can still come to.
struct Outlook {
  Range range;              ///< of a number
  bool is_number = false;   ///< what is neither a number nor true or false can be anything
  bool may_be_true = true;  ///< of a truth
  bool may_be_false = true;
};

Outlook number(Range range) { return {.range = range, .is_number = true}; }
Outlook truth(bool may_be_true, bool may_be_false) {
  return {.range = {}, .is_number = false, .may_be_true = may_be_true, .may_be_false = may_be_false};
}

Outlook compared(Op op, const Outlook& left, const Outlook& right) {
  if (!left.is_number || !right.is_number) return {};
  const Range& a = left.range;
  const Range& b = right.range;
  const bool apart = a.most < b.least || b.most < a.least;
  const bool one_point = a.least == a.most && b.least == b.most && a.least == b.least;
  switch (op) {
    case Op::less: return truth(a.least < b.most, a.most >= b.least);
    case Op::less_equal: return truth(a.least <= b.most, a.most > b.least);
    case Op::greater: return truth(a.most > b.least, a.least <= b.most);
    case Op::greater_equal: return truth(a.most >= b.least, a.least < b.most);
    case Op::equal: return truth(!apart, !one_point);
    default: return truth(!one_point, !apart);
  }
}

Range sum(const Range& a, const Range& b, double sign) {
  const double least = a.least + (sign > 0 ? b.least : -b.most);
  const double most = a.most + (sign > 0 ? b.most : -b.least);
  return std::isnan(least) || std::isnan(most) ? Range{} : Range{least, most};
}

bool holds_zero(const Range& range) { return range.least <= 0 && range.most >= 0; }

/// A product or quotient is at its extremes where its operands are at theirs.
Range product(const Node& node, const Range& a, const Range& b, Type left, Type right) {
  if (node.op == Op::divide && holds_zero(b)) return {};
  Range range{.least = std::numeric_limits<double>::infinity(), .most = -std::numeric_limits<double>::infinity()};
  for (const double x : {a.least, a.most})
    for (const double y : {b.least, b.most}) {
      const Value value = calculated(node, Value::of(x, left), Value::of(y, right));
      if (!value.is_number()) return {};
      range = {.least = std::min(range.least, value.number), .most = std::max(range.most, value.number)};
    }
  return range;
}

class Prospect {
 public:
  Prospect(const Program& program, const Bounds& bounds) : nodes_(program.nodes), bounds_(bounds) {}

  Outlook at(std::uint16_t index) const {
    const Node& node = nodes_[index];
    if (node.op == Op::literal) return literal(node.literal);
    if (node.op == Op::name) return node.type >= Type::number ? number(bounds_.range(node.slot)) : Outlook{};
    const Outlook left = at(node.left);
    if (node.op == Op::negate) return truth(left.may_be_false, left.may_be_true);
    if (node.op == Op::minus) return left.is_number ? number({-left.range.most, -left.range.least}) : Outlook{};
    const Outlook right = at(node.right);
    if (node.op == Op::both)
      return truth(left.may_be_true && right.may_be_true, left.may_be_false || right.may_be_false);
    if (node.op == Op::either)
      return truth(left.may_be_true || right.may_be_true, left.may_be_false && right.may_be_false);
    if (node.op < Op::add) return compared(node.op, left, right);
    if (!left.is_number || !right.is_number) return {};
    return number(reckoned(node, left.range, right.range));
  }

 private:
  static Outlook literal(const Value& value) {
    if (value.is_number()) return number({value.number, value.number});
    return value.type == Type::boolean ? truth(value.number != 0, value.number == 0) : Outlook{};
  }

  [[nodiscard]] Range reckoned(const Node& node, const Range& a, const Range& b) const {
    if (node.op == Op::add || node.op == Op::subtract) return sum(a, b, node.op == Op::add ? 1 : -1);
    if (node.op == Op::remainder) return {};
    return product(node, a, b, nodes_[node.left].type, nodes_[node.right].type);
  }

  const std::vector<Node>& nodes_;
  const Bounds& bounds_;
};

}  // namespace

bool may_hold(const Program& program, const Bounds& bounds) {
  return Prospect(program, bounds).at(std::uint16_t(program.nodes.size() - 1)).may_be_true;
}

}  // namespace vajrapulse::criteria
