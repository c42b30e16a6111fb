#include "vajrapulse/extract/mistake.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "mistake_at.hpp"

namespace vajrapulse::extract {
namespace {

std::size_t characters(std::string_view text) noexcept {
  return std::size_t(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

}  // namespace

std::string Mistake::text() const {
  std::string text = fmt::format("column {}: {}", column, message);
  if (!cure.empty()) text += "; " + cure;
  return text;
}

Mistake mistake_at(std::string_view text, std::size_t at, std::size_t length, std::string message, std::string cure) {
  at = std::min(at, text.size());
  return {.column = characters(text.substr(0, at)) + 1,
          .length = std::max<std::size_t>(characters(text.substr(at, length)), 1),
          .message = std::move(message),
          .cure = std::move(cure)};
}

std::expected<void, Mistake> check_length(std::string_view text, std::size_t most, std::string_view what,
                                          std::string_view example) {
  if (text.empty())
    return std::unexpected(
        mistake_at(text, 0, 1, fmt::format("{} is missing", what), fmt::format("write {}", example)));
  if (text.size() > most)
    return std::unexpected(mistake_at(text, most, 1, fmt::format("{} has at most {} bytes", what, most), "shorten it"));
  return {};
}

}  // namespace vajrapulse::extract
