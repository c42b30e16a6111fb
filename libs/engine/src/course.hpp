#pragma once

#include <cstdint>
#include <memory>

#include "pauses.hpp"
#include "vajrapulse/base/clock.hpp"
#include "vajrapulse/engine/load_pattern.hpp"

namespace vajrapulse::engine {

/// What the measured phase is to do, whole, after a control: it differs from the one before it only from `from` on.
/// So a shard takes it up whenever it hears of it.
struct Course {
  TimePoint from;
  TimePoint end;                               ///< of measuring; the highest there is when nobody knows it
  std::shared_ptr<const LoadPattern> pattern;  ///< open models
  Pauses pauses;
};

/// How long a phase is; the highest there is when nobody knows its end.
constexpr Duration length_between(TimePoint begin, TimePoint end) noexcept {
  return end == TimePoint::max() ? Duration::max() : end - begin;
}

}  // namespace vajrapulse::engine
