#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

namespace vajrapulse::extract {

enum class Type : std::uint8_t { null, boolean, number, text, object, array };

/// "a text", "an object", for messages.
std::string_view article_name(Type type) noexcept;

/// What was found. The text points into the body or into the Reader, and is good until the Reader reads another body.
struct Value {
  Type type = Type::null;
  /// A text decoded; a number as it was written ("1.50"); "true", "false", "null"; an object or array as its raw JSON.
  std::string_view text{};
  double number = 0;  ///< of a number; 1 of true
};

/// Why nothing was found.
enum class Reason : std::uint8_t {
  missing,     ///< the body is in order, and what was asked for is not in it
  wrong_type,  ///< on the way stands something that has no such part: a name asked of a text
  unreadable,  ///< the body is no JSON, XML or HTML
  too_much,    ///< the body, or the work it would make, is beyond the limits
};

struct Miss {
  Reason reason = Reason::missing;
  std::string message;  ///< one clause without a full stop: "the body has no $.token"
};

using Found = std::expected<Value, Miss>;

}  // namespace vajrapulse::extract
