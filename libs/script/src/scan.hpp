#pragma once

#include <optional>
#include <string_view>

#include "vajrapulse/script/interpreter.hpp"

namespace vajrapulse::script {

/// Refuses what a sandbox must not compile: bytecode, `_ENV`, and varargs, which can make one instruction copy a
/// million values. Everything else is the compiler's.
std::optional<Mistake> scan(std::string_view source);

/// Where `token` stands in a line, when it stands there once only.
void locate(Mistake& mistake, std::string_view source, std::string_view token);

}  // namespace vajrapulse::script
