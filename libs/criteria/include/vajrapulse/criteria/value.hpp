#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace vajrapulse::criteria {

/// What a value is, units included. `any` is known only when it is evaluated (a captured field).
enum class Type : std::uint8_t { any, null, boolean, text, number, share, time, rate, bytes };

/// "a time", "a share", for messages.
std::string_view article_name(Type type) noexcept;

/// A value of the expression language. Trivially copied; text points into memory that someone else keeps.
///
/// Times are in nanoseconds, rates per second, shares from 0 to 1: `500ms`, `10/s`, `1%`.
struct Value {
  Type type = Type::null;
  double number = 0;  ///< also 0 or 1 of a boolean
  std::string_view text{};

  static constexpr Value null() noexcept { return {}; }
  static constexpr Value boolean(bool value) noexcept { return {Type::boolean, value ? 1.0 : 0.0, {}}; }
  static constexpr Value of(double number, Type type = Type::number) noexcept { return {type, number, {}}; }
  static constexpr Value of(std::string_view text) noexcept { return {Type::text, 0, text}; }

  [[nodiscard]] constexpr bool is_null() const noexcept { return type == Type::null; }
  [[nodiscard]] constexpr bool is_number() const noexcept { return type >= Type::number; }
};

/// As people read it: "12.1 ms", "0.10 %", "900/s", "4.00 KiB", "'abc'", "no value".
std::string format(const Value& value);

}  // namespace vajrapulse::criteria
