#include "fault.hpp"

namespace vajrapulse::data {

Error error_at(const Place& place, const Fault& fault) {
  std::string text(place.table);
  if (place.line > 0) text += ":" + std::to_string(place.line);
  text += ": ";
  if (place.row > 0) text += "row " + std::to_string(place.row);
  if (!fault.column.empty()) text += (place.row > 0 ? ", column " : "column ") + fault.column;
  if (place.row > 0 || !fault.column.empty()) text += ": ";
  return {kUsage, text + fault.message, fault.cure};
}

std::string shown(std::string_view field) {
  constexpr std::size_t kMost = 40;
  std::string text = "'";
  std::size_t end = std::min(field.size(), kMost);
  while (end < field.size() && end > 0 && (static_cast<unsigned char>(field[end]) & 0xc0) == 0x80)
    --end;  // not in the middle of a letter
  for (const char letter : field.substr(0, end))
    text += static_cast<unsigned char>(letter) < 0x20 || letter == 0x7f ? '.' : letter;
  return text + (end < field.size() ? "…'" : "'");
}

std::string counted(std::uint64_t count, std::string_view what) {
  return std::to_string(count) + " " + std::string(what) + (count == 1 ? "" : "s");
}

}  // namespace vajrapulse::data
