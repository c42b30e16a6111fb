#include "page_words.hpp"

#include <fmt/format.h>

namespace vajrapulse::schema {

std::string about_key(const Field& field) {
  if (field.with.empty()) return field.about;
  const std::string only = fmt::format("Only with {}: {}.", field.with, joined(field.values));
  return field.about.empty() ? only : fmt::format("{} {}", field.about, only);
}

std::string capitalised(std::string text) {
  if (!text.empty() && text.front() >= 'a' && text.front() <= 'z') text.front() = char(text.front() - 'a' + 'A');
  return text;
}

}  // namespace vajrapulse::schema
