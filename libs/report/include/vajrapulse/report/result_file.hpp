#pragma once

#include <string>

#include "vajrapulse/base/error.hpp"
#include "vajrapulse/engine/summary.hpp"

namespace vajrapulse::report {

/// The result as JSON, schema "vajrapulse.result/1": durations in nanoseconds, histograms with their quantiles and
/// their HdrHistogram payload. Ends with a line feed.
std::string to_json(const engine::RunSummary& summary);

/// Whether `path` ("-" is standard output) can be written, found out before a run instead of after it. An
/// existing file is left as it is.
Status check_writable(const std::string& path);

/// Writes `text` to `path`: whole or not at all, by way of a temporary beside it (devices and pipes directly).
Status write_text(const std::string& text, const std::string& path);

/// Writes `to_json` to `path`, as `write_text` does.
Status write_result(const engine::RunSummary& summary, const std::string& path);

}  // namespace vajrapulse::report
