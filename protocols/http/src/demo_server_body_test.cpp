#include "demo_server_body.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace vajrapulse::http::detail {
namespace {

std::string text_of(const std::optional<NamedValues>& values, std::string_view name) {
  const std::string* found = values ? values->find(name) : nullptr;
  return found == nullptr ? "(none)" : *found;
}

TEST(ReadJsonObject, GivesStringsAndNumbersByName) {
  const auto values = read_json_object(" {\"user\" : \"ann\", \"n\":-1.5e+3,\"m\" : 7 } \r\n");
  EXPECT_EQ(text_of(values, "user"), "ann");
  EXPECT_EQ(text_of(values, "n"), "-1.5e+3");
  EXPECT_EQ(values->number("m", 10), 7U);
  EXPECT_EQ(values->number("m", 6), std::nullopt);
  EXPECT_EQ(values->number("n", 10'000), std::nullopt);
  EXPECT_EQ(values->number("none", 10), std::nullopt);
  EXPECT_TRUE(read_json_object("{}"));
}

TEST(ReadJsonObject, LeavesOutWhatElseItHolds) {
  const auto values = read_json_object(R"({"a":[1,{"user":"inner"},[]],"b":{"c":null},"d":true,"user":"outer"})");
  EXPECT_EQ(text_of(values, "user"), "outer");
  EXPECT_EQ(text_of(values, "d"), "(none)");
  EXPECT_EQ(values->entries().size(), 1U);
}

// RFC 8259, section 7: the clef, U+1D11E, is \uD834\uDD1E; its UTF-8 is F0 9D 84 9E.
TEST(ReadJsonObject, UnderstandsEscapes) {
  const auto values = read_json_object(R"({"clef":"\uD834\uDD1E","e":"\u00e9\u20AC","c":"\"\\\/\b\f\n\r\t"})");
  EXPECT_EQ(text_of(values, "clef"), "\xF0\x9D\x84\x9E");
  EXPECT_EQ(text_of(values, "e"), "é€");
  EXPECT_EQ(text_of(values, "c"), "\"\\/\b\f\n\r\t");
}

TEST(ReadJsonObject, RefusesWhatIsNone) {
  for (const auto* text : {"",
                           "[]",
                           "1",
                           "{",
                           "}",
                           "{}x",
                           "{\"a\"}",
                           "{\"a\":}",
                           "{\"a\":1,}",
                           "{a:1}",
                           "{\"a\":01}",
                           "{\"a\":1.}",
                           "{\"a\":.5}",
                           "{\"a\":1e}",
                           "{\"a\":-}",
                           "{\"a\":+1}",
                           "{\"a\":tru}",
                           "{\"a\":\"x}",
                           "{\"a\":\"\\x\"}",
                           "{\"a\":\"\\u12\"}",
                           "{\"a\":\"\\uD834\"}",
                           "{\"a\":\"\\uDD1E\"}",
                           "{\"a\":\"\n\"}",
                           "{\"a\":1 \"b\":2}"})
    EXPECT_FALSE(read_json_object(text)) << text;
}

TEST(ReadJsonObject, BoundsDepthAndCount) {
  const auto nested = [](std::size_t arrays) {
    return "{\"a\":" + std::string(arrays, '[') + std::string(arrays, ']') + "}";
  };
  EXPECT_TRUE(read_json_object(nested(15)));
  EXPECT_FALSE(read_json_object(nested(16)));
  EXPECT_FALSE(read_json_object("{\"a\":" + std::string(1'000'000, '[')));
  std::string many = "{\"a\":1";
  for (int i = 1; i < 100; ++i)
    many += ",\"a\":1";
  EXPECT_TRUE(read_json_object(many + "}"));
  EXPECT_FALSE(read_json_object(many + ",\"a\":1}"));
}

TEST(ReadForm, DecodesNamesAndValues) {
  const auto values = read_form("user=ann+b%C3%A9&pass%20word=a%26b%3dc&&empty=&alone&broken=%4&also=%zz");
  EXPECT_EQ(text_of(values, "user"), "ann bé");
  EXPECT_EQ(text_of(values, "pass word"), "a&b=c");
  EXPECT_EQ(text_of(values, "empty"), "");
  EXPECT_EQ(text_of(values, "alone"), "");
  EXPECT_EQ(text_of(values, "broken"), "%4");
  EXPECT_EQ(text_of(values, "also"), "%zz");
}

TEST(ReadBody, GoesByTheContentType) {
  EXPECT_EQ(text_of(read_body("application/x-www-form-urlencoded; charset=utf-8", "a=1"), "a"), "1");
  EXPECT_EQ(text_of(read_body("application/json", "{\"a\":1}"), "a"), "1");
  EXPECT_FALSE(read_body("application/json", "a=1"));
  EXPECT_EQ(text_of(read_body("application/x-www-form-urlencoded", "{\"a\":1}"), "a"), "1") << "curl -d";
}

TEST(JsonString, EscapesAndMendsWhatIsNotUtf8) {
  EXPECT_EQ(json_string("a\"b\\c\n\x01é"), "\"a\\\"b\\\\c\\u000a\\u0001é\"");
  // Unicode 15, table 3-8: each of these bytes begins nothing well-formed.
  EXPECT_EQ(json_string("\xC0\xAFz"), "\"\xEF\xBF\xBD\xEF\xBF\xBDz\"");
  EXPECT_EQ(json_string("\xED\xA0\x80"), "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"");
  EXPECT_EQ(json_string("\xF0\x9D\x84\x9E\xF0\x9D"), "\"\xF0\x9D\x84\x9E\xEF\xBF\xBD\xEF\xBF\xBD\"");
}

}  // namespace
}  // namespace vajrapulse::http::detail
