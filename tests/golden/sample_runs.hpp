#pragma once

#include "vajrapulse/engine/summary.hpp"

/// Made-up runs, the same everywhere: whole numbers only, no clock, no libm.
namespace vajrapulse::golden {

/// 1,000/s for ten seconds against a healthy target.
engine::RunSummary open_run();
/// 64 users for ten seconds.
engine::RunSummary closed_run();
/// The generator had no processor: missed arrivals, and a share of the response time that is its own.
engine::RunSummary invalid_run();
/// Interrupted while the target refused, timed out and answered with errors; drops by limit.
engine::RunSummary failing_run();

/// Four scenarios, one of them not measured and one skipped, with assertions of which two failed.
engine::RunSummary plan_run();

/// Second `second` of `open_run`, as the live view sees it.
engine::Progress progress_at(int second);

}  // namespace vajrapulse::golden
