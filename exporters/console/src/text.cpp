#include "text.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "vajrapulse/base/units.hpp"

namespace vajrapulse::console {
namespace {

std::string_view code_of(Ink ink) {
  switch (ink) {
    case Ink::bold: return "1";
    case Ink::faint: return "2";
    case Ink::good: return "1;32";
    case Ink::warn: return "1;33";
    case Ink::bad: return "1;31";
    case Ink::accent: return "36";
    case Ink::plain: break;
  }
  return "0";
}

std::string blanks(int count) { return std::string(std::size_t(std::max(count, 0)), ' '); }

bool starts_character(char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }

}  // namespace

std::string paint(std::string_view text, Ink ink, const Style& style) {
  if (style.colour == Colour::off || ink == Ink::plain) return std::string(text);
  return "\033[" + std::string(code_of(ink)) + "m" + std::string(text) + "\033[0m";
}

int columns_of(std::string_view text) { return int(std::count_if(text.begin(), text.end(), starts_character)); }

std::string left(std::string_view text, int columns) { return std::string(text) + blanks(columns - columns_of(text)); }

std::string right(std::string_view text, int columns) { return blanks(columns - columns_of(text)) + std::string(text); }

std::string clipped(std::string_view text, int columns) {
  if (columns_of(text) <= columns) return std::string(text);
  std::size_t end = 0;
  for (int seen = 0; end < text.size(); ++end)
    if (starts_character(text[end]) && ++seen == columns) break;
  return std::string(text.substr(0, end)) + "…";
}

/// Where the first `columns` columns of `text` end.
static std::size_t end_of(std::string_view text, int columns) {
  std::size_t end = 0;
  for (int seen = 0; end < text.size(); ++end)
    if (starts_character(text[end]) && ++seen > columns) break;
  return end;
}

std::string wrapped(std::string_view text, int columns, int indent) {
  const int room = std::max(columns - indent, 1);
  std::string out;
  int column = 0;
  while (!text.empty()) {
    const std::size_t blank = std::min(text.find(' '), text.size());
    const std::string_view whole = text.substr(0, blank);
    const bool fits_here = columns_of(whole) <= room;
    const std::string_view word = fits_here ? whole : whole.substr(0, end_of(whole, room));
    if (column > 0 && column + 1 + columns_of(word) > room) {
      out += "\n" + blanks(indent);
      column = 0;
    } else if (column > 0) {
      out += ' ';
      ++column;
    }
    out += word;
    column += columns_of(word);
    text.remove_prefix(fits_here ? std::min(blank + 1, text.size()) : word.size());
  }
  return out;
}

/// Drops the blanks that end `line`, also those in front of escapes, which stay.
static void trim_end(std::string& line) {
  std::string escapes;
  while (!line.empty() && (line.back() == ' ' || line.back() == 'm')) {
    const std::size_t escape = line.back() == 'm' ? line.rfind('\033') : std::string::npos;
    if (line.back() == ' ') {
      line.pop_back();
    } else if (escape != std::string::npos && line.find_first_not_of("[0123456789;", escape + 1) == line.size() - 1) {
      escapes.insert(0, line.substr(escape));
      line.erase(escape);
    } else {
      break;
    }
  }
  line += escapes;
}

std::string fitted(std::string_view text, int columns) {
  std::string out;
  std::string line;
  int column = 0;
  bool escape = false;
  for (const char c : text) {
    if (c == '\n') {
      trim_end(line);
      out += std::exchange(line, {}) + "\n";
      column = 0;
      continue;
    }
    escape = escape || c == '\033';
    if (!escape && starts_character(c)) ++column;
    if (escape || column <= columns) line += c;
    if (c == 'm') escape = false;
  }
  return out + line;
}

std::string bar(double share, int columns) {
  static constexpr std::array<std::string_view, 8> kParts = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  const int eighths = int(std::lround(std::clamp(share, 0.0, 1.0) * columns * 8));
  std::string out;
  for (int i = 0; i < eighths / 8; ++i)
    out += "█";
  out += kParts[std::size_t(eighths % 8)];
  return left(out, columns);
}

std::string sparkline(const std::deque<double>& values, int columns) {
  static constexpr std::array<std::string_view, 8> kLevels = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  if (values.empty() || columns <= 0) return {};
  const std::size_t shown = std::min(values.size(), std::size_t(columns));
  const auto first = values.end() - std::ptrdiff_t(shown);
  const double top = std::max(*std::max_element(first, values.end()), 1e-9);
  std::string out;
  for (auto value = first; value != values.end(); ++value)
    out += kLevels[std::size_t(std::clamp(std::lround(*value / top * 7), 0L, 7L))];
  return out;
}

std::string ns_text(std::int64_t ns) { return format_duration(Duration(ns)); }

std::string scenario_text(const engine::Progress& progress) {
  if (progress.scenarios < 2) return "";
  const std::size_t begun = std::max<std::size_t>(progress.scenarios_begun, 1);
  const std::string of = std::to_string(begun) + "/" + std::to_string(progress.scenarios);
  return progress.scenario.empty() ? of : progress.scenario + " " + of;
}

std::string told_text(const engine::Progress& progress) {
  const std::string told = engine::describe(progress.control);
  const bool later = progress.phase == engine::Phase::warmup && !progress.control.stopped;
  return told + (later && !told.empty() ? " from the start of measuring" : "");
}

}  // namespace vajrapulse::console
