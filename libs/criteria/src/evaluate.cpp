#include "evaluate.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <compare>

namespace vajrapulse::criteria {
namespace {

/// A text that is a number takes part as one: captured fields and table cells are texts.
Value as_number(const Value& value) noexcept {
  if (value.type != Type::text) return value;
  double number = 0;
  const char* begin = value.text.begin();
  const char* end = value.text.end();
  const auto [stop, failure] = std::from_chars(begin, end, number);
  return failure == std::errc() && stop == end && !value.text.empty() ? Value::of(number) : value;
}

std::optional<std::partial_ordering> compare(Value left, Value right) noexcept {
  if (left.type == Type::text && right.type == Type::text) return left.text <=> right.text;
  left = as_number(left);
  right = as_number(right);
  const bool booleans = left.type == Type::boolean && right.type == Type::boolean;
  if (!booleans && !(left.is_number() && right.is_number())) return std::nullopt;
  return left.number <=> right.number;
}

Value compared(Op op, const Value& left, const Value& right) noexcept {
  const bool equality = op == Op::equal || op == Op::differ;
  if (left.is_null() || right.is_null()) {
    if (!equality) return Value::null();
    return Value::boolean((left.is_null() && right.is_null()) == (op == Op::equal));
  }
  const auto order = compare(left, right);
  if (!order) return equality ? Value::boolean(op == Op::differ) : Value::null();
  switch (op) {
    case Op::equal: return Value::boolean(*order == 0);
    case Op::differ: return Value::boolean(*order != 0);
    case Op::less: return Value::boolean(*order < 0);
    case Op::less_equal: return Value::boolean(*order <= 0);
    case Op::greater: return Value::boolean(*order > 0);
    default: return Value::boolean(*order >= 0);
  }
}

double reckoned(Op op, double a, double b) noexcept {
  switch (op) {
    case Op::add: return a + b;
    case Op::subtract: return a - b;
    case Op::multiply: return a * b;
    case Op::divide: return a / b;
    case Op::remainder: return std::fmod(a, b);
    default: return -a;
  }
}

/// The unit of a result whose operands' units were not known before: those of the typed rules.
Type unit_of(Op op, Type a, Type b) noexcept {
  if (op == Op::divide && a == b) return Type::number;
  if (op == Op::divide && b == Type::time && a <= Type::share) return Type::rate;
  const bool time_and_rate = (a == Type::time && b == Type::rate) || (a == Type::rate && b == Type::time);
  if (op == Op::multiply && time_and_rate) return Type::number;
  return a > Type::share ? a : b > Type::share ? b : a == b ? a : Type::number;
}

}  // namespace

Value calculated(const Node& node, Value left, Value right) noexcept {
  left = as_number(left);
  right = as_number(right);
  if (!left.is_number() || !right.is_number()) return Value::null();
  double number = reckoned(node.op, left.number, right.number);
  // Times count nanoseconds and rates seconds: the product of both has to come out in numbers.
  const bool times_rate = node.op == Op::multiply && ((left.type == Type::time && right.type == Type::rate) ||
                                                      (left.type == Type::rate && right.type == Type::time));
  if (times_rate) number /= 1e9;
  const bool per_time = node.op == Op::divide && right.type == Type::time && left.type != Type::time;
  if (per_time) number *= 1e9;
  if (!std::isfinite(number)) return Value::null();
  return Value::of(number, node.type == Type::any ? unit_of(node.op, left.type, right.type) : node.type);
}

namespace {

class Evaluation {
 public:
  Evaluation(const Program& program, const Values& values, OfNull of_null = OfNull::compares)
      : nodes_(program.nodes), values_(values), of_null_(of_null) {}

  Value at(std::uint16_t index) const {
    const Node& node = nodes_[index];
    switch (node.op) {
      case Op::literal: return node.literal;
      case Op::name: return values_.at(node.slot);
      case Op::both:
      case Op::either: return joined(node);
      case Op::negate: {
        const Value inner = at(node.left);
        return inner.type == Type::boolean ? Value::boolean(inner.number == 0) : Value::null();
      }
      default: break;
    }
    const Value left = at(node.left);
    const Value right = node.op == Op::minus ? left : at(node.right);
    if (of_null_ == OfNull::says_nothing && lacks_a_side(node, left, right)) return Value::null();
    return node.op < Op::add ? compared(node.op, left, right) : calculated(node, left, right);
  }

  std::optional<double> margin(std::uint16_t index) const {
    const Node& node = nodes_[index];
    if (node.op == Op::both || node.op == Op::either) return joined_margin(node);
    if (node.op == Op::negate) {
      const auto inner = margin(node.left);
      return inner ? std::optional(-*inner) : inner;
    }
    const Value truth = at(index);
    if (truth.type != Type::boolean) return std::nullopt;
    const double sign = truth.number != 0 ? 1 : -1;
    if (node.op < Op::equal || node.op > Op::greater_equal) return sign;
    return sign * distance(node);
  }

