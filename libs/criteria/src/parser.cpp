#include "parser.hpp"

#include <algorithm>

#include "typing.hpp"

namespace vajrapulse::criteria {
namespace {

constexpr int kDeepest = 64;
constexpr std::size_t kMostNodes = 1'000;

}  // namespace

std::nullopt_t Parser::refuse(const Token& token, std::string message, std::string cure) {
  if (!mistake_) mistake_ = mistake_at(text_, token.at, token.text.size(), std::move(message), std::move(cure));
  return std::nullopt;
}

bool Parser::next_is(std::string_view sign) const {
  const Token& token = peek();
  return (token.kind == Token::Kind::sign || token.kind == Token::Kind::name) && token.text == sign;
}

Parser::Index Parser::add(Node node, const Token& at) {
  if (program_->nodes.size() >= kMostNodes) return refuse(at, "this expression is too long", "make several of it");
  program_->nodes.push_back(node);
  return std::uint16_t(program_->nodes.size() - 1);
}

Parser::Index Parser::join(Op op, const Token& at, Index left, Index right) {
  if (!left || !right) return std::nullopt;
  const auto type = type_of(op, program_->nodes[*left], program_->nodes[*right]);
  if (!type) return refuse(at, type.error().message, type.error().cure);
  return add({.op = op, .type = *type, .left = *left, .right = *right, .slot = 0, .literal = {}}, at);
}

template <std::size_t N>
Parser::Index Parser::chain(Level level, const Sign (&signs)[N]) {
  Index left = (this->*level)();
  while (left) {
    const auto sign = std::ranges::find_if(signs, [this](const Sign& each) { return next_is(each.text); });
    if (sign == std::end(signs)) break;
    const Token at = take();
    const Index right = (this->*level)();
    left = join(sign->op, at, left, right);
  }
  return left;
}

Parser::Index Parser::either() {
  static constexpr Sign kSigns[] = {{"or", Op::either}};
  return chain(&Parser::both, kSigns);
}

Parser::Index Parser::both() {
  static constexpr Sign kSigns[] = {{"and", Op::both}};
  return chain(&Parser::negation, kSigns);
}

Parser::Index Parser::negation() {
  if (!next_is("not")) return comparison();
  const Token at = take();
  if (++depth_ > kDeepest) return refuse(at, "too many levels", "make several expressions of it");
  const Index inner = negation();
  --depth_;
  return join(Op::negate, at, inner, inner);
}

Parser::Index Parser::comparison() {
  static constexpr Sign kSigns[] = {{"==", Op::equal}, {"!=", Op::differ},        {"<=", Op::less_equal},
                                    {"<", Op::less},   {">=", Op::greater_equal}, {">", Op::greater}};
  const auto sign_here = [this] {
    return std::ranges::find_if(kSigns, [this](const Sign& each) { return next_is(each.text); });
  };
  const Index left = sum();
  if (!left) return left;
  const Sign* sign = sign_here();
  if (sign == std::end(kSigns)) return left;
  const Token at = take();
  const Index right = sum();
  if (right && sign_here() != std::end(kSigns))
    return refuse(peek(), "comparisons do not follow each other", "write a < b and b < c");
  return join(sign->op, at, left, right);
}

Parser::Index Parser::sum() {
  static constexpr Sign kSigns[] = {{"+", Op::add}, {"-", Op::subtract}};
  return chain(&Parser::product, kSigns);
}

Parser::Index Parser::product() {
  static constexpr Sign kSigns[] = {{"*", Op::multiply}, {"/", Op::divide}, {"%", Op::remainder}};
  return chain(&Parser::factor, kSigns);
}

Parser::Index Parser::factor() {
  if (!next_is("-")) return primary();
  const Token at = take();
  if (++depth_ > kDeepest) return refuse(at, "too many levels", "make several expressions of it");
  const Index inner = factor();
  --depth_;
  return join(Op::minus, at, inner, inner);
}

Parser::Index Parser::primary() {
  Token& token = tokens_[next_];
  if (token.kind == Token::Kind::end)
    return refuse(token, next_ == 0 ? "the expression is empty" : "something is missing at the end",
                  "write for example p99 < 500ms");
  ++next_;
  if (token.kind == Token::Kind::value) return literal(token);
  if (token.kind == Token::Kind::name) return name(token);
  if (token.text == "(") return bracketed(token);
  return refuse(token, "a value or name is missing before '" + std::string(token.text) + "'",
                "write for example p99 < 500ms");
}

Parser::Index Parser::literal(Token& token) {
  Node node{.op = Op::literal, .type = token.value.type, .left = 0, .right = 0, .slot = 0, .literal = token.value};
  if (token.value.type == Type::text) node.literal.text = program_->texts.emplace_back(std::move(token.unquoted));
  const bool unit_alone = token.value.type == Type::number && peek().kind == Token::Kind::name &&
                          peek().text != "and" && peek().text != "or";
  if (unit_alone)
    return refuse(peek(), "'" + std::string(peek().text) + "' stands alone",
                  "write " + std::string(token.text) + std::string(peek().text) + " without a blank");
  return add(node, token);
}

Parser::Index Parser::bracketed(const Token& open) {
  if (++depth_ > kDeepest) return refuse(open, "too many levels of brackets", "make several expressions of it");
  const Index inner = either();
  --depth_;
  if (!inner) return inner;
  if (!next_is(")")) return refuse(open, "this bracket is not closed", "write ) where it ends");
  take();
  return inner;
}

Parser::Index Parser::name(const Token& token) {
  const auto constant = [&](Value value) {
    return add({.op = Op::literal, .type = value.type, .left = 0, .right = 0, .slot = 0, .literal = value}, token);
  };
  if (token.text == "null") return constant(Value::null());
  if (token.text == "true" || token.text == "false") return constant(Value::boolean(token.text == "true"));
  if (token.text == "and" || token.text == "or" || token.text == "not")
    return refuse(token, "a value or name is missing before '" + std::string(token.text) + "'",
                  "write for example p99 < 500ms and errors < 1%");
  Reference reference{.name = token.text, .argument = {}, .further = {}};
  std::size_t end = token.at + token.text.size();
  if (next_is("(") && peek().at == end) {
    take();
    const Token& argument = peek();
    if (argument.kind != Token::Kind::value || argument.value.type != Type::text)
      return refuse(argument, "a name in brackets takes a text", "write for example p99(\"GET /cart\")");
    reference.argument = argument.unquoted;
    take();
    while (next_is(",")) {
      take();
      const Token& more = peek();
      if (more.kind != Token::Kind::value || more.value.type != Type::text)
        return refuse(more, "a text is missing behind the comma",
                      "write for example metric.count(\"vajrapulse.execution.total\", \"status=failure\")");
      reference.further.emplace_back(more.unquoted);
      take();
    }
    if (!next_is(")")) return refuse(peek(), "a ) is missing", "write for example p99(\"GET /cart\")");
    end = take().at + 1;
  }
  const auto binding = names_.bind(reference);
  if (!binding) return refuse(token, binding.error().message, binding.error().cure);
  auto& uses = program_->uses;
  const bool known = std::ranges::any_of(uses, [&](const auto& use) { return use.slot == binding->slot; });
  if (!known) uses.push_back({std::string(text_.substr(token.at, end - token.at)), binding->slot});
  return add({.op = Op::name, .type = binding->type, .left = 0, .right = 0, .slot = binding->slot, .literal = {}},
             token);
}

std::expected<std::unique_ptr<Program>, Mistake> Parser::parse(Wanted wanted) {
  const Index root = either();
  if (root && peek().kind != Token::Kind::end)
    refuse(peek(), "'" + std::string(peek().text) + "' is not expected here", "join conditions by and or or");
  if (mistake_) return std::unexpected(std::move(*mistake_));
  const Type type = program_->nodes.back().type;
  if (wanted == Wanted::condition && type != Type::boolean && type != Type::any)
    return std::unexpected(mistake_at(text_, 0, text_.size(), std::string(article_name(type)) + " is no condition",
                                      "compare it with something, for example p99 < 500ms"));
  program_->text = text_;
  return std::move(program_);
}

}  // namespace vajrapulse::criteria
