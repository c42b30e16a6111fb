#pragma once

#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vajrapulse/extract/mistake.hpp"

namespace vajrapulse::extract {

/// What picks children of a value (RFC 9535 section 2.3).
struct Selector {
  enum class Kind : std::uint8_t { name, index, every, slice };
  Kind kind = Kind::every;
  std::string name{};
  std::int64_t index = 0;
  std::optional<std::int64_t> start{}, end{};
  std::int64_t step = 1;
};

/// Which selectors pick from a value, or from everything within it (section 2.5).
struct Segment {
  enum class Reach : std::uint8_t { child, descendant };
  Reach reach = Reach::child;
  std::vector<Selector> selectors{};
  std::size_t at = 0;  ///< where it begins in the text
};

struct Path {
  std::string text;
  std::vector<Segment> segments;
  bool definite = false;
};

constexpr std::size_t kLongestPath = 1'024;
std::expected<std::shared_ptr<const Path>, Mistake> parse_path(std::string_view text);

}  // namespace vajrapulse::extract
