#include <cstddef>
#include <cstdlib>
#include <string_view>

#include "vajrapulse/metrics/hdr_encoding.hpp"

/// Whatever is read must be written so that it is read again with the same counts.
extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace vajrapulse::metrics;
  const auto histogram = decode_hdr({reinterpret_cast<const char*>(data), size});
  if (!histogram) return 0;
  const auto again = decode_hdr(encode_hdr(*histogram));
  if (!again || again->count() != histogram->count()) std::abort();
  return 0;
}
