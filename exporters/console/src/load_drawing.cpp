#include "vajrapulse/console/load_drawing.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "text.hpp"
#include "vajrapulse/base/units.hpp"

namespace vajrapulse::console {
namespace {

constexpr int kRows = 10;
constexpr int kLooks = 512;  ///< at each column
constexpr std::array<std::string_view, 9> kEighths{" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};

/// What the level does within a column's time.
struct Column {
  double low = 0;
  double high = 0;
  bool to_and_fro = false;  ///< it rises as well as falls
};

Duration share_of(Duration length, double share) {
  return Duration(std::min(std::int64_t(double(length.count()) * share), length.count() - 1));
}

Column look(const LoadSketch& sketch, int column, int columns) {
  Column seen;
  double before = 0;
  bool rises = false;
  bool falls = false;
  for (int i = 0; i < kLooks; ++i) {
    const double share = (column + (i + 0.5) / kLooks) / columns;
    const double level = sketch.level_at(share_of(sketch.length, share));
    if (i == 0) seen = {.low = level, .high = level};
    rises = rises || (i > 0 && level > before);
    falls = falls || (i > 0 && level < before);
    seen.low = std::min(seen.low, level);
    seen.high = std::max(seen.high, level);
    before = level;
  }
  seen.to_and_fro = rises && falls;
  return seen;
}

/// The next of 1, 2, 2.5 or 5 times a power of ten.
double round_up(double value) {
  if (value <= 0) return 1;
  const double power = std::pow(10, std::floor(std::log10(value)));
  for (const double step : {1.0, 2.0, 2.5, 5.0})
    if (step * power >= value * (1 - 1e-9)) return step * power;
  return 10 * power;
}

std::string level_text(double level, std::string_view unit) {
  if (level >= 10 || level == std::floor(level))
    return format_count(std::uint64_t(std::llround(level))) + std::string(unit);
  return fmt::format("{:.3g}{}", level, unit);
}

constexpr auto kSecond = std::int64_t(1'000'000'000);
constexpr std::array<std::int64_t, 21> kTicks{
    kSecond,          2 * kSecond,      5 * kSecond,      10 * kSecond,    15 * kSecond,    30 * kSecond,
    60 * kSecond,     120 * kSecond,    300 * kSecond,    600 * kSecond,   900 * kSecond,   1800 * kSecond,
    3600 * kSecond,   7200 * kSecond,   10800 * kSecond,  21600 * kSecond, 43200 * kSecond, 86400 * kSecond,
    172800 * kSecond, 604800 * kSecond, 2592000 * kSecond};

/// A time at which ticks stand well, with a tick in every twelve columns or fewer.
std::int64_t tick_for(Duration length, int columns) {
  const double least = double(length.count()) * 12 / columns;
  for (const std::int64_t tick : kTicks)
    if (double(tick) >= least && least > double(kSecond) / 2) return tick;
  return std::max<std::int64_t>(1, std::llround(round_up(least)));
}

std::string cell(const Column& column, int row, double top) {
  const double eighths = kRows * 8 / top;
  const int floor = row * 8;
  const int high = std::clamp(int(std::lround(column.high * eighths)) - floor, 0, 8);
  // What is there at all is seen.
  const bool trace = row == 0 && high == 0 && column.high > 0;
  if (!column.to_and_fro || (column.high - column.low) * eighths < 4) return std::string(kEighths.at(trace ? 1 : high));
  const int low = std::clamp(int(std::lround(column.low * eighths)) - floor, 0, 8);
  if (low == 8) return "█";
  return high > 0 ? "░" : " ";
}

std::string axes(const LoadSketch& sketch, int margin, int columns, const Style& style) {
  const std::int64_t tick = tick_for(sketch.length, columns);
  std::string marks;
  std::string labels;
  int next = 0;
  for (std::int64_t at = 0; at <= sketch.length.count(); at += tick) {
    const int column = int(double(at) / double(sketch.length.count()) * columns);
    if (column >= columns) break;
    for (; next < column; ++next)
      marks += "─";
    marks += "┬";
    ++next;
    const std::string text = at == 0 ? "0" : format_exact(Duration(at));
    const int begin = columns_of(labels);
    if (column < begin || column + columns_of(text) > columns) continue;
    labels += std::string(std::size_t(column - begin), ' ') + text + " ";
  }
  for (; next < columns; ++next)
    marks += "─";
  const std::string pad(std::size_t(margin), ' ');
  while (labels.ends_with(' '))
    labels.pop_back();
  return paint(right("0", margin) + " └" + marks, Ink::faint, style) + "\n" +
         paint(pad + "  " + labels, Ink::faint, style) + "\n";
}

std::string facts(const LoadSketch& sketch, const Style& style) {
  int widest = 0;
  for (const auto& [name, value] : sketch.facts)
    widest = std::max(widest, columns_of(name));
  std::string text;
  for (const auto& [name, value] : sketch.facts)
    text += "  " + paint(left(name, widest + 2), Ink::faint, style) + wrapped(value, style.width, widest + 4) + "\n";
  for (const std::string& note : sketch.notes)
    text += "  " + wrapped(note, style.width, 2) + "\n";
  return text;
}

}  // namespace

double highest_level(const LoadSketch& sketch) {
  constexpr int kMany = 200;
  double highest = 0;
  for (int i = 0; i < kMany; ++i)
    highest = std::max(highest, look(sketch, i, kMany).high);
  return highest;
}

std::string render_load(const LoadSketch& sketch, const Style& style) {
  const double top = round_up(highest_level(sketch));
  const int margin =
      std::max(columns_of(level_text(top, sketch.unit)), columns_of(level_text(top / 2, sketch.unit))) + 2;
  const int columns = std::max(style.width - margin - 3, 10);
  std::vector<Column> seen;
  for (int i = 0; i < columns; ++i)
    seen.push_back(look(sketch, i, columns));
  std::string text = paint(wrapped(sketch.title, style.width, 0), Ink::bold, style) + "\n\n";
  for (int row = kRows - 1; row >= 0; --row) {
    const std::string label = row == kRows - 1       ? level_text(top, sketch.unit)
                              : row == kRows / 2 - 1 ? level_text(top / 2, sketch.unit)
                                                     : "";
    std::string area;
    for (const Column& column : seen)
      area += cell(column, row, top);
    while (area.ends_with(' '))
      area.pop_back();
    text += paint(right(label, margin) + (label.empty() ? " │" : " ┤"), Ink::faint, style) +
            (area.empty() ? "" : paint(area, Ink::accent, style)) + "\n";
  }
  return text + axes(sketch, margin, columns, style) + "\n" + facts(sketch, style);
}

}  // namespace vajrapulse::console
