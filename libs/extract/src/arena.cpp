#include "arena.hpp"

#include <algorithm>
#include <cstring>
#include <new>

namespace vajrapulse::extract {

bool Arena::grow(std::size_t bytes) noexcept {
  // Doubling: few blocks, however much is asked for.
  const std::size_t size = std::max({bytes, kBlock, std::min<std::size_t>(total_, 4 << 20)});
  if (bytes > most_ || total_ > most_ - bytes) return false;
  std::unique_ptr<std::byte[]> block(new (std::nothrow) std::byte[size]);
  if (!block) return false;
  blocks_.push_back({std::move(block), size});
  total_ += size;
  used_ = 0;
  return true;
}

void* Arena::take(std::size_t bytes) noexcept {
  constexpr std::size_t kAlign = alignof(std::max_align_t);
  if (bytes > most_) return nullptr;
  bytes = (bytes + kAlign - 1) / kAlign * kAlign;
  if (blocks_.empty() || blocks_.back().size - used_ < bytes)
    if (!grow(bytes)) return nullptr;
  void* taken = blocks_.back().bytes.get() + used_;
  used_ += bytes;
  return taken;
}

std::string_view Arena::keep(std::string_view text) noexcept {
  void* kept = take(std::max<std::size_t>(text.size(), 1));
  if (kept == nullptr) return {};
  std::memcpy(kept, text.data(), text.size());
  return {static_cast<const char*>(kept), text.size()};
}

void Arena::clear() noexcept {
  if (blocks_.size() > 1) blocks_.erase(blocks_.begin() + 1, blocks_.end());
  total_ = blocks_.empty() ? 0 : blocks_.front().size;
  used_ = 0;
}

}  // namespace vajrapulse::extract
