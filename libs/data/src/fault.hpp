#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "vajrapulse/base/error.hpp"

namespace vajrapulse::data {

/// What is wrong with a record, before it is said where it stands.
struct Fault {
  std::string column;   ///< empty: the record as a whole
  std::string message;  ///< "'abc' is no integer"
  std::string cure;
};

/// Where a record stands.
struct Place {
  std::string_view table;
  std::uint64_t line = 0;  ///< as an editor counts them, from 1; 0: there are no lines
  std::uint64_t row = 0;   ///< from 1; 0: the header, or the file as a whole
};

/// "users.csv:4: row 3, column age: 'abc' is no integer".
Error error_at(const Place& place, const Fault& fault);

/// A field as an error shows it: in quotes, at most 40 bytes of it, nothing that moves a terminal's cursor.
std::string shown(std::string_view field);

/// "1 field", "2 fields".
std::string counted(std::uint64_t count, std::string_view what);

}  // namespace vajrapulse::data
