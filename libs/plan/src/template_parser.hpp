#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "template_parts.hpp"
#include "vajrapulse/criteria/expression.hpp"
#include "vajrapulse/plan/vocabulary.hpp"

namespace vajrapulse::plan {

/// Reads a text with placeholders into pieces, once; all that is wrong with it comes in `mistakes`.
///
///   text        = *( character / "{{{{" / placeholder )       "{{{{" stands for two braces
///   placeholder = "{{" ( name / function ) "}}"
///   function    = word "(" [ argument *( "," argument ) ] ")"
///   argument    = integer / 'text' / "text" / name
class TemplateParser {
 public:
  static constexpr std::size_t kMostMistakes = 20;

  TemplateParser(std::string_view text, const Vocabulary& vocabulary, Encoding encoding)
      : text_(text), vocabulary_(vocabulary), encoding_(encoding) {}

  void parse();

  std::vector<Piece> pieces;
  std::vector<criteria::Mistake> mistakes;
  bool secret = false;
  std::size_t placeholders = 0;
  std::size_t literal_bytes = 0;  ///< of constant parts as written
  criteria::Type constant_type = criteria::Type::text;

 private:
  /// One argument as written.
  struct Written {
    enum class Kind : std::uint8_t { number, text, name };
    Kind kind = Kind::name;
    std::string text;  ///< without quotes
    std::size_t at = 0, length = 0;
  };

  void literal(std::string_view text, std::size_t at);
  void constant(std::string_view text);
  /// Reads the placeholder whose braces are at `at`; gives where the text goes on.
  std::size_t placeholder(std::size_t at);
  void content(std::size_t begin, std::size_t end);
  void name(std::string_view name, std::size_t at);
  void function(std::string_view word, std::size_t at, std::size_t open, std::size_t end);
  bool arguments(std::size_t open, std::size_t end, std::vector<Written>& into);
  bool argument(std::size_t& at, std::size_t end, std::vector<Written>& into);
  void random_int(const std::vector<Written>& written, std::size_t at, std::size_t length);
  void random_string(const std::vector<Written>& written);
  void now(const std::vector<Written>& written);
  std::optional<Argument> whole_number(const Written& written, std::string_view of);
  [[nodiscard]] std::size_t skip_blanks(std::size_t at, std::size_t end) const noexcept;
  [[nodiscard]] std::size_t word_end(std::size_t at, std::size_t end) const noexcept;
  void mistake(std::size_t at, std::size_t length, std::string message, std::string cure);

  std::string_view text_;
  const Vocabulary& vocabulary_;
  Encoding encoding_;
};

}  // namespace vajrapulse::plan
