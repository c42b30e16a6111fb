#include "step_line.hpp"

#include <gtest/gtest.h>

#include "vajrapulse/http/encodings.hpp"

namespace vajrapulse::http_plan {
namespace {

TEST(StepLine, HasAMethodAndAUrl) {
  const auto line = parse_step_line("POST /login");
  ASSERT_TRUE(line);
  EXPECT_EQ(line->method, "POST");
  EXPECT_EQ(line->url, "/login");
  EXPECT_EQ(line->at, 5u);
  EXPECT_EQ(parse_step_line("/x")->method, "GET");
  EXPECT_EQ(parse_step_line("  http://h/x ")->url, "http://h/x");
  EXPECT_EQ(parse_step_line("{{ link }}")->url, "{{ link }}");
  EXPECT_EQ(parse_step_line("GET /a/{{ id }}?t={{now('%F %T')}}")->url, "/a/{{ id }}?t={{now('%F %T')}}");
  EXPECT_EQ(parse_step_line("PROPFIND   /dav")->url, "/dav");
}

TEST(StepLine, SaysWhatIsWrongAndWhere) {
  struct Case {
    std::string_view line;
    std::size_t column;
    std::string_view message;
    std::string_view cure;
  };
  const Case cases[] = {
      {"GTE /x", 1, "'GTE' is no method", "did you mean GET?"},
      {"get /x", 1, "'get' is no method: methods are written in capitals", "write GET"},
      {"BREW /pot", 1, "'BREW' is no method", "write GET, POST, PUT, PATCH, DELETE, HEAD or OPTIONS"},
      {"", 1, "the URL is missing", "write a method and a URL, for example GET /items"},
      {"POST", 1, "there is no URL behind 'POST'", "write for example POST /items"},
      {"GET /a b", 7, "a URL cannot hold a blank", "write it as %20, or as a value under query:"},
      {"/ä b", 3, "a URL cannot hold a blank", "write it as %20, or as a value under query:"},
      {"items", 1, "'items' is no URL", "write /items"},
      {"GET example.org/x", 5, "'example.org/x' is no URL", "write http://example.org/x"},
      {"GET localhost:80", 5, "'localhost:80' is no URL", "write http://localhost:80"},
  };
  for (const Case& each : cases) {
    const auto line = parse_step_line(each.line);
    ASSERT_FALSE(line) << each.line;
    EXPECT_EQ(line.error().message, each.message);
    EXPECT_EQ(line.error().cure, each.cure);
    EXPECT_EQ(line.error().column, each.column) << each.line;
  }
}

TEST(UrlText, IsTakenApartWhereTheHostEnds) {
  const auto parts = [](std::string_view url) {
    const UrlText text = take_apart(url);
    return std::string(text.origin) + " " + std::string(text.path) + " " + std::string(text.query);
  };
  EXPECT_EQ(parts("/a/{{id}}?q={{x}}#f"), " /a/{{id}} ?q={{x}}");
  EXPECT_EQ(parts("http://h:80/a?b"), "http://h:80 /a ?b");
  EXPECT_EQ(parts("http://{{host}}:{{port}}/a"), "http://{{host}}:{{port}} /a ");
  EXPECT_EQ(parts("http://h?b"), "http://h  ?b");
  EXPECT_EQ(parts("{{base}}/a/b"), "{{base}} /a/b ");
  EXPECT_EQ(parts("{{f('/?')}}:8080/a"), "{{f('/?')}}:8080 /a ");
  EXPECT_EQ(parts("{{link}}"), "{{link}}  ");
  EXPECT_EQ(parts("/x?to=http://y/"), " /x ?to=http://y/");
}

TEST(Literals, AreEncodedAndPlaceholdersAreNot) {
  const auto name = [](std::string_view text) { return http::percent_encoded(text, http::UrlPart::name); };
  EXPECT_EQ(with_literals("a b{{x y}}&", name), "a%20b{{x y}}%26");
  EXPECT_EQ(with_literals("{{{{x}}", name), "%7B%7Bx%7D%7D");
  const auto same = [](std::string_view text) { return text; };
  EXPECT_EQ(with_literals("{{{{x}} {{{y}}}", same), "{{{{x}} {{{y}}}");
}

}  // namespace
}  // namespace vajrapulse::http_plan
