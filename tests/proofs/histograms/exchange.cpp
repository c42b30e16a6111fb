#include <iostream>
#include <string>
#include <string_view>

#include "vajrapulse/metrics/hdr_encoding.hpp"

// Our side of the exchange with other implementations of HdrHistogram, by lines; a blank line ends a histogram.
//
//   encode   value times …   →  a payload a histogram
//   decode   a payload a line →  "lowest-value count" lines, a blank line after each histogram
//   merge    payloads …       →  the payload of all of them together
namespace {

using vajrapulse::metrics::decode_hdr;
using vajrapulse::metrics::encode_hdr;
using vajrapulse::metrics::Histogram;

int encode() {
  Histogram histogram;
  for (std::string line; std::getline(std::cin, line);) {
    if (line.empty()) {
      std::cout << encode_hdr(histogram) << "\n";
      histogram.clear();
      continue;
    }
    const std::size_t space = line.find(' ');
    histogram.record(std::stoll(line.substr(0, space)), std::stoull(line.substr(space + 1)));
  }
  return 0;
}

int decode() {
  for (std::string line; std::getline(std::cin, line);) {
    const auto histogram = decode_hdr(line);
    if (!histogram) return 1;
    histogram->each(
        [](std::int64_t low, std::int64_t, std::uint64_t count) { std::cout << low << " " << count << "\n"; });
    std::cout << "\n";
  }
  return 0;
}

int merge() {
  Histogram all;
  for (std::string line; std::getline(std::cin, line);) {
    const auto histogram = decode_hdr(line);
    if (!histogram) return 1;
    all.merge(*histogram);
  }
  std::cout << encode_hdr(all) << "\n";
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view what = argc > 1 ? argv[1] : "";
  if (what == "encode") return encode();
  if (what == "decode") return decode();
  if (what == "merge") return merge();
  std::cerr << "exchange encode|decode|merge\n";
  return 2;
}
