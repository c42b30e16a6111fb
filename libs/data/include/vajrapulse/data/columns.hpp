#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vajrapulse/base/error.hpp"

namespace vajrapulse::data {

/// How the text of a field is read.
enum class ColumnType : std::uint8_t {
  text,
  integer,  ///< digits with an optional sign, within 64 bits with sign
  number,   ///< decimal, with or without an exponent; neither infinite nor "nan"
  boolean   ///< true, false, 1 or 0
};

/// "text", "integer", "number" or "boolean".
Expected<ColumnType> parse_column_type(std::string_view word);

/// What every field of one column has to be. An empty field, and in JSON a key that is null or not there, is no value:
/// only `required` refuses it.
struct ColumnRule {
  std::string name;
  ColumnType type = ColumnType::text;
  std::string pattern;              ///< the whole field matches it (RE2 syntax); empty: any
  std::vector<std::string> values;  ///< the field is one of these; empty: any
  std::optional<double> min;        ///< of integers and numbers, inclusive
  std::optional<double> max;
  bool unique = false;  ///< no value comes twice
  bool required = false;
};

/// Fields as what their type says; nothing when they are none: "", " 5" and "+5" are no numbers.
std::optional<std::int64_t> integer_of(std::string_view field);
std::optional<double> number_of(std::string_view field);
std::optional<bool> boolean_of(std::string_view field);

}  // namespace vajrapulse::data
