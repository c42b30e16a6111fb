#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "vajrapulse/metrics/histogram.hpp"

namespace vajrapulse::metrics {

/// HdrHistogram's V2 compressed payload (zlib, ZigZag LEB128), base64: "HISTF…". Any HdrHistogram reads it.
std::string encode_hdr(const Histogram& histogram);
/// Reads what `encode_hdr` or another HdrHistogram of the same precision wrote; nothing when malformed. The
/// format keeps counts only: minimum, maximum and sum come back as near as the buckets tell.
std::optional<Histogram> decode_hdr(std::string_view payload);

}  // namespace vajrapulse::metrics
