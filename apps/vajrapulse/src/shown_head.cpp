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

}  // namespace

std::string printable(std::string_view text) {
  std::string shown;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const auto next = i + 1 < text.size() ? static_cast<unsigned char>(text[i + 1]) : 0U;
    if (byte == 0xC2 && next >= 0x80 && next <= 0x9F) {
      shown += '.';
      ++i;
    } else {
      shown += (byte < 0x20 && byte != '\n' && byte != '\t') || byte == 0x7f ? '.' : text[i];
    }
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
