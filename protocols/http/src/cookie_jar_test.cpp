#include "vajrapulse/http/cookie_jar.hpp"

#include <gtest/gtest.h>

#include <string>

namespace vajrapulse::http {
namespace {

using namespace std::chrono_literals;
using std::chrono::sys_days;

const WallTime kNow = sys_days(std::chrono::year(2026) / 11 / 26) + 12h;

Url url(std::string_view text) { return *parse_url(text); }

void set(CookieJar& jar, std::string_view from, std::string_view value, WallTime now = kNow) {
  const auto cookie = parse_set_cookie(value);
  ASSERT_TRUE(cookie) << value;
  jar.set(url(from), *cookie, now);
}

std::string sent(const CookieJar& jar, std::string_view to, WallTime now = kNow) {
  std::string out;
  const bool any = jar.write(url(to), now, out);
  EXPECT_EQ(any, !out.empty());
  return out;
}

// RFC 6265 section 3.1.
TEST(CookieJar, FollowsTheExamplesOfTheRfc) {
  CookieJar jar;
  set(jar, "http://www.example.com/", "SID=31d4d96e407aad42");
  EXPECT_EQ(sent(jar, "http://www.example.com/"), "SID=31d4d96e407aad42");
  jar.clear();
  set(jar, "http://site.example.com/login", "SID=31d4d96e407aad42; Path=/; Domain=example.com");
  EXPECT_EQ(sent(jar, "http://example.com/"), "SID=31d4d96e407aad42");
  EXPECT_EQ(sent(jar, "http://www.example.com/any"), "SID=31d4d96e407aad42");
  jar.clear();
  set(jar, "https://example.com/", "SID=31d4d96e407aad42; Path=/; Secure; HttpOnly");
  set(jar, "https://example.com/", "lang=en-US; Path=/; Domain=example.com");
  EXPECT_EQ(sent(jar, "https://example.com/"), "SID=31d4d96e407aad42; lang=en-US");
  EXPECT_EQ(sent(jar, "http://example.com/"), "lang=en-US");
  set(jar, "https://example.com/", "lang=en-US; Expires=Wed, 09 Jun 2021 10:18:14 GMT");
  set(jar, "https://example.com/", "lang=; Domain=example.com; Expires=Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_EQ(sent(jar, "https://example.com/"), "SID=31d4d96e407aad42");
}

TEST(CookieJar, MatchesDomains) {
  CookieJar jar;
  set(jar, "http://example.com/", "host=1");
  EXPECT_EQ(sent(jar, "http://example.com/"), "host=1");
  EXPECT_EQ(sent(jar, "http://www.example.com/"), "");
  jar.clear();
  set(jar, "http://a.example.com/", "all=1; Domain=.EXAMPLE.com");
  EXPECT_EQ(sent(jar, "http://b.example.com/"), "all=1");
  EXPECT_EQ(sent(jar, "http://badexample.com/"), "");
  jar.clear();
  set(jar, "http://a.example.com/", "other=1; Domain=b.example.com");
  set(jar, "http://a.example.com/", "deeper=1; Domain=x.a.example.com");
  set(jar, "http://a.example.com/", "top=1; Domain=com");
  set(jar, "http://127.0.0.1/", "address=1; Domain=0.0.1");
  EXPECT_TRUE(jar.empty());
  set(jar, "http://127.0.0.1/", "address=1; Domain=127.0.0.1");
  set(jar, "http://localhost/", "local=1; Domain=localhost");
  EXPECT_EQ(sent(jar, "http://127.0.0.1:8080/"), "address=1");
  EXPECT_EQ(sent(jar, "http://localhost/"), "local=1");
  EXPECT_EQ(sent(jar, "http://a.localhost/"), "");
}

TEST(CookieJar, MatchesPathsByWholeSegments) {
  CookieJar jar;
  set(jar, "http://h/shop/cart?x", "d=1");  // default path: /shop
  set(jar, "http://h/", "root=1");
  set(jar, "http://h/", "deep=1; Path=/shop/cart/");
  set(jar, "http://h/x/y", "relative=1; Path=no-slash");  // default path: /x
  EXPECT_EQ(sent(jar, "http://h/shop/cart/1"), "deep=1; d=1; root=1");
  EXPECT_EQ(sent(jar, "http://h/shop"), "d=1; root=1");
  EXPECT_EQ(sent(jar, "http://h/shopping"), "root=1");
  EXPECT_EQ(sent(jar, "http://h/x"), "relative=1; root=1");
}

TEST(CookieJar, KeepsTheAgeOfWhatIsReplaced) {
  CookieJar jar;
  set(jar, "http://h/", "a=1");
  set(jar, "http://h/", "b=1");
  set(jar, "http://h/", "a=2");
  EXPECT_EQ(sent(jar, "http://h/"), "a=2; b=1");
  EXPECT_EQ(jar.value("a"), "2");
  EXPECT_EQ(jar.value("c"), std::nullopt);
  set(jar, "http://h/", "a=; Max-Age=0");
  EXPECT_EQ(sent(jar, "http://h/"), "b=1");
}

TEST(CookieJar, ForgetsWhatIsOver) {
  CookieJar jar;
  set(jar, "http://h/", "soon=1; Max-Age=60");
  set(jar, "http://h/", "both=1; Max-Age=120; Expires=Wed, 09 Jun 2021 10:18:14 GMT");
  set(jar, "http://h/", "never=1; Max-Age=99999999999999999999999");
  set(jar, "http://h/", "odd=1; Max-Age=6x");
  EXPECT_EQ(sent(jar, "http://h/", kNow + 59s), "soon=1; both=1; never=1; odd=1");
  EXPECT_EQ(sent(jar, "http://h/", kNow + 60s), "both=1; never=1; odd=1");
  EXPECT_EQ(sent(jar, "http://h/", kNow + 120s), "never=1; odd=1");
}

TEST(CookieJar, IsBounded) {
  CookieJar jar;
  for (int i = 0; i < 1000; ++i)
    set(jar, "http://h/", "c" + std::to_string(i) + "=1");
  EXPECT_EQ(jar.size(), CookieJar::kMost);
  EXPECT_EQ(jar.value("c999"), "1");
  EXPECT_EQ(jar.value("c819"), std::nullopt);
  EXPECT_EQ(jar.value("c820"), "1");
  EXPECT_FALSE(parse_set_cookie("a=" + std::string(4096, 'x')));
}

TEST(CookieJar, TakesAllOfAHead) {
  CookieJar jar;
  jar.receive(url("http://h/"), "HTTP/1.1 200 OK\r\nSet-Cookie: a=1\r\nX: y\r\nset-cookie: b=\"2\"; Path=/\r\n\r\n",
              kNow);
  EXPECT_EQ(sent(jar, "http://h/"), "a=1; b=\"2\"");
}

// RFC 6265 section 5.2.
TEST(SetCookieHeader, IsReadLeniently) {
  const auto cookie = parse_set_cookie("  name =  a=b ; ; Path = /x ;SECURE; httponly; Domain=; Unknown=1");
  ASSERT_TRUE(cookie);
  EXPECT_EQ(cookie->name, "name");
  EXPECT_EQ(cookie->value, "a=b");
  EXPECT_EQ(cookie->path, "/x");
  EXPECT_EQ(cookie->domain, "");
  EXPECT_TRUE(cookie->secure);
  EXPECT_TRUE(cookie->http_only);
  EXPECT_FALSE(parse_set_cookie("no-value"));
  EXPECT_FALSE(parse_set_cookie("=value"));
  EXPECT_FALSE(parse_set_cookie("; a=b"));
  EXPECT_FALSE(parse_set_cookie("a=b\r\nx: y"));
  EXPECT_TRUE(parse_set_cookie("a="));
}

// RFC 6265 section 5.1.1; the three forms of RFC 9110 section 5.6.7 mean the same moment.
TEST(CookieDate, IsReadInManyForms) {
  const WallTime moment = sys_days(std::chrono::year(1994) / 11 / 6) + 8h + 49min + 37s;
  EXPECT_EQ(parse_cookie_date("Sun, 06 Nov 1994 08:49:37 GMT"), moment);
  EXPECT_EQ(parse_cookie_date("Sunday, 06-Nov-94 08:49:37 GMT"), moment);
  EXPECT_EQ(parse_cookie_date("Sun Nov  6 08:49:37 1994"), moment);
  EXPECT_EQ(parse_cookie_date("8:49:37 1994 november 6"), moment);
  EXPECT_EQ(parse_cookie_date("Wed, 09 Jun 2021 10:18:14 GMT"),
            sys_days(std::chrono::year(2021) / 6 / 9) + 10h + 18min + 14s);
  EXPECT_EQ(parse_cookie_date("01 Jan 69 00:00:00"), sys_days(std::chrono::year(2069) / 1 / 1) + 0h);
  EXPECT_EQ(parse_cookie_date("01 Jan 9999 00:00:00"), WallTime::max());
  for (const char* const wrong : {"", "tomorrow", "06 Nov 1994", "08:49:37 GMT", "31 Feb 2021 00:00:00",
                                  "06 Nov 1994 24:00:00", "06 Nov 1600 00:00:00", "06 Nov 19940 08:49:37"})
    EXPECT_FALSE(parse_cookie_date(wrong)) << wrong;
}

}  // namespace
}  // namespace vajrapulse::http
