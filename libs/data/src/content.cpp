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

void CsvContent::expect(std::uint64_t number, std::size_t stage) const {
  if (stage == 0) return __builtin_prefetch(&begins[number]);
  if (stage > 1) return;
  const char* const record = mapping.text().data() + begins[number];
  __builtin_prefetch(record);
  __builtin_prefetch(record + 63);
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

void CellContent::expect(std::uint64_t number, std::size_t stage) const {
  if (stage == 0) return __builtin_prefetch(&starts[number]);
  if (starts[number] == starts[number + 1]) return;
  const Cell* const first = &cells[starts[number]];
  if (stage == 1) return __builtin_prefetch(first);
  const char* const text = (first->in_file() ? mapping->text().data() : own.data()) + first->begin;
  __builtin_prefetch(text);
  __builtin_prefetch(text + 63);
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
