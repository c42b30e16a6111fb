#include "format.hpp"

#include <algorithm>
#include <utility>

namespace vajrapulse::data {

Wanted::Wanted(std::span<const std::uint32_t> columns) {
  for (const std::uint32_t column : columns)
    slots_.push_back({column, std::uint32_t(slots_.size())});
  std::ranges::sort(slots_, {}, [](const Slot& slot) { return std::pair(slot.column, slot.field); });
}

Skip Format::skip(std::size_t at, std::uint64_t, std::vector<std::size_t>*) const { return {at}; }

Expected<std::size_t> begin_of(std::string_view text, std::string_view name) {
  if (text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff"))
    return fail(kUsage, std::string(name) + " is written in UTF-16", "save it as UTF-8");
  return text.starts_with("\xef\xbb\xbf") ? 3 : 0;
}

}  // namespace vajrapulse::data
