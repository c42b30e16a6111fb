// What is wrong with http in a plan, as a newcomer writes it, and what they read then.
#include <gtest/gtest.h>

#include "test_stage.hpp"

namespace vajrapulse::http_plan {
namespace {

class HttpMistakes : public test::Stage {
 protected:
  std::string step(const std::string& flow) {
    return read("http: { base-url: 'http://h' }\ntasks: { main: [\n{ " + flow + " } ] }\n");
  }
  std::string section(const std::string& flow) {
    return read("http:\n  base-url: http://h\n  " + flow + "\ntasks: { main: [ { http: / } ] }\n");
  }
};

TEST_F(HttpMistakes, OfTheLine) {
  EXPECT_EQ(step("http: GTE /x"), "3:9: 'GTE' is no method; did you mean GET?");
  EXPECT_EQ(step("http: GET /a b"), "3:15: a URL cannot hold a blank; write it as %20, or as a value under query:");
  EXPECT_EQ(step("http: 'ftp://h/x'"),
            "3:10: \"ftp://h\" is no URL to send to: \"ftp\" is not spoken here; use http:// or https://");
  EXPECT_EQ(step("http: 'GET /items/{{idd}}'").substr(0, 6), "3:23: ");
  EXPECT_EQ(step("http: [GET, /x]"), "3:9: a request is a text, not a list; write for example http: GET /items");
  EXPECT_EQ(
      step("http: '/a%zz'"),
      "3:10: \"http://h/a%zz\" is no URL to send to: a % is not followed by two hexadecimal digits; write a percent "
      "sign itself as %25");
  EXPECT_EQ(
      read("tasks: { main: [ { http: GET /x } ] }"),
      "1:30: '/x' has no host, and the plan has no base-url; write base-url: http://HOST:PORT under http:, or the "
      "host here");
  EXPECT_EQ(read("http: { base-url: localhost }\ntasks: { main: [ { http: GET /x } ] }"),
            "1:19: \"localhost\" is no URL to send to: it does not begin with http:// or https://; write "
            "http://localhost");
}

TEST_F(HttpMistakes, OfTheKeys) {
  EXPECT_EQ(step("http: /x, querry: { a: 1 }"), "3:13: 'querry' is no key of an http step; did you mean 'query'?");
  EXPECT_NE(step("http: POST /x, json: {}, body: x").find("'json' and 'body'"), std::string::npos)
      << step("http: POST /x, json: {}, body: x");
  EXPECT_NE(step("http: /x, timeout: 5").find("3:22: "), std::string::npos) << step("http: /x, timeout: 5");
  EXPECT_EQ(step("http: /x, form: a=1"),
            "3:19: form is a map of names and values, not a text; write for example { name: value }");
  EXPECT_EQ(step("http: /x, file: gone.txt"),
            "3:19: there is no file 'gone.txt'; files are looked for beside the plan");
}

TEST_F(HttpMistakes, OfHeadersAndAuth) {
  EXPECT_EQ(step("http: /x, headers: { 'a b': c }"), "3:25: 'a b' is no header name; write letters, digits and -");
  EXPECT_EQ(step("http: /x, headers: { Content-Length: 3 }"),
            "3:24: the header Content-Length follows from the body; leave it out");
  EXPECT_EQ(step("http: /x, headers: { a: 1, A: 2 }"), "3:30: the header 'A' is said twice; remove one");
  EXPECT_EQ(step("http: /x, headers: 'accept: text/html'"),
            "3:23: headers is a map, not a text; write for example { accept: application/json }");
  EXPECT_EQ(step("http: /x, auth: { digest: {} }"),
            "3:19: auth is basic or bearer; write { bearer: \"{{token}}\" } or { basic: { user: ann, password: … } }");
  EXPECT_EQ(step("http: /x, auth: { basic: { user: ann } }"),
            "3:28: basic takes a user and a password; write { user: ann, password: \"{{secret.PASSWORD}}\" }");
  EXPECT_EQ(step("http: /x, auth: { bearer: t }, headers: { authorization: x }"),
            "3:19: the header authorization and auth say the same; remove one of them");
}

TEST_F(HttpMistakes, OfTheSection) {
  EXPECT_EQ(section("tiemout: 5s"), "3:3: 'tiemout' is no key of an http section; did you mean 'timeout'?");
  EXPECT_NE(section("cookies: users").find("did you mean 'user'?"), std::string::npos) << section("cookies: users");
  EXPECT_NE(section("connections: 0").find("3:16: "), std::string::npos) << section("connections: 0");
  EXPECT_NE(section("fail-on: 404").find("write for example 'status >= 400'"), std::string::npos)
      << section("fail-on: 404");
  EXPECT_NE(section("tls: { key: a.pem }").find("'key' needs"), std::string::npos) << section("tls: { key: a.pem }");
  EXPECT_EQ(section("timeout: 2s"), "");
}

TEST_F(HttpMistakes, AreAllFoundAtOnce) {
  EXPECT_EQ(
      read("http: { base-url: 'http://h' }\ntasks:\n  main:\n  - http: GTE /x\n  - http: /a b\n"
           "  - { http: /c, headers: { 'x y': 1 }, json: '{{nobody}}' }\n")
          .substr(0, 100),
      std::string("4:11: 'GTE' is no method; did you mean GET?\n5:13: a URL cannot hold a blank; write it as %20, or "
                  "as a value under query:")
          .substr(0, 100));
}

}  // namespace
}  // namespace vajrapulse::http_plan
