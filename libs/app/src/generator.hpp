#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "vajrapulse/base/error.hpp"
#include "vajrapulse/runtime/reactors.hpp"

namespace vajrapulse::app {

/// What --io says.
Expected<runtime::IoKind> io_kind(const std::string& text);

/// As many descriptors as the system grants without asking: a run out of them is our fault, not the target's.
void raise_descriptor_limit();

/// 53 bits: exact in JSON readers that know only doubles.
std::uint64_t fresh_seed();

/// Processors this process may use, not those the machine has.
std::size_t processors();

}  // namespace vajrapulse::app
