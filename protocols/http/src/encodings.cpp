#include "vajrapulse/http/encodings.hpp"

#include <algorithm>

#include "vajrapulse/http/head.hpp"

namespace vajrapulse::http {
namespace {

bool is_letter(char c) noexcept { return lower(c) >= 'a' && lower(c) <= 'z'; }

bool may_stay(char c, UrlPart part) noexcept {
  if (part == UrlPart::name)
    return is_letter(c) || is_digit(c) || std::string_view("-._~").find(c) != std::string::npos;
  const auto byte = static_cast<unsigned char>(c);
  return byte > 0x20 && byte < 0x7f && std::string_view("\"<>\\^`{|}").find(c) == std::string_view::npos;
}

}  // namespace

void append_base64(std::string_view bytes, std::string& out) {
  constexpr char kDigits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    unsigned group = 0;
    const std::size_t there = std::min<std::size_t>(3, bytes.size() - i);
    for (std::size_t j = 0; j < 3; ++j)
      group = group << 8 | (j < there ? static_cast<unsigned char>(bytes[i + j]) : 0u);
    for (std::size_t j = 0; j < 4; ++j)
      out += j <= there ? kDigits[group >> (18 - 6 * j) & 63] : '=';
  }
}

std::string base64(std::string_view bytes) {
  std::string result;
  append_base64(bytes, result);
  return result;
}

std::string percent_encoded(std::string_view text, UrlPart part) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  std::string result;
  for (const char c : text) {
    if (may_stay(c, part)) {
      result += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    result += '%';
    result += kDigits[byte >> 4];
    result += kDigits[byte & 15];
  }
  return result;
}

}  // namespace vajrapulse::http
