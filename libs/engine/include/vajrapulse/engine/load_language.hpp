#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "vajrapulse/base/error.hpp"
#include "vajrapulse/engine/load_pattern.hpp"

namespace vajrapulse::engine {

/// A load as people write it, one after another where a comma says "then", together where a plus sign adds:
///
///   static 1000/s 10m                                   one rate; without a time it goes on
///   ramp 0..1000/s 1m                                   from one rate to another, evenly
///   ramp 0 30s                                          from the rate before it
///   hold 5m                                             the rate before it goes on
///   step 100/s 30s 200/s 1m 500/s                       rates and how long; the last may go on
///   sine 1000/s ± 300 period 1m for 10m                 around a mean, rising first; "+-" and "+/-" do for "±"
///   spike 1000/s to 5000/s every 1m for 10s, 5m         in the middle of every minute ten seconds, for five minutes
///   spike 1000/s to 5000/s 5m                           one spike, in the middle tenth of five minutes
///   ramp 0..1000/s 1m, hold 4m + static 50/s 5m         the sum of two loads that begin together
///
/// Every load begins with a word and no time does: so after `every …` or `for …` of a spike a comma followed by a time
/// and nothing else says how long the spikes go on, and every other comma begins the next load. A comma joins more
/// tightly than a plus sign, and a part of a sum that has ended adds nothing more.
///
/// Errors name the character (from 1) where it went wrong, the word, and what to write instead.
Expected<std::shared_ptr<const LoadPattern>> parse_load(std::string_view text);

/// One rate, in millionths of an iteration per second (what `parse_rate` gives); without a length it goes on.
std::shared_ptr<const LoadPattern> static_pattern(std::int64_t rate_millionths,
                                                  std::optional<Duration> length = std::nullopt);

/// "1000/s", "0.25/s": a rate as the language has it.
std::string rate_text(std::int64_t rate_millionths);

}  // namespace vajrapulse::engine
