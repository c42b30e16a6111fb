#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
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

/// The highest rate for which one shard is enough: it carries well over twice that, and half keeps its lag small.
inline constexpr double kRatePerShard = 50'000;

/// What --shards says, where it says something: `most` take part, as `why` ("--connections 4") has it.
Status check_shards(std::optional<std::size_t> given, std::size_t most, const std::string& why);

/// Processors this process may use, not those the machine has.
std::size_t processors();

}  // namespace vajrapulse::app
