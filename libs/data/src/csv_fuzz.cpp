#include <cstddef>
#include <cstdlib>
#include <string>
#include <vector>

#include "source.hpp"
#include "vajrapulse/data/cursor.hpp"

namespace {

using namespace vajrapulse::data;

/// All fields of all rows; the first `most` of them.
std::vector<std::string> fields_of(const std::shared_ptr<const Table>& table, std::size_t most) {
  const std::vector<std::string> names(table->columns().begin(), table->columns().end());
  std::vector<std::string> wanted;
  for (const std::string& name : names)
    if (!name.empty()) wanted.push_back(name);
  const auto feed = Feed::make(table, {.on_end = OnEnd::stop_run}, wanted);
  if (!feed) std::abort();
  const auto cursor = (*feed)->cursor();
  std::vector<std::string> fields;
  Row row;
  for (std::uint64_t k = 0; k < most; ++k) {
    const auto given = cursor->row(k, 0, row);
    if (!given || *given != Given::row) break;
    for (std::size_t i = 0; i < row.size(); ++i)
      fields.emplace_back(row.field(i));
  }
  return fields;
}

}  // namespace

/// A table must give the same fields from memory and as a stream, and no text may end in anything but rows or
/// sentences.
extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  Settings settings{.path = "x.csv"};
  if (data[0] % 4 == 1) settings.separator = ';';
  const auto memory = open_text(text, settings);
  settings.limits.bytes = 0;
  const auto stream = open_text(text, settings);
  if (!memory) return 0;
  if (!stream) std::abort();
  if (fields_of(*memory, *(*memory)->rows()) != fields_of(*stream, *(*memory)->rows())) std::abort();
  return 0;
}
