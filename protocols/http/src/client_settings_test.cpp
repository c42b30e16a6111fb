#include "vajrapulse/http/client_settings.hpp"

#include <gtest/gtest.h>

namespace vajrapulse::http {
namespace {

TEST(FailOn, FourHundredAndAboveUnlessSaidOtherwise) {
  const FailOn fails;
  EXPECT_FALSE(fails(200));
  EXPECT_FALSE(fails(399));
  EXPECT_TRUE(fails(400));
  EXPECT_TRUE(fails(599));
  EXPECT_TRUE(fails(999));
  EXPECT_FALSE(fails(0));
}

TEST(FailOn, ReadsConditions) {
  const auto fails = [](const char* text, int status) { return (*FailOn::parse(text))(status); };
  EXPECT_TRUE(fails("status >= 500", 500));
  EXPECT_FALSE(fails("status >= 500", 499));
  EXPECT_TRUE(fails("status>499", 500));
  EXPECT_FALSE(fails("status>499", 499));
  EXPECT_TRUE(fails(" status != 200 and status != 404 ", 500));
  EXPECT_FALSE(fails("status != 200 and status != 404", 404));
  EXPECT_TRUE(fails("status == 418 or status >= 500 and status < 503", 418));
  EXPECT_TRUE(fails("status == 418 or status >= 500 and status < 503", 502));
  EXPECT_FALSE(fails("status == 418 or status >= 500 and status < 503", 503));
  EXPECT_TRUE(fails("status <= 199", 199));
  EXPECT_FALSE(fails("never", 500));
}

TEST(FailOn, RefusesWhatItCannotRead) {
  for (const char* bad : {"", "status", "status >=", "status >= x", "code >= 400", "status >= 400 and",
                          "status >= 400 nor", "status >= 4000", "always"}) {
    EXPECT_FALSE(FailOn::parse(bad)) << bad;
  }
}

TEST(Pin, ReadsHostPortAndAddress) {
  const auto pin = Pin::parse("example.org:443:127.0.0.1");
  ASSERT_TRUE(pin);
  EXPECT_EQ(pin->host, "example.org");
  EXPECT_EQ(pin->port, 443);
  EXPECT_EQ(pin->address.text(), "127.0.0.1:443");
  EXPECT_EQ(Pin::parse("h:80:[::1]")->address.text(), "[::1]:80");
  EXPECT_EQ(Pin::parse("h:80:::1")->address.text(), "[::1]:80");
  for (const char* bad : {"", "h", "h:80", "h:80:", "h:x:127.0.0.1", "h:80:name", ":80:127.0.0.1", "h:0:127.0.0.1"}) {
    EXPECT_FALSE(Pin::parse(bad)) << bad;
  }
}

}  // namespace
}  // namespace vajrapulse::http
