#include "vajrapulse/data/table.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "rows_of_test.hpp"

namespace vajrapulse::data {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const Settings kArray{.kind = Kind::json, .path = "users.json"};
const Settings kLines{.kind = Kind::json_lines, .path = "users.jsonl"};

Settings with_rules(std::vector<ColumnRule> rules) {
  return {.kind = Kind::csv, .path = "users.csv", .columns = std::move(rules)};
}

TEST(JsonTable, ColumnsAreTheKeysOfAllObjects) {
  auto table = open_text("[{\"a\": 1, \"b\": \"x\"},\n {\"b\": \"y\", \"c\": true},\n {}]", kArray);
  ASSERT_TRUE(table);
  EXPECT_THAT((*table)->columns(), ElementsAre("a", "b", "c"));
  EXPECT_THAT(rows_of(table), ElementsAre(Fields{"1", "x", ""}, Fields{"", "y", "true"}, Fields{"", "", ""}));
}

// RFC 8259, sections 6 and 7: numbers keep their text, escapes are undone.
TEST(JsonTable, ValuesAsText) {
  EXPECT_THAT(
      rows_of(open_text(
          R"({"a": -1.50e+2, "b": "q\"\\\/\n\u00e9\ud83d\ude00", "c": null, "d": [1, {"x": 2}], "e": ""})", kLines)),
      ElementsAre(Fields{"-1.50e+2", "q\"\\/\n\xc3\xa9\xf0\x9f\x98\x80", "", "[1, {\"x\": 2}]", ""}));
}

TEST(JsonTable, LinesMayBeBlankAndEndInAnyWay) {
  EXPECT_THAT(rows_of(open_text("\xef\xbb\xbf{\"a\":1}\r\n\n  {\"a\":2}  \n{\"a\":3}", kLines)),
              ElementsAre(Fields{"1"}, Fields{"2"}, Fields{"3"}));
  EXPECT_THAT(rows_of(open_text(" [ {\"a\":\"]},{\"} , {\"a\":2}\n]\n", kArray)),
              ElementsAre(Fields{"]},{"}, Fields{"2"}));
}

TEST(JsonTable, WhatIsNoObjectIsRefusedWithItsLine) {
  const auto one = [](std::string_view text, const Settings& settings) {
    const auto errors = refusals(text, settings);
    return errors.empty() ? std::string() : errors.front();
  };
  EXPECT_EQ(one("{\"a\":1}", kArray).substr(0, 53), "users.json:1: it does not begin with an array of obje");
  EXPECT_EQ(one("[\n{\"a\":1},\n7]", kArray),
            "users.json:3: row 2: an element of the array is no object; write each row as {\"column\": value}");
  EXPECT_EQ(one("[{\"a\":1}\n{\"a\":2}]", kArray),
            "users.json:2: row 2: a comma is missing between two objects; write ,");
  EXPECT_EQ(one("[{\"a\":1}", kArray), "users.json:1: row 2: the array does not end; put ] behind the last object");
  EXPECT_EQ(one("[{\"a\":[1}", kArray),
            "users.json:1: row 1: an object does not end; close its strings, brackets and braces");
  EXPECT_EQ(one("[]", kArray), "users.json: it has no rows; write at least one");
  EXPECT_EQ(one("[{\"a\":1}] x", kArray),
            "users.json:1: row 2: text goes on behind the array; keep one array in a file");
  EXPECT_EQ(one("{\"a\":1}\n[1]\n", kLines),
            "users.jsonl:2: row 2: it is no object; write each row as {\"column\": value}");
  EXPECT_EQ(one("{\"a\":1} {\"a\":2}\n", kLines),
            "users.jsonl:1: row 1: text goes on behind the object; put one object on a line");
  for (const char* wrong : {"{\"a\":01}", "{\"a\":1.}", "{\"a\":tru}", "{\"a\":nul}", "{\"a\":1x}", "{\"a\":\"\\x\"}",
                            "{\"a\" 1}", "{\"a\":1,}", "{a:1}", "{\"a\":\"\xff\"}", "{", "}"})
    EXPECT_EQ(one(wrong, kLines).substr(0, 20), "users.jsonl:1: row 1") << wrong;
}

TEST(RowsTable, ComeAsTheyWereHandedIn) {
  const Settings settings{.name = "users",
                          .kind = Kind::rows,
                          .rows = {{"name", "age"}, {{"ann", "41"}, {"bob", ""}}},
                          .columns = {{.name = "age", .type = ColumnType::integer}}};
  EXPECT_THAT(rows_of(open(settings)), ElementsAre(Fields{"ann", "41"}, Fields{"bob", ""}));
}

TEST(RowsTable, RaggedRowsAreRefused) {
  auto table = open({.name = "users", .kind = Kind::rows, .rows = {{"name", "age"}, {{"ann"}}}});
  ASSERT_FALSE(table);
  EXPECT_EQ(table.error().summary().text(),
            "users: row 1, column age: 1 field where there are 2 columns; give one for each column");
}

TEST(RowsTable, MoreThanIsKeptInMemoryIsRefused) {
  Settings settings{.name = "users", .kind = Kind::rows, .rows = {{"a"}, {{"1"}, {"2"}, {"3"}}}};
  settings.limits.rows = 2;
  EXPECT_FALSE(open(settings));
  settings.limits = {.bytes = 2, .rows = 10};
  EXPECT_FALSE(open(settings));
  settings.limits.bytes = 3;
  EXPECT_TRUE(open(settings));
}

TEST(ColumnRules, AllErrorsComeWithLineRowAndColumn) {
  const std::string_view text =
      "name,age,plan\n\"ann\nof york\",41,gold\nbob,x,silver\ncy,17,goold\n,200,gold\n\"ann\nof york\",18,gold\n";
  EXPECT_THAT(
      refusals(text, with_rules({{.name = "name", .unique = true, .required = true},
                                 {.name = "age", .type = ColumnType::integer, .min = 18, .max = 99},
                                 {.name = "plan", .values = {"gold", "silver"}}})),
      ElementsAre("users.csv:4: row 2, column age: 'x' is no integer; write digits only, for example 42",
                  "users.csv:5: row 3, column age: '17' is below its min; write 18 or more",
                  "users.csv:5: row 3, column plan: 'goold' is none of its values; write gold",
                  "users.csv:6: row 4, column name: it is empty; give each row a value, or leave required out",
                  "users.csv:6: row 4, column age: '200' is above its max; write 99 or less",
                  "users.csv:7: row 5, column name: 'ann.of york' stands in row 1 already; give each row its own, "
                  "or leave unique out"));
}

TEST(ColumnRules, TypesTakeWhatTheySay) {
  const auto takes = [](ColumnType type, std::string_view field) {
    return refusals("a,b\n" + std::string(field) + ",1\n", with_rules({{.name = "a", .type = type}})).empty();
  };
  for (const char* good : {"0", "-1", "9223372036854775807", "-9223372036854775808", ""})
    EXPECT_TRUE(takes(ColumnType::integer, good)) << good;
  for (const char* bad : {"9223372036854775808", "1.0", "+1", " 1", "1 ", "1e3", "0x1"})
    EXPECT_FALSE(takes(ColumnType::integer, bad)) << bad;
  for (const char* good : {"0", "-1.5", ".5", "1e3", "1E-3"})
    EXPECT_TRUE(takes(ColumnType::number, good)) << good;
  for (const char* bad : {"nan", "inf", "1e999", "1,5 ", "1.5x", "-"})
    EXPECT_FALSE(takes(ColumnType::number, bad)) << bad;
  for (const char* good : {"true", "false", "1", "0"})
    EXPECT_TRUE(takes(ColumnType::boolean, good)) << good;
  for (const char* bad : {"yes", "TRUE", "2"})
    EXPECT_FALSE(takes(ColumnType::boolean, bad)) << bad;
}

TEST(ColumnRules, APatternHasToMatchTheWholeField) {
  const auto why = refusals("id\na1\nxa1\n", with_rules({{.name = "id", .pattern = "[a-z][0-9]"}}));
  EXPECT_THAT(
      why, ElementsAre("users.csv:3: row 2, column id: 'xa1' does not match [a-z][0-9]; the whole field has to match"));
}

TEST(ColumnRules, NoMoreThanTwentyErrorsAreTold) {
  std::string text = "a\n";
  for (int i = 0; i < 30; ++i)
    text += "x\n";
  auto table = open_text(text, with_rules({{.name = "a", .type = ColumnType::integer}}));
  ASSERT_FALSE(table);
  EXPECT_EQ(table.error().errors.size(), 20u);
  EXPECT_TRUE(table.error().more);
  EXPECT_EQ(table.error().summary().message,
            "users.csv:2: row 1, column a: 'x' is no integer (the first of at least 20 errors)");
}

TEST(ColumnRules, RulesThatMakeNoSenseAreRefused) {
  EXPECT_THAT(
      refusals("username,age\nann,1\n", with_rules({{.name = "usrename"},
                                                    {.name = "zip"},
                                                    {.name = "age", .min = 1},
                                                    {.name = "age", .type = ColumnType::number, .min = 2, .max = 1},
                                                    {.name = "age", .pattern = "("}})),
      ElementsAre("users.csv has no column 'usrename'; did you mean username",
                  "users.csv has no column 'zip'; it has username, age",
                  "column age: min and max are for numbers; write type: integer or type: number beside them",
                  "column age: no number lies between its min and its max; write the smaller one as min",
                  "column age: its pattern is none: missing ): (; write a regular expression, for example "
                  "[a-z]+[0-9]*"));
}

TEST(ColumnRules, UniqueTellsManyValuesApart) {
  std::string text = "id,name\n";
  for (int i = 0; i < 20'000; ++i)
    text += std::to_string(i) + ",x\n";
  const Settings settings = with_rules({{.name = "id", .unique = true}});
  EXPECT_THAT(refusals(text, settings), IsEmpty());
  EXPECT_THAT(
      refusals(text + "777,x\n", settings),
      ElementsAre("users.csv:20002: row 20001, column id: '777' stands in row 778 already; give each row its own, "
                  "or leave unique out"));
}

TEST(KindOfFile, IsToldByItsName) {
  EXPECT_EQ(*kind_of_file("a/users.csv"), Kind::csv);
  EXPECT_EQ(*kind_of_file("users.tsv"), Kind::csv);
  EXPECT_EQ(*kind_of_file("users.json"), Kind::json);
  EXPECT_EQ(*kind_of_file("users.ndjson"), Kind::json_lines);
  EXPECT_FALSE(kind_of_file("users"));
  EXPECT_EQ(*parse_kind("json-lines"), Kind::json_lines);
  EXPECT_EQ(parse_kind("cvs").error().text(), "'cvs' is no kind of table; write csv");
}

}  // namespace
}  // namespace vajrapulse::data
