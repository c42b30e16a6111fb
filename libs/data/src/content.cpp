#include "content.hpp"

#include <algorithm>

namespace vajrapulse::data {
namespace {

std::uint64_t line_at(std::string_view text, std::size_t at) {
  return 1 + std::uint64_t(std::ranges::count(text.substr(0, at), '\n'));
}

}  // namespace

void CsvContent::read(std::uint64_t number, const Wanted& wanted, Row& row) const {
  row.start(number, wanted.fields());
  csv->split(begins[number], wanted, row);
}

std::uint64_t CsvContent::line_of(std::uint64_t number) const { return line_at(mapping.text(), begins[number]); }

void CellContent::read(std::uint64_t number, const Wanted& wanted, Row& row) const {
  row.start(number, wanted.fields());
  const std::uint32_t start = starts[number];
  const std::uint32_t width = starts[number + 1] - start;
  for (const Slot& slot : wanted.slots()) {
    if (slot.column >= width) return;
    const Cell& cell = cells[start + slot.column];
    row.set(slot.field, {(cell.in_file() ? mapping->text().data() : own.data()) + cell.begin, cell.length()});
  }
}

std::uint64_t CellContent::line_of(std::uint64_t number) const {
  return mapping ? line_at(mapping->text(), begins[number]) : 0;
}

CellContent::Cell CellContent::keep(std::string_view text) {
  const Cell cell{std::uint32_t(own.size()), std::uint32_t(text.size())};
  own += text;
  return cell;
}

}  // namespace vajrapulse::data
