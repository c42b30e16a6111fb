#include "finder_fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  return vajrapulse::extract::fuzz::find_in(vajrapulse::extract::Kind::css, data, size);
}
