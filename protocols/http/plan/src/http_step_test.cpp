#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "test_stage.hpp"
#include "vajrapulse/metrics/names.hpp"

namespace vajrapulse::http_plan {
namespace {

using namespace std::chrono_literals;
using http::Reply;
using test::ok;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
namespace names = metrics::names;

const std::string kBase = "http: { base-url: 'http://127.0.0.1' }\n";
const std::string kHead = " HTTP/1.1\r\nhost: 127.0.0.1\r\nuser-agent: vajrapulse\r\n";

class HttpStepTest : public test::Stage {
 protected:
  /// The request that one step sends.
  std::string sent(const std::string& step, const std::string& section = kBase) {
    if (servers_.empty()) serve(ok("{}"));
    EXPECT_EQ(read_and_run(section + "tasks:\n  main:\n" + step), "");
    return servers_[0]->requests.empty() ? "" : servers_[0]->requests.back();
  }
  static std::string body_of(const std::string& request) { return request.substr(request.find("\r\n\r\n") + 4); }
};

TEST_F(HttpStepTest, SendsARequestUnderItsName) {
  auto& server = serve(ok("hello"));
  EXPECT_EQ(read(kBase + "tasks: { main: [ { http: 'GET /items/7?all' }, { http: /x, name: other } ] }"), "");
  EXPECT_EQ(run(), "");
  EXPECT_EQ(run(), "");
  EXPECT_THAT(server.requests, ElementsAre("GET /items/7?all" + kHead + "\r\n", "GET /x" + kHead + "\r\n",
                                           "GET /items/7?all" + kHead + "\r\n", "GET /x" + kHead + "\r\n"));
  EXPECT_EQ(server.connections, 1u);  // all steps share the client
  const auto snap = snapshot();
  EXPECT_EQ(snap.counter(names::kRequestTotal, {{"name", "GET /items/7"}, {"scenario", "s"}, {"task", "main"}}), 2u);
  EXPECT_EQ(snap.counter(names::kRequestTotal, {{"name", "other"}, {"scenario", "s"}, {"task", "main"}}), 2u);
}

TEST_F(HttpStepTest, FillsInTheUrlAndIsRecordedUnderTheTemplate) {
  auto& server = serve(ok("hello"));
  EXPECT_EQ(read_and_run(kBase + "tasks:\n  main:\n  - set: { id: \"a b/ü?#\", q: \"x&y=z\" }\n"
                                 "  - http: GET /items/{{id}}/é?n={{iteration}}\n"
                                 "    query: { q: \"{{q}}\", 'odd key': [1, 'a b'], empty: }\n"),
            "");
  EXPECT_THAT(server.requests, ElementsAre("GET /items/a%20b/%C3%BC?%23/%C3%A9?n=0&q=x%26y%3Dz&odd%20key=1"
                                           "&odd%20key=a%20b&empty=" +
                                           kHead + "\r\n"));
  EXPECT_EQ(
      snapshot().counter(names::kRequestTotal, {{"name", "GET /items/{{id}}/é"}, {"scenario", "s"}, {"task", "main"}}),
      1u);
}

TEST_F(HttpStepTest, TheBaseMayHaveAPathAndComeFromAVariable) {
  variables_ = {{"base", "http://127.0.0.1/api/v1/"}, {"host", "127.0.0.1"}};
  EXPECT_THAT(sent("  - http: /items\n", "http: { base-url: \"{{base}}\" }\n"), HasSubstr("GET /api/v1/items HTTP"));
  EXPECT_THAT(sent("  - http: POST http://{{host}}/x\n", "http: { base-url: \"{{base}}\" }\n"),
              HasSubstr("POST /x HTTP"));
  EXPECT_THAT(sent("  - http: GET {{base}}y\n", ""), HasSubstr("GET /api/v1/y HTTP"));
  EXPECT_THAT(sent("  - http: /items/{{iteration}}\n", "http: { base-url: \"http://{{host}}/{{iteration}}/\" }\n"),
              HasSubstr("/items/"));
}

TEST_F(HttpStepTest, FollowsALinkThatWasCaptured) {
  auto& server = serve([](std::size_t, std::size_t number, const std::string&) {
    return Reply{.bytes = number == 0   ? ok("", "location: /orders/7?x=1\r\n")
                          : number == 1 ? ok("", "location: http://127.0.0.1/whole\r\n")
                                        : ok("")};
  });
  EXPECT_EQ(
      read_and_run(kBase + "tasks:\n  main:\n  - http: POST /orders\n    capture: { link: { header: location } }\n"
                           "  - http: GET {{link}}\n    capture: { next: { header: location } }\n"
                           "  - http: '{{next}}'\n"),
      "");
  ASSERT_EQ(server.requests.size(), 3u);
  EXPECT_THAT(server.requests[1], HasSubstr("GET /orders/7?x=1 HTTP"));
  EXPECT_THAT(server.requests[2], HasSubstr("GET /whole HTTP"));
  EXPECT_EQ(snapshot().counter(names::kRequestTotal, {{"name", "GET {{link}}"}, {"scenario", "s"}, {"task", "main"}}),
            1u);
}

TEST_F(HttpStepTest, HeadersOfTheStepWin) {
  variables_ = {{"word", "constant"}};
  const std::string section =
      "http: { base-url: 'http://127.0.0.1', headers: { Accept: text/html, x-all: '{{word}}', "
      "x-turn: '{{iteration}}' } }\n";
  EXPECT_EQ(
      sent("  - http: /\n    headers: { accept: application/json, x-own: \"n{{iteration}}\", user-agent: }\n", section),
      "GET / HTTP/1.1\r\nhost: 127.0.0.1\r\naccept: application/json\r\nx-all: constant\r\n"
      "x-own: n0\r\nx-turn: 0\r\n\r\n");
}

// RFC 7617 section 2 and RFC 6750 section 2.1.
TEST_F(HttpStepTest, SaysWhoItIs) {
  variables_ = {{"name", "Aladdin"}};
  const std::string basic = "auth: { basic: { user: '{{name}}', password: open sesame } }";
  EXPECT_THAT(sent("  - { http: /, " + basic + " }\n"),
              HasSubstr("authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n"));
  EXPECT_THAT(sent("  - set: { who: Aladdin }\n  - { http: /, auth: { basic: { user: '{{who}}', password: open sesame "
                   "} } }\n"),
              HasSubstr("authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n"));
  EXPECT_THAT(sent("  - set: { token: mF_9.B5f-4.1JqM }\n  - { http: /, auth: { bearer: '{{token}}' } }\n"),
              HasSubstr("authorization: Bearer mF_9.B5f-4.1JqM\r\n"));
  const std::string section = "http: { base-url: 'http://127.0.0.1', " + basic + " }\n";
  EXPECT_THAT(sent("  - http: /\n", section), HasSubstr("authorization: Basic QWxh"));
  EXPECT_THAT(sent("  - { http: /, auth: { bearer: t } }\n", section), HasSubstr("authorization: Bearer t\r\n"));
  EXPECT_THAT(sent("  - { http: /, headers: { Authorization: mine } }\n", section),
              HasSubstr("Authorization: mine\r\n"));
}

TEST_F(HttpStepTest, JsonKeepsTypes) {
  variables_ = {{"word", "a \"quoted\" word"}};
  const std::string request = sent(
      "  - set: { n: { value: 6 * 7 }, text: 'line end \"q\"', yes: { value: 1 < 2 } }\n"
      "  - http: POST /\n"
      "    json: { n: '{{n}}', t: '{{text}}', both: 'n={{n}} {{text}}', 'k-{{n}}': [1, 2.50, -1e3, 007, .5, true, "
      "null, \"1\", ~], yes: '{{yes}}', c: '{{word}}', o: {}, braces: '{{{{n}}' }\n");
  EXPECT_EQ(body_of(request),
            "{\"n\":42,\"t\":\"line end \\\"q\\\"\",\"both\":\"n=42 line end \\\"q\\\"\",\"k-42\":[1,2.50,-1e3,\"007\","
            "\".5\",true,null,\"1\",null],\"yes\":true,\"c\":\"a \\\"quoted\\\" word\",\"o\":{},\"braces\":\"{{n}}\"}");
  EXPECT_THAT(request, HasSubstr("content-type: application/json\r\n"));
  EXPECT_THAT(sent("  - { http: POST /, json: { a: 1 }, headers: { Content-Type: application/vnd.api+json } }\n"),
              HasSubstr("Content-Type: application/vnd.api+json\r\ncontent-length: 7\r\n\r\n{\"a\":1}"));
  EXPECT_EQ(body_of(sent("  - set: { a: 'x\"y' }\n  - http: POST /\n    json: |\n      {\"a\": \"{{a}}\"}\n")),
            "{\"a\": \"x\\\"y\"}\n");
}

// WHATWG URL section 5.2, with %20 for a blank as RFC 3986 has it.
TEST_F(HttpStepTest, FormsAreEncoded) {
  const std::string request = sent(
      "  - set: { v: 'a&b=c d' }\n  - { http: POST /login, form: { user: 'ann@example.org', v: '{{v}}', x: [1, 2], "
      "'n m': } }\n");
  EXPECT_EQ(body_of(request), "user=ann%40example.org&v=a%26b%3Dc%20d&x=1&x=2&n%20m=");
  EXPECT_THAT(request, HasSubstr("content-type: application/x-www-form-urlencoded\r\n"));
}

// RFC 7578 section 4.2, RFC 2046 section 5.1.1.
TEST_F(HttpStepTest, MultipartHasFieldsAndFiles) {
  files_ = {{"pictures/me.jpg", std::string("\xff\xd8\0x", 4)}, {"a.txt", "--vajrapulse-boundary-0\r\n"}};
  const std::string request = sent(
      "  - set: { v: 'x y' }\n  - http: POST /\n    multipart:\n      text: '{{v}}'\n"
      "      'a\"b': { value: '{}', content-type: application/json }\n"
      "      photo: [ { file: pictures/me.jpg }, { file: a.txt, filename: b.txt } ]\n");
  EXPECT_THAT(request, HasSubstr("content-type: multipart/form-data; boundary=vajrapulse-boundary-1\r\n"));
  const std::string line = "--vajrapulse-boundary-1\r\n";
  EXPECT_EQ(
      body_of(request),
      line + "Content-Disposition: form-data; name=\"text\"\r\n\r\nx y\r\n" + line +
          "Content-Disposition: form-data; name=\"a%22b\"\r\nContent-Type: application/json\r\n\r\n{}\r\n" + line +
          "Content-Disposition: form-data; name=\"photo\"; filename=\"me.jpg\"\r\nContent-Type: image/jpeg\r\n\r\n" +
          std::string("\xff\xd8\0x", 4) + "\r\n" + line +
          "Content-Disposition: form-data; name=\"photo\"; filename=\"b.txt\"\r\nContent-Type: text/plain\r\n\r\n"
          "--vajrapulse-boundary-0\r\n\r\n--vajrapulse-boundary-1--\r\n");
}

TEST_F(HttpStepTest, WhatIsFilledInCannotEndAPart) {
  auto& server = serve(ok(""));
  EXPECT_EQ(read_and_run(kBase + "tasks:\n  main:\n  - set: { v: '--vajrapulse-boundary-0' }\n"
                                 "  - { http: POST /, multipart: { v: '{{v}}' } }\n"),
            "bad-value: a value of the multipart body holds the body's boundary");
  EXPECT_TRUE(server.requests.empty());
}

TEST_F(HttpStepTest, BodiesMayBeFilesOrTexts) {
  files_ = {{"order.xml", "<a>{{not a template}}</a>"}};
  EXPECT_THAT(sent("  - { http: PUT /, file: order.xml }\n"),
              HasSubstr("content-type: application/xml\r\ncontent-length: 25\r\n\r\n<a>{{not a template}}</a>"));
  EXPECT_THAT(sent("  - { http: POST /, body: 'n={{iteration}}' }\n"),
              HasSubstr("content-type: text/plain\r\ncontent-length: 3\r\n\r\nn=1"));
  EXPECT_THAT(sent("  - { http: POST /, body: x }\n",
                   "http: { base-url: 'http://127.0.0.1', headers: { content-type: text/csv } }\n"),
              HasSubstr("content-type: text/csv\r\ncontent-length: 1\r\n\r\nx"));
}

TEST_F(HttpStepTest, AnIterationHasAJarOfItsOwn) {
  auto& server = serve([](std::size_t, std::size_t, const std::string& request) {
    return Reply{.bytes = request.starts_with("POST") ? ok("", "set-cookie: sid=7; Path=/\r\n") : ok("")};
  });
  EXPECT_EQ(read(kBase + "tasks: { main: [ { http: / }, { http: POST /login }, { http: /in } ] }"), "");
  EXPECT_EQ(run(), "");
  EXPECT_EQ(run(), "");
  EXPECT_EQ(server.requests[2], "GET /in" + kHead + "cookie: sid=7\r\n\r\n");
  EXPECT_EQ(server.requests[3], "GET /" + kHead + "\r\n");
}

TEST_F(HttpStepTest, AUserMayKeepItsJarAndNobodyMay) {
  auto& server = serve(ok("", "set-cookie: sid=7; Path=/\r\n"));
  EXPECT_EQ(read("http: { base-url: 'http://127.0.0.1', cookies: user }\ntasks: { main: [ { http: / } ] }"), "");
  EXPECT_EQ(run(1), "");
  EXPECT_EQ(run(2), "");
  EXPECT_EQ(run(1), "");
  EXPECT_THAT(server.requests, ElementsAre("GET /" + kHead + "\r\n", "GET /" + kHead + "\r\n",
                                           "GET /" + kHead + "cookie: sid=7\r\n\r\n"));
}

TEST_F(HttpStepTest, CookiesMayBeLeftAlone) {
  auto& server = serve(ok("", "set-cookie: sid=7; Path=/\r\n"));
  EXPECT_EQ(read_and_run("http: { base-url: 'http://127.0.0.1', cookies: none }\n"
                         "tasks: { main: [ { http: / }, { http: /b } ] }"),
            "");
  EXPECT_EQ(server.requests[1], "GET /b" + kHead + "\r\n");
}

TEST_F(HttpStepTest, AFailedRequestIsAFailedStep) {
  auto& server = serve("HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n");
  EXPECT_EQ(read_and_run(kBase + "tasks: { main: [ { http: / }, { http: /never } ] }"), "status-404");
  EXPECT_EQ(server.requests.size(), 1u);
  EXPECT_EQ(snapshot().counter(names::kRequestTotal, {{"code", "404"}, {"status", "failure"}}), 1u);
}

TEST_F(HttpStepTest, AnExpectedStatusIsASuccessAndOthersAreNot) {
  serve([](std::size_t, std::size_t number, const std::string&) {
    return Reply{.bytes = number == 0 ? "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n" : ok("")};
  });
  EXPECT_EQ(read(kBase + "tasks: { main: [ { http: /, expect: { status: 404 } } ] }"), "");
  EXPECT_EQ(run(), "");
  EXPECT_EQ(run(), "status-200");
  const auto snap = snapshot();
  EXPECT_EQ(snap.counter(names::kRequestTotal, {{"code", "404"}, {"status", "success"}}), 1u);
  EXPECT_EQ(snap.counter(names::kRequestTotal, {{"code", "200"}, {"status", "failure"}}), 1u);
}

TEST_F(HttpStepTest, AStatusMayBeExpectedByAVariable) {
  serve("HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n");
  variables_ = {{"good", "404"}};
  const std::string yaml = kBase + "tasks: { main: [ { http: /, expect: { status: '{{good}}' } } ] }";
  EXPECT_EQ(read(yaml), "");
  EXPECT_EQ(run(), "");
}

TEST_F(HttpStepTest, WhatIsExpectedBesideTheStatusCountsToo) {
  serve(ok("sorry"));
  EXPECT_THAT(
      read_and_run(kBase + "tasks: { main: [ { http: /, expect: { status: 200, body: { contains: welcome } } } ] }"),
      HasSubstr("expectation"));
  EXPECT_EQ(snapshot().counter(names::kRequestTotal, {{"code", "200"}, {"status", "success"}}), 1u);
}

TEST_F(HttpStepTest, CapturesFeedWhatComesAfter) {
  auto& server = serve([](std::size_t, std::size_t number, const std::string&) {
    return Reply{.bytes = number % 2 == 0 ? ok("{\"token\":\"t-1\",\"id\":17}") : ok("")};
  });
  EXPECT_EQ(read(kBase + "tasks:\n  main:\n  - http: POST /login\n    json: { user: ann }\n"
                         "    expect: { status: 200 }\n    capture: { token: $.token, id: $.id }\n"
                         "  - http: POST /items/{{id}}\n    headers: { authorization: \"Bearer {{token}}\" }\n"
                         "    json: { id: \"{{id}}\", token: \"{{token}}\" }\n"),
            "");
  EXPECT_EQ(run(), "");
  EXPECT_EQ(run(), "");
  ASSERT_EQ(server.requests.size(), 4u);
  EXPECT_THAT(server.requests[3], HasSubstr("POST /items/17 HTTP"));
  EXPECT_THAT(server.requests[3], HasSubstr("authorization: Bearer t-1\r\n"));
  EXPECT_EQ(body_of(server.requests[3]), "{\"id\":17,\"token\":\"t-1\"}");
}

TEST_F(HttpStepTest, WhatAServerSaysCannotBecomeStructure) {
  auto& server = serve(ok("{\"t\":\"a\\r\\nx-evil: 1\",\"p\":\"x HTTP/1.1\\r\\n\"}"));
  EXPECT_EQ(read(kBase + "tasks:\n  main:\n  - http: /\n    capture: { t: $.t, p: $.p }\n  - http: GET /{{p}}\n"
                         "  - { http: /, headers: { x-a: '{{t}}' } }\n"),
            "");
  EXPECT_THAT(run(), HasSubstr("bad-value"));
  ASSERT_EQ(server.requests.size(), 2u);
  EXPECT_THAT(server.requests[1], HasSubstr("GET /x%20HTTP/1.1%0D%0A HTTP/1.1\r\n"));
}

TEST_F(HttpStepTest, HasLimitsOfItsOwn) {
  serve([](std::size_t, std::size_t, const std::string& request) {
    if (request.starts_with("GET /away"))
      return Reply{.bytes = "HTTP/1.1 302 Found\r\nlocation: /slow\r\ncontent-length: 0\r\n\r\n"};
    return Reply{.bytes = ok(""), .after = 2s};
  });
  const std::string section = "http: { base-url: 'http://127.0.0.1', timeout: 1s, redirects: 3 }\n";
  EXPECT_EQ(read_and_run(section + "tasks: { main: [ { http: /away, timeout: 3s }, { http: /slow } ] }"), "timeout");
  EXPECT_EQ(snapshot().counter(names::kRequestTotal, {{"status", "success"}}), 2u);
  EXPECT_EQ(read(section + "tasks: { main: [ { http: /away, redirects: 0, expect: { status: 302 } } ] }"), "");
}

TEST_F(HttpStepTest, SecretsAreInNoMessage) {
  secrets_ = {{"KEY", "hush-hush"}};
  auto& server = serve("HTTP/1.1 500 Oops\r\ncontent-length: 0\r\n\r\n");
  EXPECT_EQ(read_and_run(kBase + "tasks: { main: [ { http: '/a?key={{secret.KEY}}', on-failure: continue }, { http: "
                                 "'/b/{{iteration}}', query: { k: '{{secret.KEY}}' } } ] }"),
            "status-500");
  ASSERT_EQ(server.requests.size(), 2u);
  EXPECT_THAT(server.requests[0], HasSubstr("GET /a?key=hush-hush HTTP"));
  EXPECT_THAT(server.requests[1], HasSubstr("GET /b/0?k=hush-hush HTTP"));
  const auto snap = snapshot();
  for (const auto& error : snap.errors())
    EXPECT_THAT(error.sample, Not(HasSubstr("hush")));
}

TEST_F(HttpStepTest, BranchesAtTheSameTimeDoNotShareMemory) {
  auto& server = serve([](std::size_t, std::size_t, const std::string& request) {
    return Reply{.bytes = ok(request.substr(0, 7)), .after = request.starts_with("GET /a") ? 2ms : 1ms};
  });
  EXPECT_EQ(read_and_run(kBase + "tasks:\n  main:\n  - parallel:\n"
                                 "    - [ { http: '/a/{{iteration}}', expect: { body: { contains: GET /a/ } } } ]\n"
                                 "    - [ { http: '/b/{{iteration}}', expect: { body: { contains: GET /b/ } } } ]\n"),
            "");
  EXPECT_EQ(server.requests.size(), 2u);
  EXPECT_EQ(server.connections, 2u);
}

}  // namespace
}  // namespace vajrapulse::http_plan
