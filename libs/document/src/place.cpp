#include "vajrapulse/document/place.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace vajrapulse::document {
namespace {

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

}  // namespace

Source::Source(std::string name, std::string text, std::shared_ptr<const Place> named_by)
    : name_(std::move(name)), text_(std::move(text)), named_by_(std::move(named_by)) {
  begins_.push_back(text_.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0);
  for (auto at = text_.find('\n'); at != text_.npos; at = text_.find('\n', at + 1))
    begins_.push_back(at + 1);
}

std::string_view Source::line(std::size_t number) const noexcept {
  if (number == 0 || number > begins_.size()) return {};
  const std::size_t begin = begins_[number - 1];
  const std::size_t end = number < begins_.size() ? begins_[number] - 1 : text_.size();
  std::string_view line(text_.data() + begin, end - begin);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

std::string Place::text() const {
  return fmt::format("{}:{}:{}", source ? std::string_view(source->name()) : std::string_view("?"), line, column);
}

Place Place::part(std::size_t offset, std::size_t part_length) const {
  Place place = *this;
  place.column += offset;
  place.length = std::max<std::size_t>(part_length, 1);
  return place;
}

}  // namespace vajrapulse::document
