#include "mistakes.hpp"

#include <algorithm>
#include <utility>

namespace vajrapulse::plan {

std::size_t characters(std::string_view text) noexcept {
  return std::size_t(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

criteria::Mistake mistake_at(std::string_view text, std::size_t at, std::size_t length, std::string message,
                             std::string cure) {
  return {.column = characters(text.substr(0, at)) + 1,
          .length = std::max<std::size_t>(characters(text.substr(at, length)), 1),
          .message = std::move(message),
          .cure = std::move(cure)};
}

}  // namespace vajrapulse::plan
