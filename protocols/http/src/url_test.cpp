#include "vajrapulse/http/url.hpp"

#include <gtest/gtest.h>

namespace vajrapulse::http {
namespace {

using Scheme = Url::Scheme;

Url parsed(std::string_view text) {
  auto url = parse_url(text);
  EXPECT_TRUE(url) << text << ": " << url.error().text();
  return url ? *url : Url{};
}

std::string refusal(std::string_view text) {
  const auto url = parse_url(text);
  EXPECT_FALSE(url) << text;
  return url ? "" : url.error().text();
}

TEST(Url, FallsIntoItsParts) {
  const Url url = parsed("HTTPS://Example.ORG:8443/a/b?c=d&e#fragment");
  EXPECT_EQ(url.scheme, Scheme::https);
  EXPECT_EQ(url.host, "example.org");
  EXPECT_EQ(url.port, 8443);
  EXPECT_EQ(url.target, "/a/b?c=d&e");
  EXPECT_EQ(url.path(), "/a/b");
  EXPECT_EQ(url.authority(), "example.org:8443");
  EXPECT_EQ(url.origin(), "https://example.org:8443");
}

TEST(Url, WhatIsLeftOutHasItsDefault) {
  EXPECT_EQ(parsed("http://h").port, 80);
  EXPECT_EQ(parsed("https://h").port, 443);
  EXPECT_EQ(parsed("http://h:/").port, 80);
  EXPECT_EQ(parsed("http://h").target, "/");
  EXPECT_EQ(parsed("http://h?q").target, "/?q");
  EXPECT_EQ(parsed("http://h#f").target, "/");
  EXPECT_EQ(parsed("https://h:443/").authority(), "h");
  EXPECT_EQ(parsed("https://h:80/").authority(), "h:80");
}

TEST(Url, Ipv6LiteralsStandInBrackets) {
  const Url url = parsed("http://[::1]:8080/x");
  EXPECT_EQ(url.host, "::1");
  EXPECT_TRUE(url.ipv6_literal);
  EXPECT_EQ(url.authority(), "[::1]:8080");
  EXPECT_EQ(parsed("http://[2001:DB8::1]/").host, "2001:db8::1");
  for (const char* bad : {"http://[::1/", "http://[]/", "http://[::g]/", "http://[127.0.0.1]/",
                          "http://[fe80::1%25eth0]/", "http://::1/", "http://[::1]x/"}) {
    refusal(bad);
  }
}

TEST(Url, ARefusalKeepsThePasswordToItself) {
  for (const char* bad : {"http://a:hidden@h:99999/", "a:hidden@h", "http://a:hid@den@h:0/", "ftp://a:hidden@h/",
                          "http://a:hidden@h/%zz", "//a:hidden@h"}) {
    EXPECT_EQ(refusal(bad).find("hid"), std::string::npos) << bad;
    EXPECT_NE(refusal(bad).find("***@h"), std::string::npos) << bad;
  }
  EXPECT_NE(refusal("http://h/%zz?mail=a@b").find("mail=a@b"), std::string::npos);
}

TEST(Url, CredentialsAreDecoded) {
  EXPECT_EQ(parsed("http://us%40er:p%3Ass@h/").credentials, "us@er:p:ss");
  EXPECT_EQ(parsed("http://user@h/").credentials, "user:");
  EXPECT_EQ(parsed("http://a:b@h/").text(), "http://h/");
  refusal("http://us%4@h/");
  refusal("http://us%0aer@h/");
}

TEST(Url, WhatMayNotStandInARequestLineIsEncoded) {
  EXPECT_EQ(parsed("http://h/ä").target, "/%C3%A4");
  EXPECT_EQ(parsed("http://h/{a}|\"<b>?^`\\").target, "/%7Ba%7D%7C%22%3Cb%3E?%5E%60%5C");
  EXPECT_EQ(parsed("http://h/%41").target, "/%41");
  EXPECT_EQ(parsed("http://h/a:b@c;d=e,f!$&'()*+~-._[1]").target, "/a:b@c;d=e,f!$&'()*+~-._[1]");
}

TEST(Url, RefusalsSayHowToMendThem) {
  EXPECT_NE(refusal("127.0.0.1:8080/x").find("write http://127.0.0.1:8080/x"), std::string::npos);
  EXPECT_NE(refusal("localhost").find("write http://localhost"), std::string::npos);
  EXPECT_NE(refusal("//h/x").find("write http://h/x"), std::string::npos);
  EXPECT_NE(refusal("http:/h/x").find("http://"), std::string::npos);
  EXPECT_NE(refusal("ftp://h/").find("use http:// or https://"), std::string::npos);
  EXPECT_NE(refusal("http://h/a b").find("%20"), std::string::npos);
  EXPECT_NE(refusal("http://h/100%").find("%25"), std::string::npos);
  EXPECT_NE(refusal("http://h/%4").find("%25"), std::string::npos);
  EXPECT_NE(refusal("http://häst/").find("xn--"), std::string::npos);
  EXPECT_NE(refusal("http:///path").find("host"), std::string::npos);
  for (const char* bad :
       {"", " ", "http://", "http://h:0/", "http://h:65536/", "http://h:x/", "http://h:-1/", "http://a b/",
        "http://h:80:80/", "http://h/\n", "http://h/\x7f", "1http://h/", "http://h%41/"}) {
    refusal(bad);
  }
  refusal("http://h/" + std::string(20000, 'a'));
  refusal("http://" + std::string(254, 'a') + "/");
}

// 16 KiB count for what would be sent: a reference takes its base along, and an escaped byte is three.
TEST(Url, NothingReadIsTooLongToBeReadAgain) {
  const Url base = parsed("http://a/b/c");
  const std::size_t fits = 16 * 1024 - std::string_view("http://a/b/").size();
  EXPECT_TRUE(resolve_reference(base, std::string(fits, 'x')));
  EXPECT_FALSE(resolve_reference(base, std::string(fits + 1, 'x')));
  EXPECT_TRUE(parse_url("http://a/" + std::string(5400, '|')));
  refusal("http://a/" + std::string(5500, '|'));
}

// The examples of RFC 3986 sections 5.4.1 and 5.4.2, with their base (its parameters and query kept).
TEST(Url, ReferencesResolveAsInTheRfc) {
  const Url base = parsed("http://a/b/c/d;p?q");
  const std::pair<const char*, const char*> examples[] = {
      {"g", "http://a/b/c/g"},
      {"./g", "http://a/b/c/g"},
      {"g/", "http://a/b/c/g/"},
      {"/g", "http://a/g"},
      {"//g", "http://g/"},
      {"?y", "http://a/b/c/d;p?y"},
      {"g?y", "http://a/b/c/g?y"},
      {"#s", "http://a/b/c/d;p?q"},
      {"g#s", "http://a/b/c/g"},
      {"g?y#s", "http://a/b/c/g?y"},
      {";x", "http://a/b/c/;x"},
      {"g;x", "http://a/b/c/g;x"},
      {"", "http://a/b/c/d;p?q"},
      {".", "http://a/b/c/"},
      {"./", "http://a/b/c/"},
      {"..", "http://a/b/"},
      {"../", "http://a/b/"},
      {"../g", "http://a/b/g"},
      {"../..", "http://a/"},
      {"../../", "http://a/"},
      {"../../g", "http://a/g"},
      {"../../../g", "http://a/g"},
      {"../../../../g", "http://a/g"},
      {"/./g", "http://a/g"},
      {"/../g", "http://a/g"},
      {"g.", "http://a/b/c/g."},
      {".g", "http://a/b/c/.g"},
      {"g..", "http://a/b/c/g.."},
      {"..g", "http://a/b/c/..g"},
      {"./../g", "http://a/b/g"},
      {"./g/.", "http://a/b/c/g/"},
      {"g/./h", "http://a/b/c/g/h"},
      {"g/../h", "http://a/b/c/h"},
      {"g;x=1/./y", "http://a/b/c/g;x=1/y"},
      {"g;x=1/../y", "http://a/b/c/y"},
      {"g?y/./x", "http://a/b/c/g?y/./x"},
      {"g?y/../x", "http://a/b/c/g?y/../x"},
      {"https://h/x", "https://h/x"},
  };
  for (const auto& [reference, expected] : examples) {
    const auto url = resolve_reference(base, reference);
    ASSERT_TRUE(url) << reference << ": " << url.error().text();
    EXPECT_EQ(url->text(), expected) << reference;
  }
}

TEST(Url, WhatServersWriteIsTaken) {
  const Url base = parsed("http://a/");
  EXPECT_EQ(resolve_reference(base, "/a b%")->target, "/a%20b%");
  EXPECT_FALSE(resolve_reference(base, "mailto:x@y"));
  EXPECT_FALSE(resolve_reference(base, "ftp://h/"));
  EXPECT_FALSE(resolve_reference(base, "http://"));
}

}  // namespace
}  // namespace vajrapulse::http
