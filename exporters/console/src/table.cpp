#include "table.hpp"

#include <algorithm>

namespace vajrapulse::console {
namespace {

constexpr int kRoomy = 10;  // columns of a figure where there is room
constexpr int kMargin = 2;

/// How wide each column must be: its longest text and a gap.
std::vector<int> widths_of(const std::vector<std::string>& columns, const std::vector<Row>& rows, int gap, int least) {
  std::vector<int> widths;
  for (std::size_t c = 0; c < columns.size(); ++c) {
    int longest = columns_of(columns[c]);
    for (const Row& row : rows)
      if (c < row.figures.size()) longest = std::max(longest, columns_of(row.figures[c]));
    widths.push_back(std::max(longest + gap, least));
  }
  return widths;
}

/// The first column that no longer fits on a line that begins with column `from`; at least one does.
std::size_t end_of_block(const std::vector<int>& widths, std::size_t from, int room) {
  std::size_t end = from;
  for (int used = 0; end < widths.size(); ++end) {
    used += widths[end];
    if (used > room && end > from) break;
  }
  return end;
}

std::string without_blanks_at_end(std::string line) {
  line.erase(line.find_last_not_of(' ') + 1);
  return line;
}

std::string line_of(const std::string& label, Ink label_ink, const std::vector<std::string>& figures, Ink ink,
                    const std::vector<int>& widths, std::size_t from, std::size_t end, const Style& style) {
  std::string line = "  " + paint(left(label, label_columns(style)), label_ink, style);
  for (std::size_t c = from; c < std::min(end, figures.size()); ++c)
    line += paint(right(figures[c], widths[c]), ink, style);
  return without_blanks_at_end(std::move(line)) + "\n";
}

}  // namespace

int label_columns(const Style& style) { return style.width >= 96 ? 16 : 14; }

std::string table(const std::string& title, const std::vector<std::string>& columns, const std::vector<Row>& rows,
                  const Style& style) {
  const int room = style.width - kMargin - label_columns(style);
  std::vector<int> widths = widths_of(columns, rows, 2, kRoomy);
  for (int gap = 2; gap > 0 && end_of_block(widths, 0, room) < columns.size(); --gap)
    widths = widths_of(columns, rows, gap, 0);
  std::string out;
  for (std::size_t from = 0; from < columns.size();) {
    const std::size_t end = end_of_block(widths, from, room);
    out += "\n" + line_of(from == 0 ? title : "", Ink::bold, columns, Ink::faint, widths, from, end, style);
    for (const Row& row : rows)
      out += line_of(row.label, Ink::accent, row.figures, row.ink, widths, from, end, style);
    from = end;
  }
  return out;
}

}  // namespace vajrapulse::console
