#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace vajrapulse::schema {

// How people write names and numbers, and what they may have meant.

inline constexpr const char* kKebabPattern = "^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$";
inline constexpr const char* kWordPattern = "^[A-Za-z_][A-Za-z0-9_-]*$";

bool is_kebab(std::string_view text);
bool is_word(std::string_view text);
/// "'My Task' is no task name: it must be lower-case words joined by '-'"
std::string no_kebab(std::string_view text, std::string_view name);
/// "write my-task"
std::string kebab_cure(std::string_view text);
/// "baseUrl", "Base_URL", "base url" as "base-url"; what no name can hold is left out.
std::string as_kebab(std::string_view text);
/// ASCII only.
std::string lower(std::string_view text);

/// A decimal number, all of the text; no infinity.
std::optional<double> decimal(std::string_view text);
bool is_number(std::string_view text);
/// The number in front: "10" of "10 seconds"; empty when there is none.
std::string_view leading_number(std::string_view text);
/// Without blanks at both ends.
std::string_view trimmed(std::string_view text);

}  // namespace vajrapulse::schema
