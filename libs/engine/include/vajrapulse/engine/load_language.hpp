#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "vajrapulse/base/error.hpp"
#include "vajrapulse/engine/load_pattern.hpp"

namespace vajrapulse::engine {

/// A load as people write it, one after another where a comma says "then":
///
///   static 1000/s 10m            one rate; without a time it goes on
///   ramp 0..1000/s 1m            from one rate to another, evenly
///   ramp 0 30s                   from the rate before it
///   hold 5m                      the rate before it goes on
///
/// Errors name the character (from 1) where it went wrong, the word, and what to write instead.
Expected<std::shared_ptr<const LoadPattern>> parse_load(std::string_view text);

/// One rate, in millionths of an iteration per second (what `parse_rate` gives); without a length it goes on.
std::shared_ptr<const LoadPattern> static_pattern(std::int64_t rate_millionths,
                                                  std::optional<Duration> length = std::nullopt);

}  // namespace vajrapulse::engine
