#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "unicode.hpp"
#include "written.hpp"

namespace vajrapulse::document {
namespace {

constexpr std::size_t kMostCells = 100;   ///< of a line that is shown whole
constexpr std::size_t kCellsBefore = 40;  ///< the caret, in a line that is cut
constexpr std::size_t kTabCells = 4;

/// A character as it is shown.
struct Shown {
  std::string text;
  std::size_t cells;
};

Shown shown(const Character& character, std::string_view bytes) {
  if (character.code == '\t') return {std::string(kTabCells, ' '), kTabCells};
  if (!character.valid || is_control(character.code)) return {"\xef\xbf\xbd", 1};
  return {std::string(bytes), cells(character.code)};
}

/// The characters [from, to) of a line, and how many cells stand before `at` and from there to `end`.
struct Window {
  std::size_t from = 0;
  std::size_t to = 0;
};

std::vector<Shown> line_shown(std::string_view line) {
  std::vector<Shown> all;
  while (!line.empty()) {
    const auto character = first_character(line);
    all.push_back(shown(character, line.substr(0, character.bytes)));
    line.remove_prefix(character.bytes);
  }
  return all;
}

std::size_t cells_of(const std::vector<Shown>& line, std::size_t from, std::size_t to) {
  std::size_t sum = 0;
  for (std::size_t i = from; i < std::min(to, line.size()); ++i)
    sum += line[i].cells;
  return sum;
}

Window window_around(const std::vector<Shown>& line, std::size_t at) {
  if (cells_of(line, 0, line.size()) <= kMostCells) return {0, line.size()};
  Window window{std::min(at, line.size()), std::min(at, line.size())};
  for (std::size_t room = kCellsBefore; window.from > 0 && line[window.from - 1].cells <= room; --window.from)
    room -= line[window.from - 1].cells;
  for (std::size_t room = kMostCells - cells_of(line, window.from, window.to);
       window.to < line.size() && line[window.to].cells <= room; ++window.to)
    room -= line[window.to].cells;
  return window;
}

/// What can matter of a line of any length, so that showing it takes no longer than it is worth.
std::string_view near(std::string_view line, std::size_t& at) {
  constexpr std::size_t kAround = 4 * kMostCells;
  if (at > kAround) {
    line.remove_prefix(bytes_of_characters(line, at - kAround));
    at = kAround;
  }
  return line.substr(0, bytes_of_characters(line, at + kAround));
}

}  // namespace

std::string excerpt(const Place& place) {
  if (!place.source || place.source->text().empty()) return {};
  std::size_t at = place.column - 1;
  const std::size_t before = at;
  const auto rest = near(place.source->line(place.line), at);
  const bool skipped = before != at;
  const auto line = line_shown(rest);
  const auto window = window_around(line, at);
  std::string shown_line = skipped || window.from > 0 ? "…" : "";
  std::string blanks(shown_line.empty() ? 0 : 1, ' ');
  for (std::size_t i = window.from; i < window.to; ++i)
    shown_line += line[i].text;
  if (window.to < line.size()) shown_line += "…";
  blanks.append(cells_of(line, window.from, at), ' ');
  const std::size_t end = std::min(at + std::max<std::size_t>(place.length, 1), window.to);
  const std::string carets(std::max<std::size_t>(cells_of(line, at, end), 1), '^');
  const auto number = std::to_string(place.line);
  return fmt::format("  {} | {}\n  {:{}} | {}{}\n", number, shown_line, "", number.size(), blanks, carets);
}

}  // namespace vajrapulse::document
