#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "test_plan.hpp"
#include "vajrapulse/plan/captures.hpp"
#include "vajrapulse/plan/checks.hpp"

namespace vajrapulse::plan {
namespace {

using namespace std::chrono_literals;
using test::Stage;

struct Canned final : Answer {
  [[nodiscard]] std::uint32_t status() const override { return code; }
  [[nodiscard]] std::uint64_t size() const override { return text.size(); }
  [[nodiscard]] Duration time() const override { return took; }
  [[nodiscard]] std::optional<std::string_view> header(std::string_view name, std::size_t nth) const override {
    for (const auto& [key, value] : headers)
      if (key == name && nth-- == 0) return value;
    return std::nullopt;
  }
  [[nodiscard]] std::optional<std::string_view> cookie(std::string_view name) const override {
    if (name == "sid") return "s1";
    return std::nullopt;
  }
  [[nodiscard]] std::string_view body() const override { return text; }

  std::uint32_t code = 200;
  Duration took = 12ms;
  std::vector<std::pair<std::string, std::string>> headers = {{"location", "/cart"}, {"etag", "\"x\""}};
  std::string text =
      R"({"token":"abc","total":12.5,"id":12345678901234567890,"ok":true,"none":null,"items":[{"n":"a\"b"},{"n":"c"}]})";
};

struct Room : Stage {
  explicit Room(std::string_view text) : kinds(step_kinds()), compiler(kinds, vocabulary, diagnostics) {
    auto source = std::make_shared<const document::Source>("plan.yml", std::string(text));
    node = document::read(source, diagnostics).value_or(document::Node{});
    vocabulary.constant("base", "/cart");
    vocabulary.secret("KEY", "abc");
  }
  std::string mistakes() const {
    std::string out;
    for (const auto& found : diagnostics.all())
      out += (out.empty() ? "" : "\n") + std::to_string(found.place.line) + ":" + std::to_string(found.place.column) +
             "+" + std::to_string(found.place.length) + ": " + found.message +
             (found.cure.empty() ? "" : "; " + found.cure);
    return out;
  }
  std::vector<StepKind> kinds;
  document::Diagnostics diagnostics;
  std::optional<document::Node> node;
  Compiler compiler;
  extract::Reader reader;
  Canned answer;
};

std::string expected(std::string_view yaml, const std::string& body = {}, std::uint32_t code = 200) {
  Room room(yaml);
  const Checks checks = Checks::compile(*room.node, room.compiler);
  if (!room.diagnostics.ok()) return room.mistakes();
  room.renew();
  if (!body.empty()) room.answer.text = body;
  room.answer.code = code;
  if (checks.keeps() == Keeps::body) room.reader.read(room.answer.text);
  const Result result = checks.verify(room.answer, room.moment, room.reader);
  return result.ok() ? "ok" : std::string(result.kind().name()) + ": " + result.message();
}

TEST(Expect, Statuses) {
  EXPECT_EQ(expected("status: 200"), "ok");
  EXPECT_EQ(expected("status: 200", {}, 500), "expectation: status was 500, not 200");
  EXPECT_EQ(expected("status: [200, 201, 3xx]", {}, 500), "expectation: status was 500, not 200, 201 or 3xx");
  EXPECT_EQ(expected("status: 2xx", {}, 299), "ok");
  EXPECT_EQ(expected("status: 2xx", {}, 300), "expectation: status was 300, not 2xx");
  EXPECT_EQ(expected("status: 200..204", {}, 204), "ok");
  EXPECT_EQ(expected("status: 200..204", {}, 205), "expectation: status was 205, not 200..204");
}

