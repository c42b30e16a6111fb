#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "reading.hpp"
#include "vajrapulse/http/head.hpp"

// A response must mean the same however the network cuts it. The first byte seeds the cuts.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace vajrapulse::http;
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto answers = data[0] & 1 ? ResponseReader::Answers::head : ResponseReader::Answers::get;
  const Reading whole = read_whole(bytes, answers);
  ResponseReader reader;
  std::uint32_t seed = data[0];
  const Reading pieces = read_in_pieces(reader, bytes, answers, [&](std::size_t) {
    seed = seed * 1664525 + 1013904223;  // Numerical Recipes' generator: only the cuts depend on it
    return std::size_t{1} + (seed >> 24) % 40;
  });
  if (!(whole == pieces)) std::abort();
  if (whole.complete && whole.used > bytes.size()) std::abort();
  const std::string_view value = find_field(whole.head, "location");
  if (!value.empty() && whole.head.find(value) == std::string::npos) std::abort();
  return 0;
}
