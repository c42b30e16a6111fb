#include "typing.hpp"

namespace vajrapulse::criteria {
namespace {

bool is_plain(Type type) noexcept { return type == Type::number || type == Type::share; }

bool unitless(Type type) noexcept { return type == Type::number || type == Type::null; }

bool is_zero(const Node& node) noexcept { return node.op == Op::literal && node.literal.number == 0; }

std::string both_named(Type left, Type right) {
  return std::string(article_name(left)) + " and " + std::string(article_name(right));
}

std::string unit_cure(Type type) {
  switch (type) {
    case Type::time: return "write its unit, for example 500ms";
    case Type::rate: return "write a rate, for example 900/s";
    case Type::bytes: return "write a size, for example 4KiB";
    case Type::share: return "write a share, for example 1%";
    case Type::text: return "write a text in quotes";
    default: return "compare like with like";
  }
}

/// A share next to a whole number was meant as a count: `errors < 5` would be true of every run.
bool is_count_for_share(const Node& share, const Node& number) noexcept {
  return share.type == Type::share && number.op == Op::literal && number.type == Type::number &&
         number.literal.number > 1;
}

bool comparable(const Node& left, const Node& right) noexcept {
  const Type a = left.type, b = right.type;
  if (a == b || a == Type::any || b == Type::any) return true;
  if (is_plain(a) && is_plain(b)) return true;
  if (is_zero(left) && a == Type::number && b >= Type::number) return true;
  if (is_zero(right) && b == Type::number && a >= Type::number) return true;
  const auto counted = [](Type x, Type y) { return (x == Type::rate || x == Type::bytes) && y == Type::number; };
  return counted(a, b) || counted(b, a);
}

std::expected<Type, Clash> compared(Op op, const Node& left, const Node& right) {
  const bool equality = op == Op::equal || op == Op::differ;
  if (equality && (left.type == Type::null || right.type == Type::null)) return Type::boolean;
  if (is_count_for_share(left, right) || is_count_for_share(right, left))
    return std::unexpected(Clash{"a share lies between 0 and 1",
                                 "write it as per cent, for example errors < 1%; failed "
                                 "counts them: failed < 5"});
  if (!comparable(left, right))
    return std::unexpected(Clash{both_named(left.type, right.type) + " cannot be compared",
                                 unitless(left.type) || unitless(right.type)
                                     ? unit_cure(unitless(left.type) ? right.type : left.type)
                                     : "give both the same unit"});
  const bool ordered =
      (left.type >= Type::text || left.type == Type::any) && (right.type >= Type::text || right.type == Type::any);
  if (!equality && !ordered)
    return std::unexpected(Clash{both_named(left.type, right.type) + " have no order", "use == or !="});
  return Type::boolean;
}

std::optional<Type> product(Type a, Type b) noexcept {
  if (is_plain(a)) return a == Type::share && b == Type::number ? Type::number : b;
  if (is_plain(b)) return a;
  const bool time_and_rate = (a == Type::time && b == Type::rate) || (a == Type::rate && b == Type::time);
  return time_and_rate ? std::optional(Type::number) : std::nullopt;
}

std::optional<Type> quotient(Type a, Type b) noexcept {
  if (a == b) return Type::number;
  if (is_plain(b)) return is_plain(a) ? Type::number : a;
  if (is_plain(a) && b == Type::time) return Type::rate;
  return std::nullopt;
}

std::optional<Type> sum(Type a, Type b) noexcept {
  if (a == b) return a;
  return is_plain(a) && is_plain(b) ? std::optional(Type::number) : std::nullopt;
}

std::expected<Type, Clash> calculated(Op op, Type a, Type b) {
  for (const Type type : {a, b})
    if (type != Type::any && type < Type::number)
      return std::unexpected(Clash{std::string(article_name(type)) + " cannot be reckoned with",
                                   "arithmetic takes numbers, times, rates, sizes and shares"});
  if (a == Type::any || b == Type::any) return Type::any;
  const auto type = op == Op::multiply ? product(a, b) : op == Op::divide ? quotient(a, b) : sum(a, b);
  if (type) return *type;
  return std::unexpected(Clash{both_named(a, b) + " cannot be combined here", "give both the same unit"});
}

}  // namespace

std::expected<Type, Clash> type_of(Op op, const Node& left, const Node& right) {
  if (op >= Op::equal && op <= Op::greater_equal) return compared(op, left, right);
  if (op >= Op::add) return calculated(op, left.type, right.type);
  for (const Type type : {left.type, right.type})  // and, or
    if (type != Type::boolean && type != Type::any)
      return std::unexpected(Clash{std::string(article_name(type)) + " is no condition", "compare it with something"});
  return Type::boolean;
}

}  // namespace vajrapulse::criteria
