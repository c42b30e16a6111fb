#pragma once

#include <string>

#include "vajrapulse/base/clock.hpp"

namespace vajrapulse::engine {

/// A UUID, version 4 (RFC 9562, section 5.4), from the moment and the seed: unique among runs, and the same
/// in a simulation that is replayed.
std::string make_run_id(const Clock& clock, std::uint64_t seed);

}  // namespace vajrapulse::engine
