#pragma once

#include <string>
#include <string_view>

#include "vajrapulse/criteria/value.hpp"
#include "vajrapulse/plan/template.hpp"

namespace vajrapulse::plan {

/// Whether `text` can stand under this encoding at all: a header's value holds no CR, LF or NUL (RFC 9110 section 5.5).
bool can_stand(std::string_view text, Encoding encoding) noexcept;

/// Appends `text` as it has to be written. URLs: RFC 3986 sections 2.2 and 2.3; JSON strings: RFC 8259 section 7.
void append_encoded(std::string_view text, Encoding encoding, std::string& out);

/// Appends a whole number.
void append_integer(std::uint64_t number, std::string& out);
void append_integer(std::int64_t number, std::string& out);

/// A value that is no text, as people write it: "1", "1.5", "true", "500ms", "10/s"; the shortest digits that read back
/// as the same number, without exponent between 1e-7 and 1e21 (as ECMAScript's Number::toString).
void append_value(const criteria::Value& value, std::string& out);

}  // namespace vajrapulse::plan
