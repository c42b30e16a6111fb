#include "lexer.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "vajrapulse/base/text.hpp"
#include "vajrapulse/base/units.hpp"

namespace vajrapulse::criteria {
namespace {

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
bool is_letter(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}
bool is_word(char c) noexcept { return is_letter(c) || is_digit(c); }

std::size_t characters(std::string_view text) noexcept {
  return std::size_t(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

/// Bytes of the number with its unit at the front of `rest`.
std::size_t number_length(std::string_view rest) noexcept {
  std::size_t end = 0;
  while (end < rest.size() && (is_word(rest[end]) || rest[end] == '.'))
    ++end;
  if (end < rest.size() && rest[end] == '%') return end + 1;
  if (end + 1 < rest.size() && rest[end] == '/' && is_letter(rest[end + 1])) {
    ++end;
    while (end < rest.size() && is_word(rest[end]))
      ++end;
  }
  return end;
}

std::optional<double> plain_number(std::string_view word) noexcept {
  double number = 0;
  const auto [stop, failure] = std::from_chars(word.data(), word.data() + word.size(), number);
  if (failure != std::errc() || stop != word.data() + word.size()) return std::nullopt;
  return number;
}

std::optional<Value> read_number(std::string_view word) {
  if (word.ends_with('%')) {
    const auto percent = plain_number(word.substr(0, word.size() - 1));
    return percent ? std::optional(Value::of(*percent / 100, Type::share)) : std::nullopt;
  }
  if (const auto number = plain_number(word)) return Value::of(*number);
  if (word.find('/') != word.npos) {
    const auto rate = parse_rate(word);
    return rate ? std::optional(Value::of(double(*rate) / 1e6, Type::rate)) : std::nullopt;
  }
  if (const auto time = parse_duration(word)) return Value::of(double(time->count()), Type::time);
  if (const auto bytes = parse_bytes(word)) return Value::of(double(*bytes), Type::bytes);
  return std::nullopt;
}

std::string number_cure(std::string_view word) {
  const std::size_t unit = word.find_first_not_of("0123456789._");
  if (unit != word.npos && unit > 0) {
    const auto near = nearest(word.substr(unit), {"ns", "us", "ms", "s", "m", "h", "d", "KiB", "MiB", "GiB", "kB", "MB",
                                                  "GB", "B", "/s", "/m", "/h", "%"});
    if (near) return "did you mean " + std::string(word.substr(0, unit)) + *near + "?";
  }
  return "write a number and its unit together, for example 500ms, 1%, 10/s or 4KiB";
}

/// Reads a quoted string at the front of `rest`: its bytes with quotes, 0 when it does not end.
std::size_t read_text(std::string_view rest, std::string& unquoted) {
  const char quote = rest[0];
  for (std::size_t at = 1; at < rest.size(); ++at) {
    if (rest[at] == quote) return at + 1;
    const bool escaped = rest[at] == '\\' && at + 1 < rest.size() && (rest[at + 1] == quote || rest[at + 1] == '\\');
    if (escaped) ++at;
    unquoted += rest[at];
  }
  return 0;
}

std::size_t sign_length(std::string_view rest) noexcept {
  constexpr std::string_view kTwo[] = {"<=", ">=", "==", "!="};
  for (const std::string_view sign : kTwo)
    if (rest.starts_with(sign)) return 2;
  return std::string_view("<>+-*/%(),").find(rest[0]) != std::string_view::npos ? 1 : 0;
}

Mistake no_sign(std::string_view text, std::size_t at) {
  struct Habit {
    std::string_view written, cure;
  };
  constexpr Habit kHabits[] = {{"&&", "write and"}, {"&", "write and"},           {"||", "write or"},
                               {"|", "write or"},   {"=", "write == to compare"}, {"!", "write not"}};
  for (const auto& [written, cure] : kHabits)
    if (text.substr(at).starts_with(written))
      return mistake_at(text, at, written.size(), "'" + std::string(written) + "' is not part of the language",
                        std::string(cure));
  return mistake_at(text, at, 1, "'" + std::string(1, text[at]) + "' is not part of the language",
                    "write for example p99 < 500ms and errors < 1%");
}

std::size_t name_length(std::string_view rest) noexcept {
  std::size_t end = 1;
  while (end < rest.size()) {
    const bool joint = (rest[end] == '-' || rest[end] == '.') && end + 1 < rest.size() && is_word(rest[end + 1]);
    if (!joint && !is_word(rest[end])) break;
    ++end;
  }
  return end;
}

}  // namespace

Mistake mistake_at(std::string_view text, std::size_t at, std::size_t length, std::string message, std::string cure) {
  return {.column = characters(text.substr(0, at)) + 1,
          .length = std::max<std::size_t>(characters(text.substr(at, length)), 1),
          .message = std::move(message),
          .cure = std::move(cure)};
}

std::expected<std::vector<Token>, Mistake> tokenize(std::string_view text) {
  std::vector<Token> tokens;
  std::size_t at = 0;
  while (true) {
    while (at < text.size() && (text[at] == ' ' || text[at] == '\t' || text[at] == '\n' || text[at] == '\r'))
      ++at;
    Token token{.kind = Token::Kind::end, .text = {}, .value = {}, .unquoted = {}, .at = at};
    if (at == text.size()) {
      tokens.push_back(std::move(token));
      return tokens;
    }
    const std::string_view rest = text.substr(at);
    std::size_t length = 0;
    if (is_digit(rest[0]) || (rest[0] == '.' && rest.size() > 1 && is_digit(rest[1]))) {
      length = number_length(rest);
      const auto value = read_number(rest.substr(0, length));
      if (!value)
        return std::unexpected(mistake_at(text, at, length, "'" + std::string(rest.substr(0, length)) + "' is no value",
                                          number_cure(rest.substr(0, length))));
      token.kind = Token::Kind::value;
      token.value = *value;
    } else if (rest[0] == '"' || rest[0] == '\'') {
      length = read_text(rest, token.unquoted);
      if (length == 0)
        return std::unexpected(mistake_at(text, at, rest.size(), "a text begins here and does not end",
                                          std::string("end it with ") + rest[0]));
      token.kind = Token::Kind::value;
      token.value.type = Type::text;
    } else if (is_letter(rest[0])) {
      length = name_length(rest);
      token.kind = Token::Kind::name;
    } else {
      length = sign_length(rest);
      if (length == 0) return std::unexpected(no_sign(text, at));
      token.kind = Token::Kind::sign;
    }
    token.text = rest.substr(0, length);
    tokens.push_back(std::move(token));
    at += length;
  }
}

}  // namespace vajrapulse::criteria
