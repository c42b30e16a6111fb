#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "lexer.hpp"
#include "program.hpp"

namespace vajrapulse::criteria {

/// Reads tokens by recursive descent, binds names, checks types. The first mistake ends it.
class Parser {
 public:
  Parser(std::string_view text, std::vector<Token> tokens, Names& names)
      : text_(text), tokens_(std::move(tokens)), names_(names), program_(std::make_unique<Program>()) {}

  std::expected<std::unique_ptr<Program>, Mistake> parse(Wanted wanted);

 private:
  using Index = std::optional<std::uint16_t>;  // nothing after a mistake
  using Level = Index (Parser::*)();
  struct Sign {
    std::string_view text;
    Op op;
  };

  Index either();
  Index both();
  Index negation();
  Index comparison();
  Index sum();
  Index product();
  Index factor();
  Index primary();
  Index literal(Token& token);
  Index name(const Token& token);
  Index bracketed(const Token& open);
  template <std::size_t N>
  Index chain(Level level, const Sign (&signs)[N]);

  Index join(Op op, const Token& at, Index left, Index right);
  Index add(Node node, const Token& at);
  std::nullopt_t refuse(const Token& token, std::string message, std::string cure);
  [[nodiscard]] const Token& peek() const { return tokens_[next_]; }
  [[nodiscard]] bool next_is(std::string_view sign) const;
  Token& take() { return tokens_[next_++]; }

  std::string_view text_;
  std::vector<Token> tokens_;
  Names& names_;
  std::unique_ptr<Program> program_;
  std::optional<Mistake> mistake_;
  std::size_t next_ = 0;
  int depth_ = 0;
};

}  // namespace vajrapulse::criteria