TEST(Expect, Headers) {
  EXPECT_EQ(expected("header: { location: '{{base}}' }"), "ok");
  EXPECT_EQ(expected("header: { location: /home }"), "expectation: header location was '/cart', not '/home'");
  EXPECT_EQ(expected("header: { x-none: a }"), "expectation: there is no header x-none");
  EXPECT_EQ(expected("header: { x-none: null, etag: { matches: '^\"', contains: x } }"), "ok");
  EXPECT_EQ(expected("header: { location: null }"), "expectation: header location was there: '/cart'");
  EXPECT_EQ(expected("header: { etag: { matches: '^[0-9]+$' } }"),
            "expectation: header etag was '\"x\"', which does not match ^[0-9]+$");
  EXPECT_EQ(expected("cookie: { sid: s1 }"), "ok");
  EXPECT_EQ(expected("cookie: { other: { exists: true } }"), "expectation: no cookie other was set");
}

TEST(Expect, Bodies) {
  EXPECT_EQ(expected("body: token"), "ok");
  EXPECT_EQ(expected("body: { contains: welcome }"), "expectation: body does not contain 'welcome'");
  EXPECT_EQ(expected("body: { not-contains: token }"), "expectation: body contains 'token'");
  EXPECT_EQ(expected("body: { equals: ok }", "ok"), "ok");
  EXPECT_EQ(expected("body: { empty: true }", "x"), "expectation: body was not empty");
  EXPECT_EQ(expected("body: { matches: 'total\":[0-9]' }"), "ok");
  EXPECT_EQ(expected("body: { contains: 'x{{secret.KEY}}' }"), "expectation: body does not contain 'x***'");
}

TEST(Expect, Values) {
  EXPECT_EQ(expected("json: { $.token: abc, $.total: 12.5, $.ok: true, $.none: null, $.missing: null }"), "ok");
  EXPECT_EQ(expected("json: { $.total: '12.50', $.id: 12345678901234567890 }"), "ok");
  EXPECT_EQ(expected("json: { $.total: 13 }"), "expectation: $.total was 12.5, not 13");
  EXPECT_EQ(expected("json: { $.token: xyz }"), "expectation: $.token was '***', not 'xyz'");
  EXPECT_EQ(expected("json: { $.total: '> 12', $.total: '10..20' }").find("expectation"), std::string::npos);
  EXPECT_EQ(expected("json: { $.total: '< 10' }"), "expectation: $.total was 12.5, not < 10");
  EXPECT_EQ(expected("json: { '$.items[*]': { count: 2 }, '$..n': { count: '> 1' } }"), "ok");
  EXPECT_EQ(expected("json: { '$.items[*]': { count: 3 } }"), "expectation: $.items[*] was found 2 times, not 3");
  EXPECT_EQ(expected("json: { $.missing: 1 }").substr(0, 24), "expectation: $.missing: ");
  EXPECT_EQ(expected("json: { $.a: 1 }", "<html>").substr(0, 18), "expectation: $.a: ");
  EXPECT_EQ(expected("xpath: { '//order/@id': 17 }", "<order id='17'/>"), "ok");
  EXPECT_EQ(expected("css: { h1: { contains: come } }", "<h1>Welcome</h1>"), "ok");
}

TEST(Expect, SizeAndTime) {
  EXPECT_EQ(expected("{ size: '< 10KB', time: 1ms..20ms }"), "ok");
  EXPECT_EQ(expected("size: '< 10B'", std::string(2048, 'x')), "expectation: size was 2.00 KiB, not < 10B");
  EXPECT_EQ(expected("time: '< 10ms'"), "expectation: time was 12.0 ms, not < 10ms");
}

TEST(Expect, SaysHowMuchOfAnAnswerIsKept) {
  const auto keeps = [](std::string_view yaml) {
    Room room(yaml);
    return Checks::compile(*room.node, room.compiler).keeps();
  };
  EXPECT_EQ(keeps("{ status: 200, time: '< 1s', size: '> 0' }"), Keeps::nothing);
  EXPECT_EQ(keeps("{ status: 200, header: { a: b } }"), Keeps::head);
  EXPECT_EQ(keeps("{ header: { a: b }, body: x }"), Keeps::body);
  EXPECT_EQ(Checks().keeps(), Keeps::nothing);
  Room room("status: 404");
  EXPECT_TRUE(Checks::compile(*room.node, room.compiler).judge_status());
  EXPECT_FALSE(Checks().judge_status());
}

