#include "time_stamp.hpp"

#include <gtest/gtest.h>

namespace vajrapulse::recording {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

Stamp read(std::string_view text) {
  TimeReader reader;
  auto stamp = reader.read(text);
  EXPECT_TRUE(stamp) << text << " " << stamp.error();
  return stamp.value_or(Stamp{});
}

std::string refusal(std::string_view text) {
  TimeReader reader;
  auto stamp = reader.read(text);
  return stamp ? "" : stamp.error();
}

// Seconds since 1970 from `date --date=… +%s` (GNU coreutils).
TEST(Time, OfTheLogFormat) {
  EXPECT_EQ(read("10/Oct/2000:13:55:36 -0700").ns, 971'211'336 * kSecond);
  EXPECT_EQ(read("29/Feb/2024:00:00:00 +0000").ns, 1'709'164'800 * kSecond);
  EXPECT_TRUE(read("10/Oct/2000:13:55:36 -0700").whole_second);
  EXPECT_EQ(read("10/Oct/2000:13:55:36.25 -0700").ns, 971'211'336 * kSecond + kSecond / 4);
  EXPECT_FALSE(read("10/Oct/2000:13:55:36.25 -0700").whole_second);
}

// RFC 3339 section 5.8: the examples, with what the text says of them.
TEST(Time, OfRfc3339) {
  EXPECT_EQ(read("1985-04-12T23:20:50.52Z").ns, 482'196'050 * kSecond + 520'000'000);
  EXPECT_EQ(read("1996-12-19T16:39:57-08:00").ns, read("1996-12-20T00:39:57Z").ns);
  EXPECT_EQ(read("1990-12-31T23:59:60Z").ns, read("1990-12-31T15:59:60-08:00").ns);
  EXPECT_EQ(read("1990-12-31T23:59:60Z").ns, read("1991-01-01T00:00:00Z").ns);
}

TEST(Time, OfIso8601AsPeopleWriteIt) {
  const std::int64_t expected = 971'211'336 * kSecond;
  for (const char* text : {"2000-10-10T20:55:36", "2000-10-10 20:55:36", "2000-10-10 13:55:36 -0700",
                           "2000-10-10t13:55:36-07", "2000-10-10T20:55:36z"})
    EXPECT_EQ(read(text).ns, expected) << text;
  EXPECT_EQ(read("2000-10-10T20:55:36,123456789123Z").ns, expected + 123'456'789);
}

TEST(Time, ANumberIsInTheUnitThatItsSizeTells) {
  EXPECT_EQ(read("971211336").ns, 971'211'336 * kSecond);
  EXPECT_TRUE(read("971211336").whole_second);
  EXPECT_EQ(read("971211336.5").ns, 971'211'336 * kSecond + kSecond / 2);
  EXPECT_FALSE(read("971211336.0").whole_second);
  EXPECT_EQ(read("971211336000").ns, 971'211'336 * kSecond);
  EXPECT_EQ(read("971211336000.25").ns, 971'211'336 * kSecond + 250'000);
  EXPECT_EQ(read("971211336000000").ns, 971'211'336 * kSecond);
  EXPECT_EQ(read("971211336000000001").ns, 971'211'336 * kSecond + 1);
  EXPECT_FALSE(read("971211336000").whole_second);
  EXPECT_EQ(read("0").ns, 0);
}

TEST(Time, TheFirstNumberTellsTheUnitOfAll) {
  TimeReader reader;
  EXPECT_EQ(reader.read("1700000000000")->ns, 1'700'000'000 * kSecond);
  EXPECT_EQ(reader.read("5")->ns, 5'000'000) << "five milliseconds";
}

TEST(Time, ThatIsNoneIsRefused) {
  for (const char* text : {"", "now", "10/Okt/2000:13:55:36 -0700", "10/Oct/2000:13:55 -0700", "10/Oct/2000:13:55:36",
                           "2000-10-10", "2000-10-10T13:55:36+25:00", "2000-10-10T13:55:36Zulu", "1.", ".5", "1.2.3",
                           "-5", "10/anF/2000:13:55:36 -0700", "2000-10-10T13:55:36."})
    EXPECT_EQ(refusal(text), "is no time") << text;
  EXPECT_EQ(refusal("31/Feb/2000:13:55:36 -0700"), "is no day of the calendar");
  EXPECT_EQ(refusal("2023-02-29T00:00:00Z"), "is no day of the calendar");
  EXPECT_EQ(refusal("2000-10-10T24:00:00Z"), "is no time of day");
  EXPECT_EQ(refusal("2000-10-10T23:59:61Z"), "is no time of day");
  for (const char* text : {"2262-01-01T00:00:00Z", "1969-12-31T23:59:59Z", "99999999999", "99999999999999999999"})
    EXPECT_EQ(refusal(text), "lies outside the years 1970 to 2261") << text;
}

}  // namespace
}  // namespace vajrapulse::recording