 private:
  /// As `joined`: a side that decides alone needs no value on the other.
  std::optional<double> joined_margin(const Node& node) const {
    const double side = node.op == Op::either ? 1 : -1;
    const auto left = margin(node.left);
    const auto right = margin(node.right);
    if (left && right) return side * std::max(side * *left, side * *right);
    const auto known = left ? left : right;
    return known && *known * side > 0 ? known : std::nullopt;
  }

  /// Between the sides of a comparison, in parts of the one that is written as a number, else of the larger.
  double distance(const Node& node) const {
    const Value left = as_number(at(node.left));
    const Value right = as_number(at(node.right));
    if (!left.is_number() || !right.is_number()) return 1;
    const bool exact = (node.op == Op::equal) == (left.number == right.number) && node.op <= Op::differ;
    if (exact) return 1;  // equal, or different, as it should be: there is no more or less of that
    const bool right_is_limit = nodes_[node.right].op == Op::literal;
    const bool left_is_limit = nodes_[node.left].op == Op::literal;
    const double limit = right_is_limit  ? std::abs(right.number)
                         : left_is_limit ? std::abs(left.number)
                                         : std::max(std::abs(left.number), std::abs(right.number));
    return std::abs(left.number - right.number) / (limit > 0 ? limit : 1);
  }

  /// Three-valued: `false and …` is false and `true or …` is true even where the other side has no value.
  Value joined(const Node& node) const {
    const double deciding = node.op == Op::either ? 1 : 0;
    const Value left = at(node.left);
    if (left.type == Type::boolean && left.number == deciding) return left;
    const Value right = at(node.right);
    if (right.type == Type::boolean && right.number == deciding) return right;
    const bool known = left.type == Type::boolean && right.type == Type::boolean;
    return known ? Value::boolean(deciding == 0) : Value::null();
  }

  /// A side has no value, and it is not asked whether it has one.
  [[nodiscard]] bool lacks_a_side(const Node& node, const Value& left, const Value& right) const noexcept {
    const auto is_written = [this](std::uint16_t index) {
      return nodes_[index].op == Op::literal && nodes_[index].type == Type::null;
    };
    return (left.is_null() || right.is_null()) && !is_written(node.left) && !is_written(node.right);
  }

  const std::vector<Node>& nodes_;
  const Values& values_;
  OfNull of_null_;
};

}  // namespace

Value evaluate(const Program& program, const Values& values, OfNull of_null) {
  return Evaluation(program, values, of_null).at(std::uint16_t(program.nodes.size() - 1));
}

namespace {

/// Whether no name occurs in it: then it is the same at every moment.
bool is_constant(const std::vector<Node>& nodes, std::uint16_t index) {
  const Node& node = nodes[index];
  if (node.op == Op::name) return false;
  if (node.op == Op::literal) return true;
  return is_constant(nodes, node.left) && (node.op == Op::minus || is_constant(nodes, node.right));
}

/// As the comparison reads from its right side.
Op turned(Op op) noexcept {
  switch (op) {
    case Op::less: return Op::greater;
    case Op::less_equal: return Op::greater_equal;
    case Op::greater: return Op::less;
    case Op::greater_equal: return Op::less_equal;
    default: return op;
  }
}

Comparison::Demand demand_of(Op op) noexcept {
  using Demand = Comparison::Demand;
  switch (op) {
    case Op::less: return Demand::under;
    case Op::less_equal: return Demand::at_most;
    case Op::greater: return Demand::over;
    case Op::greater_equal: return Demand::at_least;
    case Op::equal: return Demand::equal;
    default: return Demand::other;
  }
}

}  // namespace

std::optional<Comparison> comparison(const Program& program, const Values& values) {
  const Node& root = program.nodes.back();
  if (root.op < Op::equal || root.op > Op::greater_equal) return std::nullopt;
  const bool left = is_constant(program.nodes, root.left);
  if (left == is_constant(program.nodes, root.right)) return std::nullopt;
  const Evaluation evaluation(program, values);
  return Comparison{.demand = demand_of(left ? turned(root.op) : root.op),
                    .measured = evaluation.at(left ? root.right : root.left),
                    .limit = evaluation.at(left ? root.left : root.right)};
}

std::optional<double> margin(const Program& program, const Values& values) {
  return Evaluation(program, values).margin(std::uint16_t(program.nodes.size() - 1));
}

}  // namespace vajrapulse::criteria