TEST(ExpectMistakes, AreSaidWithPlaceAndCure) {
  EXPECT_EQ(expected("statuss: 200"), "1:1+7: 'statuss' is no part of an answer; did you mean 'status'?");
  EXPECT_EQ(expected("colour: red"),
            "1:1+6: 'colour' is no part of an answer; write status, header, cookie, body, json, xpath, css, size or "
            "time");
  EXPECT_EQ(expected("status: fine"), "1:9+4: 'fine' is no status; write for example 200, [200, 201], 2xx or 200..299");
  EXPECT_EQ(expected("status: []"), "1:9+1: no status is expected; write for example status: 200");
  EXPECT_EQ(expected("size: 10"), "1:7+2: '10' is no limit of a size; write for example \"< 10KB\" or 1KB..10KB");
  EXPECT_EQ(expected("time: '< 10'"),
            "1:8+4: '< 10' is no limit of a time; write for example \"< 200ms\" or 10ms..200ms");
  EXPECT_EQ(expected("header: location"),
            "1:9+8: header is a map, not a text; write for example header: { location: /cart }");
  EXPECT_EQ(expected("body: { contain: x }"), "1:18+1: 'contain' is no way to look at it; did you mean 'contains'?");
  EXPECT_EQ(
      expected("body: { has: x }"),
      "1:14+1: 'has' is no way to look at it; write equals, not, contains, not-contains, matches, exists or empty");
  EXPECT_EQ(expected("json: { $.a: { exists: maybe } }").substr(0, 24), "1:24+5: exists is true o");
  EXPECT_EQ(expected("json: { $.a: { count: few } }"),
            "1:23+3: 'few' is no count; write for example 3, \"> 0\" or 1..10");
  EXPECT_EQ(expected("body: { matches: '(' }").substr(0, 5), "1:19+");
  EXPECT_EQ(expected("json: { token: a }").substr(0, 4), "1:9+");
  EXPECT_EQ(expected("[200]"), "1:1+1: expect is a map, not a list; write for example expect: { status: 200 }");
  EXPECT_EQ(expected("body: { contains: '{{tokn}}' }"),
            "1:22+4: 'tokn' is no name here; define it under variables:, or capture it in an earlier step");
}

struct Captured : Room {
  explicit Captured(std::string_view yaml) : Room(yaml), captures(Captures::compile(*node, compiler)) { renew(); }
  /// What variable `name` holds after a capture; the failure, if one is.
  std::string take(std::string_view name) {
    if (!diagnostics.ok()) return mistakes();
    if (captures.keeps() == Keeps::body) reader.read(answer.text);
    const Result result = captures.take(answer, moment, reader);
    if (!result.ok()) return std::string(result.kind().name()) + ": " + result.message();
    std::string out;
    const auto compiled = Template::compile("{{" + std::string(name) + "}}", vocabulary);
    const Status status = compiled->render(moment, out);
    return status ? out : status.error().message;
  }
  Captures captures;
};

std::string captured(std::string_view yaml, const std::string& body = {}) {
  Captured room(yaml);
  if (!body.empty()) room.answer.text = body;
  return room.take("x");
}

TEST(Capture, TakesFromWhereItIsTold) {
  EXPECT_EQ(captured("x: $.token"), "abc");
  EXPECT_EQ(captured("x: $.total"), "12.5");
  EXPECT_EQ(captured("x: $.id"), "12345678901234567890");
  EXPECT_EQ(captured("x: $.items"), R"([{"n":"a\"b"},{"n":"c"}])");
  EXPECT_EQ(captured("x: { regex: 'token\":\"([a-z]+)' }"), "abc");
  EXPECT_EQ(captured("x: { regex: '(t)(oken)', group: 2 }"), "oken");
  EXPECT_EQ(captured("x: { header: location }"), "/cart");
  EXPECT_EQ(captured("x: { cookie: sid }"), "s1");
  EXPECT_EQ(captured("x: { status: true }"), "200");
  EXPECT_EQ(captured("x: { time: true }"), "12ms");
  EXPECT_EQ(captured("x: { xpath: //total }", "<a><total>7</total></a>"), "7");
  EXPECT_EQ(captured("x: { css: a, attribute: href }", "<a href='/next'>n</a>"), "/next");
  EXPECT_EQ(captured("x: { jsonpath: '$..n', all: true }"), R"(["a\"b","c"])");
}

