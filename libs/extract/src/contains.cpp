#include "vajrapulse/extract/contains.hpp"

#include <fmt/format.h>

#include "mistake_at.hpp"

namespace vajrapulse::extract {

std::expected<Contains, Mistake> Contains::compile(std::string_view text) {
  if (text.empty())
    return std::unexpected(mistake_at(text, 0, 1, "every body contains an empty text", "write what it must contain"));
  return Contains(text);
}

Found Contains::first(Reader& reader) const {
  const std::size_t at = reader.body().find(text_);
  if (at != std::string_view::npos) return Value{.type = Type::text, .text = reader.body().substr(at, text_.size())};
  const bool long_text = text_.size() > 100;
  return std::unexpected(Miss{
      Reason::missing, fmt::format("the body does not contain '{}{}'", text_.substr(0, 100), long_text ? "…" : "")});
}

std::expected<std::size_t, Miss> Contains::all(Reader& reader, std::vector<Value>& values, std::size_t most) const {
  const std::string_view body = reader.body();
  std::size_t count = 0;
  for (std::size_t at = body.find(text_); at != body.npos && count < most; at = body.find(text_, at + text_.size())) {
    values.push_back({.type = Type::text, .text = body.substr(at, text_.size())});
    ++count;
  }
  return count;
}

}  // namespace vajrapulse::extract
