#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "content.hpp"
#include "vajrapulse/data/cursor.hpp"

namespace vajrapulse::data {

struct Feed::Parts {
  std::shared_ptr<const Table> table;
  PickSettings pick;
  std::vector<std::uint32_t> columns;
  Wanted wanted;
  std::optional<Picker> picker;  ///< nothing when the table is streamed
};

/// What an iteration is given when there is no row for it.
Given at_end(OnEnd on_end);

std::unique_ptr<Cursor> stream_cursor(std::shared_ptr<const Feed::Parts> parts, const StreamContent& content);

}  // namespace vajrapulse::data