TEST(Capture, WhatIsNotThereIsAFailureUnlessThereIsADefault) {
  EXPECT_EQ(captured("x: $.coupon"), "capture: 'x' was not captured: the body has no $.coupon");
  EXPECT_EQ(captured("x: $.none"), "capture: 'x' was not captured: $.none is null");
  EXPECT_EQ(captured("x: { header: x-none }"), "capture: 'x' was not captured: there is no header x-none");
  EXPECT_EQ(captured("x: { jsonpath: $.coupon, default: 'no{{iteration}}' }"), "no17");
  EXPECT_EQ(captured("x: { jsonpath: $.coupon, default: null }"), "'x' has no value here");
  EXPECT_EQ(captured("x: { jsonpath: '$..coupon', all: true }"), "[]");
}

TEST(Capture, WhatAServerAnswersIsData) {
  EXPECT_EQ(captured("x: $.token", R"({"token":"{{secret.KEY}} {{uuid()}}"})"), "{{secret.KEY}} {{uuid()}}");
}

TEST(Capture, SaysHowMuchOfAnAnswerIsKept) {
  EXPECT_EQ(Captured("{ x: { status: true }, y: { time: true } }").captures.keeps(), Keeps::nothing);
  EXPECT_EQ(Captured("{ x: { header: a }, y: { cookie: b } }").captures.keeps(), Keeps::head);
  EXPECT_EQ(Captured("{ x: { header: a }, y: $.token }").captures.keeps(), Keeps::body);
}

TEST(CaptureMistakes, AreSaidWithPlaceAndCure) {
  EXPECT_EQ(
      captured("x: token"),
      "1:4+5: 'token' is no JSONPath: it begins with $; write for example x: $.token, or { regex: … }, { header: … "
      "}, { cookie: … }");
  EXPECT_EQ(captured("x: { heder: location }"),
            "1:6+5: 'heder' is nothing that can be captured; did you mean 'header'?");
  EXPECT_EQ(captured("x: { default: a }"),
            "1:4+1: where 'x' is captured from is not said; write one of jsonpath, regex, header, cookie, xpath, css, "
            "status, body, size or time");
  EXPECT_EQ(captured("x: { header: a, cookie: b }"), "1:25+1: 'x' is captured in two ways; leave header or cookie out");
  EXPECT_EQ(captured("x: { header: a, al: true }"),
            "1:17+2: 'al' is no key of a capture by header; its keys are header, default");
  EXPECT_EQ(captured("x: { jsonpath: $.a, al: true }"),
            "1:21+2: 'al' is no key of a capture by jsonpath; did you mean 'all'?");
  EXPECT_EQ(captured("x: [a]"),
            "1:4+1: what is captured is a JSONPath or a map, not a list; write for example x: $.token");
  EXPECT_EQ(captured("token"),
            "1:1+5: capture is a map of names, not a text; write for example capture: { token: $.token }");
  EXPECT_EQ(captured("iteration: $.a"), "1:1+9: 'iteration' has a meaning of its own; take another name");
  EXPECT_EQ(captured("base: $.a"), "1:1+4: 'base' is a variable of the plan and keeps its value; take another name");
  EXPECT_EQ(captured("x: $.a[").substr(0, 2), "1:");
  EXPECT_EQ(captured("x: { regex: '(' }").substr(0, 5), "1:14+");
}

}  // namespace
}  // namespace vajrapulse::plan
