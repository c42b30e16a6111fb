#include "vajrapulse/base/units.hpp"

#include <gtest/gtest.h>

namespace vajrapulse {
namespace {

using namespace std::chrono_literals;

TEST(Units, ReadsTimes) {
  EXPECT_EQ(*parse_duration("500ms"), 500ms);
  EXPECT_EQ(*parse_duration("1.5s"), 1500ms);
  EXPECT_EQ(*parse_duration("2m"), 2min);
  EXPECT_EQ(*parse_duration("1h30m"), 90min);
  EXPECT_EQ(*parse_duration("250us"), 250us);
  EXPECT_EQ(*parse_duration("250µs"), 250us);
  EXPECT_EQ(*parse_duration("0"), 0ns);
  EXPECT_EQ(*parse_duration("0.1 ms"), 100us);
}

TEST(Units, RefusesTimesWithAReason) {
  for (const char* bad : {"", "10", "10x", "-1s", "s", "1s2", "999999999999999999999999999999s", "1e3s", "400000d"}) {
    const auto result = parse_duration(bad);
    ASSERT_FALSE(result) << bad;
    EXPECT_EQ(result.error().kind, kUsage);
    EXPECT_NE(result.error().cure, "");
  }
  EXPECT_NE(parse_duration("10").error().message.find("unit is missing"), std::string::npos);
}

TEST(Units, ReadsRatesExactly) {
  EXPECT_EQ(*parse_rate("1000"), 1'000'000'000);
  EXPECT_EQ(*parse_rate("1000/s"), 1'000'000'000);
  EXPECT_EQ(*parse_rate("60/m"), 1'000'000);
  EXPECT_EQ(*parse_rate("0.1/s"), 100'000);
  EXPECT_EQ(*parse_rate("5k"), 5'000'000'000);
  EXPECT_EQ(*parse_rate("0.000001"), 1);
  EXPECT_EQ(*parse_rate("1/m"), 16'666);  // never more than was asked for
  for (const char* bad : {"", "x", "-5", "10/d", "0.0000001", "1e9", "99999999999999999999"})
    EXPECT_FALSE(parse_rate(bad)) << bad;
}

TEST(Units, ReadsSizes) {
  EXPECT_EQ(*parse_bytes("512"), 512U);
  EXPECT_EQ(*parse_bytes("4KiB"), 4096U);
  EXPECT_EQ(*parse_bytes("1MB"), 1'000'000U);
  EXPECT_EQ(*parse_bytes("1.5GiB"), 1'610'612'736U);
  for (const char* bad : {"", "KiB", "4kib", "-1", "1 cow"})
    EXPECT_FALSE(parse_bytes(bad)) << bad;
}

TEST(Units, WritesTimes) {
  EXPECT_EQ(format_duration(0ns), "0 s");
  EXPECT_EQ(format_duration(12ns), "12 ns");
  EXPECT_EQ(format_duration(182us), "182 µs");
  EXPECT_EQ(format_duration(1'250us), "1.25 ms");
  EXPECT_EQ(format_duration(12'100us), "12.1 ms");
  EXPECT_EQ(format_duration(999'600us), "1.00 s");
  EXPECT_EQ(format_duration(999'499ns), "999 µs");
  EXPECT_EQ(format_duration(2s), "2 s");
  EXPECT_EQ(format_duration(2'004ms), "2.00 s");
  EXPECT_EQ(format_duration(90s), "1 m 30 s");
  EXPECT_EQ(format_duration(62min), "1 h 02 m");
}

TEST(Units, WritesCountsRatesSizesAndShares) {
  EXPECT_EQ(format_count(0), "0");
  EXPECT_EQ(format_count(999), "999");
  EXPECT_EQ(format_count(1'234'567), "1,234,567");
  EXPECT_EQ(format_rate(1000), "1,000/s");
  EXPECT_EQ(format_rate(12.5), "12.5/s");
  EXPECT_EQ(format_rate(0.1), "0.100/s");
  EXPECT_EQ(format_bytes(512), "512 B");
  EXPECT_EQ(format_bytes(1'310'720), "1.25 MiB");
  EXPECT_EQ(format_percent(0), "0 %");
  EXPECT_EQ(format_percent(0.00012), "0.012 %");
  EXPECT_EQ(format_percent(0.034), "3.40 %");
  EXPECT_EQ(format_percent(0.99999), ">99.9 %");
  EXPECT_EQ(format_percent(1), "100 %");
}

}  // namespace
}  // namespace vajrapulse
