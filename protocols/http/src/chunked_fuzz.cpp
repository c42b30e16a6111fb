#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "vajrapulse/http/chunked.hpp"

// A chunked body must mean the same however the network cuts it.
namespace {

using vajrapulse::http::ChunkedDecoder;
using Step = ChunkedDecoder::Step;

struct Decoded {
  Step end = Step::more;
  std::string body;
  std::size_t left = 0;
  friend bool operator==(const Decoded&, const Decoded&) = default;
};

Decoded decode(std::string_view bytes, std::size_t cut) {
  ChunkedDecoder decoder;
  Decoded result;
  std::size_t taken = 0;
  std::string_view input;
  for (;;) {
    std::string_view piece;
    result.end = decoder.next(input, piece);
    result.left = bytes.size() - taken + input.size();
    if (result.end == Step::piece)
      result.body += piece;
    else if (result.end != Step::more || taken == bytes.size())
      return result;
    else {
      input = bytes.substr(taken, cut);
      taken += input.size();
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::size_t cut = data[0] % 16 + 1;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  Decoded whole = decode(bytes, bytes.size() + 1);
  Decoded pieces = decode(bytes, cut);
  if (whole.end == Step::bad) whole.left = pieces.left = 0;  // where it was noticed does not matter
  if (!(whole == pieces)) std::abort();
  return 0;
}
