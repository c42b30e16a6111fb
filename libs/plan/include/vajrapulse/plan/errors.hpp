#pragma once

#include "vajrapulse/base/error.hpp"

namespace vajrapulse::plan {

/// An answer was not what the plan expects of it.
inline constexpr ErrorKind kExpectation{"expectation"};
/// An answer did not hold what the plan captures from it.
inline constexpr ErrorKind kCapture{"capture"};
/// A name had no value when a step needed it: it was not captured, or the script did not set it.
inline constexpr ErrorKind kNoValue{"no-value"};
/// A value cannot stand where the plan puts it: a line end in a header, a count that is no number.
inline constexpr ErrorKind kBadValue{"bad-value"};
/// A `fail` step.
inline constexpr ErrorKind kFailedByPlan{"failed-by-plan"};
/// A script gave up: an error of its own, or a limit.
inline constexpr ErrorKind kScript{"script"};
/// A loop did not end within the turns that it is allowed.
inline constexpr ErrorKind kTooManyTurns{"too-many-turns"};
/// A data source has no row any more, or what iterations share no value, and the plan says that this is a failure.
inline constexpr ErrorKind kNoData{"no-data"};

/// What iterations share has no room any more, and the plan says that this is a failure.
inline constexpr ErrorKind kNoRoom{"no-room"};

}  // namespace vajrapulse::plan
