#include "vajrapulse/data/row.hpp"

#include <algorithm>
#include <cstring>
#include <functional>

namespace vajrapulse::data {

char* Row::room(std::size_t bytes) {
  if (capacity_ - used_ < bytes) grow(used_ + bytes);
  return memory_.get() + used_;
}

void Row::grow(std::size_t bytes) {
  const std::size_t capacity = std::max(bytes, 2 * capacity_);
  auto memory = std::make_unique<char[]>(capacity);
  if (used_ > 0) std::memcpy(memory.get(), memory_.get(), used_);
  const std::less_equal<const char*> not_behind;
  for (std::string_view& field : fields_) {
    const bool ours = used_ > 0 && not_behind(memory_.get(), field.data()) &&
                      not_behind(field.data() + field.size(), memory_.get() + used_);
    if (ours) field = {memory.get() + (field.data() - memory_.get()), field.size()};
  }
  memory_ = std::move(memory);
  capacity_ = capacity;
}

}  // namespace vajrapulse::data
