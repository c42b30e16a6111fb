#include <cstddef>
#include <cstdlib>
#include <string_view>

#include "vajrapulse/base/units.hpp"

/// Whatever is read must be in range, and a time must come back from its exact text.
extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto time = vajrapulse::parse_duration(text)) {
    if (vajrapulse::parse_duration(vajrapulse::format_exact(*time)) != *time) std::abort();
  }
  if (const auto rate = vajrapulse::parse_rate(text); rate && *rate < 0) std::abort();
  if (const auto bytes = vajrapulse::parse_bytes(text)) (void)vajrapulse::format_bytes(*bytes);
  return 0;
}
