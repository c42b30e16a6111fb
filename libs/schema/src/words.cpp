#include "words.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

namespace vajrapulse::schema {
namespace {

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
char small(char c) { return is_upper(c) ? char(c - 'A' + 'a') : c; }

}  // namespace

bool is_kebab(std::string_view text) {
  if (text.empty() || !is_lower(text.front()) || text.back() == '-') return false;
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (!is_lower(text[i]) && !is_digit(text[i]) && text[i] != '-') return false;
    if (text[i] == '-' && text[i - 1] == '-') return false;
  }
  return true;
}

bool is_word(std::string_view text) {
  if (text.empty() || is_digit(text.front()) || text.front() == '-') return false;
  for (const char c : text)
    if (!is_lower(c) && !is_upper(c) && !is_digit(c) && c != '-' && c != '_') return false;
  return true;
}

std::string no_kebab(std::string_view text, std::string_view name) {
  return fmt::format("'{}' is no {}: it must be lower-case words joined by '-'", text, name);
}

std::string kebab_cure(std::string_view text) {
  const std::string meant = as_kebab(text);
  return is_kebab(meant) ? "write " + meant : "write for example steady-state";
}

std::string as_kebab(std::string_view text) {
  std::string name;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool hump = is_upper(c) && i > 0 && is_lower(text[i - 1]);
    const bool letter = is_lower(c) || is_upper(c) || is_digit(c);
    if ((hump || !letter) && !name.empty() && name.back() != '-') name += '-';
    if (letter) name += small(c);
  }
  while (name.ends_with('-'))
    name.pop_back();
  return name;
}

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result)
    c = small(c);
  return result;
}

std::optional<double> decimal(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

bool is_number(std::string_view text) { return decimal(text).has_value(); }

std::string_view leading_number(std::string_view text) {
  std::size_t end = 0;
  bool point = false;
  while (end < text.size() && (is_digit(text[end]) || (text[end] == '.' && !point))) {
    point = point || text[end] == '.';
    ++end;
  }
  const std::string_view number = text.substr(0, end);
  return is_number(number) ? number : std::string_view{};
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ')
    text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ')
    text.remove_suffix(1);
  return text;
}

}  // namespace vajrapulse::schema
