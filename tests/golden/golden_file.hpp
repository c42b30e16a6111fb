#pragma once

#include <string>

namespace vajrapulse::golden {

/// Rewrite the files instead of comparing with them.
enum class Mode { compare, update };
void set_mode(Mode mode);

/// Expects `text` to be what tests/golden/files/`name` holds.
void expect_golden(const std::string& name, const std::string& text);

}  // namespace vajrapulse::golden
