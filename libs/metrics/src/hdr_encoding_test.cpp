#include "vajrapulse/metrics/hdr_encoding.hpp"

#include <gtest/gtest.h>
#include <zlib.h>

#include <utility>
#include <vector>

#include "base64.hpp"
#include "vajrapulse/base/random.hpp"

namespace vajrapulse::metrics {
namespace {

// Written by HdrHistogram for Python 0.10.8 (PyPI: hdrhistogram):
//   h = HdrHistogram(1, 3600000000000, 3)
//   h.record_value(0); h.record_value(1); h.record_value(4); h.record_value(2048, 3)
//   for i in range(1, 101): h.record_value(i * 100000)
//   h.record_value(123456789, 100000); h.record_value(3600000000000)
//   h.encode()
// (A single zero count may be written in two ways; here are none.)
constexpr std::string_view kTheirs =
    "HISTFAAAAHd4nJNpmSzMwMDwlgECmKE0I5DpZrBjAYP9B4gAExMz01d5to0RTH/"
    "5md5zMnWzgdBDZqZWZqZmMAIy5jMx7WdkOghGmIy9jEzxQBgLJuPR2KiisUy6TPpQjI2FSxyfCm0mUSAUB5PYWautDsziuf+GkQkAzukrLw==";

Histogram the_same_values() {
  Histogram histogram;
  for (const std::int64_t value : {0, 1, 4})
    histogram.record(value);
  histogram.record(2048, 3);
  for (int i = 1; i <= 100; ++i)
    histogram.record(i * 100'000);
  histogram.record(123'456'789, 100'000);
  histogram.record(3'600'000'000'000);
  return histogram;
}

std::vector<std::pair<std::int64_t, std::uint64_t>> buckets(const Histogram& histogram) {
  std::vector<std::pair<std::int64_t, std::uint64_t>> all;
  histogram.each([&](std::int64_t low, std::int64_t, std::uint64_t count) { all.emplace_back(low, count); });
  return all;
}

/// What is inside the compression, which differs between versions of zlib.
std::vector<std::uint8_t> inner(std::string_view payload) {
  const auto outer = from_base64(payload).value();
  std::vector<std::uint8_t> plain(100'000);
  uLongf size = plain.size();
  EXPECT_EQ(uncompress(plain.data(), &size, outer.data() + 8, uLong(outer.size() - 8)), Z_OK);
  plain.resize(size);
  return plain;
}

TEST(HdrEncoding, ReadsWhatAnotherHdrHistogramWrote) {
  const auto histogram = decode_hdr(kTheirs);
  ASSERT_TRUE(histogram);
  EXPECT_EQ(histogram->count(), 100'107u);
  EXPECT_EQ(histogram->percentile(0.0499), 4'403'199);  // as they say themselves
  EXPECT_EQ(buckets(*histogram), buckets(the_same_values()));
}

TEST(HdrEncoding, WritesWhatAnotherHdrHistogramWrites) {
  EXPECT_EQ(inner(encode_hdr(the_same_values())), inner(kTheirs));
  EXPECT_EQ(encode_hdr(the_same_values()).substr(0, 5), "HISTF");
}

TEST(HdrEncoding, ReadsBackAnyCounts) {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    Random random(seed);
    Histogram histogram;
    for (std::uint64_t i = random.below(2000); i > 0; --i) {
      const auto value = std::int64_t(random.below(std::uint64_t{Histogram::kHighest}) >> random.below(41));
      histogram.record(value, 1 + (random.next() >> random.below(60) >> 12));
    }
    const auto back = decode_hdr(encode_hdr(histogram));
    ASSERT_TRUE(back) << "seed " << seed;
    ASSERT_EQ(buckets(*back), buckets(histogram)) << "seed " << seed;
  }
}

TEST(HdrEncoding, NothingIsWrittenToo) {
  const auto back = decode_hdr(encode_hdr(Histogram()));
  ASSERT_TRUE(back);
  EXPECT_TRUE(back->empty());
}

TEST(HdrEncoding, RefusesWhatIsNotOne) {
  EXPECT_FALSE(decode_hdr(""));
  EXPECT_FALSE(decode_hdr("HISTF"));
  EXPECT_FALSE(decode_hdr("HIST!AAAA"));
  EXPECT_FALSE(decode_hdr("AAAAAAAAAAAAAAAAAAAA"));
  const std::string whole(kTheirs);
  for (std::size_t length = 0; length < whole.size(); length += 4)
    EXPECT_FALSE(decode_hdr(whole.substr(0, length))) << length;
}

// RFC 4648, section 10.
TEST(Base64, KnowsItsTestVectors) {
  const std::vector<std::pair<std::string, std::string>> kVectors{{"", ""},
                                                                  {"f", "Zg=="},
                                                                  {"fo", "Zm8="},
                                                                  {"foo", "Zm9v"},
                                                                  {"foob", "Zm9vYg=="},
                                                                  {"fooba", "Zm9vYmE="},
                                                                  {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, coded] : kVectors) {
    const std::vector<std::uint8_t> bytes(plain.begin(), plain.end());
    EXPECT_EQ(to_base64(bytes), coded);
    EXPECT_EQ(from_base64(coded), bytes);
  }
  EXPECT_FALSE(from_base64("Zg="));
  EXPECT_FALSE(from_base64("Zg=a"));
}

}  // namespace
}  // namespace vajrapulse::metrics
