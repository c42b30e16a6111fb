#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

#include "vajrapulse/document/place.hpp"

namespace vajrapulse::document {

/// A source as a parser counts it, in bytes from its beginning (after a byte order mark), and as people do.
class YamlText {
 public:
  explicit YamlText(std::shared_ptr<const Source> source);

  [[nodiscard]] std::string_view text() const noexcept { return text_; }
  [[nodiscard]] std::string_view from(std::size_t offset) const noexcept {
    return text_.substr(offset < text_.size() ? offset : text_.size());
  }
  [[nodiscard]] const std::shared_ptr<const Source>& source() const noexcept { return source_; }
  /// Quick when offsets are asked for in about the order of the text, however long its lines are.
  Place at(std::size_t offset, std::size_t length = 1);

  /// The rest of the line at `offset`, without its end.
  [[nodiscard]] std::string_view line_from(std::size_t offset) const noexcept;
  [[nodiscard]] std::size_t line_begin(std::size_t offset) const noexcept;
  /// Beyond `&name`, `!tag` and the blanks, comments and line ends behind them.
  [[nodiscard]] std::size_t skip_properties(std::size_t offset) const noexcept;
  /// The offset of the quote that closes the one at `offset`; npos when none does.
  [[nodiscard]] std::size_t closing_quote(std::size_t offset) const noexcept;

 private:
  std::shared_ptr<const Source> source_;
  std::string_view text_;
  std::size_t offset_ = 0;  // of the last answer
  std::size_t line_ = 1;
  std::size_t column_ = 1;
};

}  // namespace vajrapulse::document
