#include <algorithm>
#include <string_view>

#include "mistakes.hpp"
#include "vajrapulse/plan/compiler.hpp"

namespace vajrapulse::plan {
namespace {

/// Bytes of the first `count` characters of `text`.
std::size_t bytes_of(std::string_view text, std::size_t count) noexcept {
  std::size_t at = 0;
  while (at < text.size() && count > 0) {
    ++at;
    while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xc0) == 0x80)
      ++at;
    --count;
  }
  return at;
}

std::string_view without_indent(std::string_view line) noexcept {
  const std::size_t begin = line.find_first_not_of(' ');
  return begin == std::string_view::npos ? std::string_view() : line.substr(begin);
}

/// A mistake, in the line of the scalar in which it is.
struct InLine {
  std::size_t number = 0;  ///< from 0, within the scalar
  std::string_view text;   ///< the whole line
  std::size_t column = 0;  ///< characters before it in the line
  std::size_t length = 1;
};

InLine in_line(std::string_view text, const criteria::Mistake& mistake) noexcept {
  const std::size_t at = bytes_of(text, mistake.column - 1);
  const std::size_t begin = at == 0 ? 0 : text.rfind('\n', at - 1) + 1;
  const std::size_t end = std::min(text.find('\n', at), text.size());
  InLine found;
  found.number = std::size_t(std::ranges::count(text.substr(0, begin), '\n'));
  found.text = text.substr(begin, end - begin);
  found.column = characters(text.substr(begin, at - begin));
  found.length = std::max<std::size_t>(std::min(mistake.length, characters(text.substr(at, end - at))), 1);
  return found;
}

/// In a block scalar the text's lines follow the line of its `|`, indented.
document::Place in_block(const document::Node& scalar, const InLine& part) {
  document::Place place = scalar.place;
  for (const std::size_t first : {place.line + 1, place.line}) {
    const std::string_view line = place.source->line(first + part.number);
    if (part.text.empty() || !line.ends_with(part.text)) continue;
    if (!without_indent(line).ends_with(without_indent(part.text))) continue;
    const std::string_view indent = line.substr(0, line.size() - part.text.size());
    if (indent.find_first_not_of(' ') != std::string_view::npos) continue;
    place.line = first + part.number;
    place.column = indent.size() + part.column + 1;
    place.length = part.length;
    return place;
  }
  return place;
}

document::Place in_one_line(const document::Node& scalar, const InLine& part) {
  const std::string_view line = scalar.place.source->line(scalar.place.line);
  const std::size_t needed = bytes_of(part.text, part.column + part.length);
  for (const std::size_t quote : {0, 1}) {  // the place may be that of the quote before the text
    const std::string_view rest = line.substr(bytes_of(line, scalar.place.column - 1 + quote));
    if (rest.substr(0, needed) == part.text.substr(0, needed))
      return scalar.place.part(quote + part.column, part.length);
  }
  return scalar.place;  // an escape before it, or a text from elsewhere: its columns are not those of the file
}

}  // namespace

document::Place place_of(const document::Node& scalar, const criteria::Mistake& mistake) {
  if (!scalar.place.source) return scalar.place;
  const InLine part = in_line(scalar.text, mistake);
  if (scalar.style == document::Style::block) return in_block(scalar, part);
  return part.number == 0 ? in_one_line(scalar, part) : scalar.place;
}

}  // namespace vajrapulse::plan
