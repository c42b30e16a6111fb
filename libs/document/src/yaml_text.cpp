#include "yaml_text.hpp"

#include <algorithm>
#include <utility>

#include "unicode.hpp"

namespace vajrapulse::document {

YamlText::YamlText(std::shared_ptr<const Source> source) : source_(std::move(source)), text_(source_->text()) {
  constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
  if (text_.starts_with(kByteOrderMark)) text_.remove_prefix(kByteOrderMark.size());
}

Place YamlText::at(std::size_t offset, std::size_t length) {
  offset = std::min(offset, text_.size());
  const auto between =
      offset < offset_ ? text_.substr(offset, offset_ - offset) : text_.substr(offset_, offset - offset_);
  const auto breaks = std::size_t(std::ranges::count(between, '\n'));
  const bool forward = offset >= offset_;
  if (breaks == 0) {
    column_ = forward ? column_ + characters(between) : column_ - characters(between);
  } else {
    line_ = forward ? line_ + breaks : line_ - breaks;
    const std::size_t begin = line_begin(offset);
    column_ = 1 + characters(text_.substr(begin, offset - begin));
  }
  offset_ = offset;
  return {source_, line_, column_, std::max<std::size_t>(length, 1)};
}

std::string_view YamlText::line_from(std::size_t offset) const noexcept {
  auto line = from(offset);
  line = line.substr(0, line.find('\n'));
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

std::size_t YamlText::line_begin(std::size_t offset) const noexcept {
  if (offset == 0) return 0;
  const auto before = text_.rfind('\n', offset - 1);
  return before == text_.npos ? 0 : before + 1;
}

std::size_t YamlText::skip_properties(std::size_t offset) const noexcept {
  constexpr std::string_view kBlank = " \t\r\n";
  while (offset < text_.size()) {
    const char c = text_[offset];
    if (kBlank.find(c) != kBlank.npos)
      ++offset;
    else if (c == '&' || c == '!')
      offset = std::min(text_.find_first_of(kBlank, offset), text_.size());
    else if (c == '#')
      offset = std::min(text_.find('\n', offset), text_.size());
    else
      break;
  }
  return offset;
}

std::size_t YamlText::closing_quote(std::size_t offset) const noexcept {
  const char quote = text_[offset];
  for (std::size_t i = offset + 1; i < text_.size(); ++i) {
    if (quote == '"' && text_[i] == '\\') {
      ++i;
    } else if (text_[i] == quote) {
      const bool doubled = quote == '\'' && i + 1 < text_.size() && text_[i + 1] == quote;
      if (!doubled) return i;
      ++i;
    }
  }
  return text_.npos;
}

}  // namespace vajrapulse::document
