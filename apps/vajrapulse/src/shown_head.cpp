#include "shown_head.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

#include "vajrapulse/http/head.hpp"

namespace vajrapulse::commands {
namespace {

constexpr std::string_view kHidden = "***";

bool is_secret(std::string_view name) {
  std::string lower(name);
  std::ranges::transform(lower, lower.begin(), http::lower);
  constexpr std::array kWords = {"authorization", "cookie", "token", "secret", "password", "api-key", "apikey"};
  return std::ranges::any_of(kWords, [&](const char* word) { return lower.find(word) != lower.npos; });
}

/// A URL in a header (location, referer) without its user and password.
std::string without_credentials(std::string_view line) {
  const std::size_t begin = std::min(line.find("://"), line.size());
  const std::size_t at = line.substr(0, line.find_first_of("/?# ", begin + 3)).rfind('@');
  if (begin == line.size() || at == line.npos || at < begin) return std::string(line);
  return std::string(line.substr(0, begin + 3)) + std::string(kHidden) + std::string(line.substr(at));
}

/// How much of `value` stays in front of the secret, and where what follows it begins.
std::pair<std::size_t, std::size_t> secret_of(std::string_view name, std::string_view value) {
  if (http::same_text(name, "set-cookie")) {
    const std::size_t end = std::min(value.find(';'), value.size());
    return {std::min(value.find('=') + 1, end), end};
  }
  const bool scheme = http::same_text(name, "authorization") || http::same_text(name, "proxy-authorization");
  return {scheme ? value.find(' ') + 1 : 0, value.size()};
}

/// Bytes of the UTF-8 character that `text` begins with; 0 when it begins with none (RFC 3629 section 4).
std::size_t character_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  const std::size_t length = first < 0xC2 ? 0U : first < 0xE0 ? 2U : first < 0xF0 ? 3U : first < 0xF5 ? 4U : 0U;
  for (std::size_t i = 1; i < length; ++i)
    if (byte(i) < 0x80 || byte(i) > 0xBF) return 0;
  const bool overlong = (first == 0xE0 && byte(1) < 0xA0) || (first == 0xF0 && byte(1) < 0x90);
  const bool no_character = (first == 0xED && byte(1) > 0x9F) || (first == 0xF4 && byte(1) > 0x8F);
  return overlong || no_character ? 0 : length;
}

}  // namespace

std::string printable(std::string_view text) {
  std::string shown;
  while (!text.empty()) {
    const auto byte = static_cast<unsigned char>(text.front());
    const std::size_t length = character_length(text);
    const bool control = (byte < 0x20 && byte != '\n' && byte != '\t') || byte == 0x7f ||
                         (byte == 0xC2 && length == 2 && static_cast<unsigned char>(text[1]) <= 0x9F);
    if (control || length == 0) {
      shown += '.';
    } else {
      shown += text.substr(0, length);
    }
    text.remove_prefix(std::max(length, std::size_t{1}));
  }
  return shown;
}

std::string without_secret(std::string_view line) {
  const std::size_t colon = line.find(':');
  if (colon == line.npos || !is_secret(line.substr(0, colon))) return without_credentials(line);
  const std::size_t begin = std::min(line.find_first_not_of(" \t", colon + 1), line.size());
  const std::string_view value = line.substr(begin);
  if (value.empty()) return std::string(line);
  const auto [kept, rest] = secret_of(line.substr(0, colon), value);
  return std::string(line.substr(0, begin)) + std::string(value.substr(0, kept)) + std::string(kHidden) +
         std::string(value.substr(rest));
}

}  // namespace vajrapulse::commands
