#include "vajrapulse/criteria/expression.hpp"

#include "evaluate.hpp"
#include "parser.hpp"

namespace vajrapulse::criteria {

constexpr std::size_t kLongest = 4'096;

Error Mistake::error() const { return {kUsage, "column " + std::to_string(column) + ": " + message, cure}; }

std::expected<Expression, Mistake> Expression::compile(std::string_view text, Names& names, Wanted wanted) {
  if (text.size() > kLongest)
    return std::unexpected(mistake_at(text, kLongest, 1, "this expression is too long", "make several of it"));
  auto tokens = tokenize(text);
  if (!tokens) return std::unexpected(std::move(tokens.error()));
  Parser parser(text, std::move(*tokens), names);
  auto program = parser.parse(wanted);
  if (!program) return std::unexpected(std::move(program.error()));
  return Expression(std::shared_ptr<const Program>(std::move(*program)));
}

Value Expression::evaluate(const Values& values) const { return criteria::evaluate(*program_, values); }

std::optional<double> Expression::margin(const Values& values) const { return criteria::margin(*program_, values); }

bool Expression::may_hold(const Bounds& bounds) const { return criteria::may_hold(*program_, bounds); }

std::optional<Comparison> Expression::comparison(const Values& values) const {
  return criteria::comparison(*program_, values);
}

static std::optional<bool> truth_of(const Value& value) {
  if (value.type == Type::boolean) return value.number != 0;
  return std::nullopt;
}

std::optional<bool> Expression::holds(const Values& values) const { return truth_of(evaluate(values)); }

std::optional<bool> Expression::holds_for_sure(const Values& values) const {
  return truth_of(criteria::evaluate(*program_, values, OfNull::says_nothing));
}

const std::string& Expression::text() const noexcept { return program_->text; }
Type Expression::type() const noexcept { return program_->nodes.back().type; }
const std::vector<Expression::Use>& Expression::uses() const noexcept { return program_->uses; }

}  // namespace vajrapulse::criteria
