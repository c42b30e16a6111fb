#include "vajrapulse/criteria/value.hpp"

#include <cmath>

#include <fmt/format.h>

#include "vajrapulse/base/units.hpp"

namespace vajrapulse::criteria {
namespace {

constexpr double kLongest = 9.2e18;  // fits the count of a Duration, and of bytes

std::string number_text(double number) {
  const bool whole = number == std::floor(number) && std::abs(number) < 1e15;
  if (!whole) return fmt::format("{:.6g}", number);
  const std::string digits = format_count(std::uint64_t(std::abs(number)));
  return number < 0 ? "-" + digits : digits;
}

}  // namespace

std::string_view article_name(Type type) noexcept {
  switch (type) {
    case Type::any: return "a value";
    case Type::null: return "null";
    case Type::boolean: return "true or false";
    case Type::text: return "a text";
    case Type::number: return "a number";
    case Type::share: return "a share";
    case Type::time: return "a time";
    case Type::rate: return "a rate";
    case Type::bytes: return "a size";
  }
  return "";
}

std::string format(const Value& value) {
  const std::string sign = value.number < 0 ? "-" : "";
  const double size = std::min(std::abs(value.number), kLongest);
  switch (value.type) {
    case Type::any:
    case Type::null: return "no value";
    case Type::boolean: return value.number != 0 ? "true" : "false";
    case Type::text: return "'" + std::string(value.text) + "'";
    case Type::number: return number_text(value.number);
    case Type::share: return sign + format_percent(size);
    case Type::time: return sign + format_duration(Duration(std::llround(size)));
    case Type::rate: return sign + format_rate(size);
    case Type::bytes: return sign + format_bytes(std::uint64_t(size));
  }
  return "";
}

}  // namespace vajrapulse::criteria
