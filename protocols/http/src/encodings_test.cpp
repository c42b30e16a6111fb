#include "vajrapulse/http/encodings.hpp"

#include <gtest/gtest.h>

namespace vajrapulse::http {
namespace {

// RFC 4648 section 10, and the credentials of RFC 7617 section 2.
TEST(Base64, GivesTheVectorsOfTheRfc) {
  EXPECT_EQ(base64(""), "");
  EXPECT_EQ(base64("f"), "Zg==");
  EXPECT_EQ(base64("fo"), "Zm8=");
  EXPECT_EQ(base64("foo"), "Zm9v");
  EXPECT_EQ(base64("foob"), "Zm9vYg==");
  EXPECT_EQ(base64("fooba"), "Zm9vYmE=");
  EXPECT_EQ(base64("foobar"), "Zm9vYmFy");
  EXPECT_EQ(base64("Aladdin:open sesame"), "QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
  EXPECT_EQ(base64(std::string("\xff\xfe\x00", 3)), "//4A");
}

// RFC 3986: sections 2.1 and 2.3, and the Japanese letter of section 2.5.
TEST(PercentEncoding, KeepsWhatThePartMayHold) {
  EXPECT_EQ(percent_encoded("AZaz09-._~", UrlPart::name), "AZaz09-._~");
  EXPECT_EQ(percent_encoded("a b&c=d+e/f?g%", UrlPart::name), "a%20b%26c%3Dd%2Be%2Ff%3Fg%25");
  EXPECT_EQ(percent_encoded("\xe3\x82\xa2", UrlPart::name), "%E3%82%A2");
  EXPECT_EQ(percent_encoded("/a/%20?b=c&d", UrlPart::url), "/a/%20?b=c&d");
  EXPECT_EQ(percent_encoded("/\xe3\x82\xa2 {x}", UrlPart::url), "/%E3%82%A2%20%7Bx%7D");
  EXPECT_EQ(percent_encoded(std::string("\r\n\0", 3), UrlPart::url), "%0D%0A%00");
}

}  // namespace
}  // namespace vajrapulse::http
