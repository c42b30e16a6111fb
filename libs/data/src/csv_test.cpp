#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "csv_rows.hpp"
#include "rows_of_test.hpp"

namespace vajrapulse::data {
namespace {

using testing::ElementsAre;

const Settings kCsv{.kind = Kind::csv, .path = "users.csv"};

std::vector<Fields> read(std::string_view text, const Settings& settings = kCsv) {
  return rows_of(open_text(text, settings));
}

Fields columns_of(std::string_view text) {
  auto table = open_text(text, kCsv);
  if (!table) return {table.error().summary().text()};
  return {(*table)->columns().begin(), (*table)->columns().end()};
}

TEST(Csv, ReadsWhatPythonReads) {
  for (const CsvCase& one : kCsvCases) {
    Settings settings = kCsv;
    settings.separator = one.separator;
    std::vector<Fields> expected;
    for (const auto& row : one.rows)
      expected.emplace_back(row.begin(), row.end());
    EXPECT_EQ(read(one.text, settings), expected) << one.text;
  }
}

// RFC 4180, section 2: rules 2 (the last record need not end), 5, 6 and 7.
TEST(Csv, TheExamplesOfTheStandard) {
  const std::vector<Fields> two{{"aaa", "bbb", "ccc"}, {"zzz", "yyy", "xxx"}};
  EXPECT_EQ(read("a,b,c\r\naaa,bbb,ccc\r\nzzz,yyy,xxx\r\n"), two);
  EXPECT_EQ(read("a,b,c\r\naaa,bbb,ccc\r\nzzz,yyy,xxx"), two);
  EXPECT_EQ(read("a,b,c\r\n\"aaa\",\"bbb\",\"ccc\"\r\nzzz,yyy,xxx"), two);
  EXPECT_EQ(read("a,b,c\r\n\"aaa\",\"b\r\nbb\",\"ccc\"\r\n"), (std::vector<Fields>{{"aaa", "b\r\nbb", "ccc"}}));
  EXPECT_EQ(read("a,b,c\r\n\"aaa\",\"b\"\"bb\",\"ccc\"\r\n"), (std::vector<Fields>{{"aaa", "b\"bb", "ccc"}}));
}

TEST(Csv, AByteOrderMarkIsNoPartOfAName) {
  EXPECT_THAT(columns_of("\xef\xbb\xbfname,age\nann,41\n"), ElementsAre("name", "age"));
}

TEST(Csv, TheSeparatorIsFoundInTheHeader) {
  for (const char separator : {',', ';', '\t', '|'}) {
    std::string text = "name?age?\"a,b;c|d\"\nann?41?x\n";
    std::ranges::replace(text, '?', separator);
    EXPECT_THAT(columns_of(text), ElementsAre("name", "age", "a,b;c|d"));
    EXPECT_THAT(read(text), ElementsAre(Fields{"ann", "41", "x"}));
  }
  EXPECT_THAT(columns_of("name\nann\n"), ElementsAre("name"));
}

TEST(Csv, BlankLinesAreNoRowsAndNamesLoseBlanks) {
  EXPECT_THAT(columns_of("\n\r\n name , age\t\nann,41\n"), ElementsAre("name", "age"));
  EXPECT_THAT(read("name,age\n\nann,41\r\n\r\n\nbob,42\n\n"), ElementsAre(Fields{"ann", "41"}, Fields{"bob", "42"}));
}

TEST(Csv, FieldsOfEveryLengthAroundABlock) {
  for (std::size_t length = 50; length < 200; ++length) {
    const std::string plain(length, 'x');
    std::string quoted = plain;
    quoted[length / 2] = '"';
    std::string doubled = quoted;
    doubled.insert(length / 2, 1, '"');
    const std::string text = "a,b,c\n" + plain + ",\"" + doubled + "\"," + plain + "\nu,v,w";
    EXPECT_THAT(read(text), ElementsAre(Fields{plain, quoted, plain}, Fields{"u", "v", "w"})) << length;
  }
}

TEST(Csv, FieldsComeInTheOrderInWhichTheyAreAskedFor) {
  auto table = open_text("a,b,c\n1,\"2\"\"\",3\n", kCsv);
  ASSERT_TRUE(table);
  auto feed = Feed::make(*table, {}, {"c", "b", "c", "b"});
  ASSERT_TRUE(feed);
  Row row;
  ASSERT_EQ((*feed)->cursor()->row(0, 0, row), Given::row);
  EXPECT_EQ(row.size(), 4u);
  for (std::size_t i = 0; i < 4; ++i)
    EXPECT_EQ(row.field(i), i % 2 == 0 ? "3" : "2\"");
}

TEST(Csv, ARowOfAnotherLengthIsRefusedWithRowAndColumn) {
  EXPECT_THAT(
      refusals("name,age,city\nann,41\n\nbob,42,Rome,x\n", kCsv),
      ElementsAre(
          "users.csv:2: row 1, column city: 2 fields where the header has 3; give one for each column",
          "users.csv:4: row 2, column 4: 4 fields where the header has 3; give one for each column; a field that "
          "holds the separator goes in quotes"));
}

TEST(Csv, QuotesThatStandWhereTheyMayNotAreRefused) {
  const auto one = [](std::string_view text) {
    const auto errors = refusals("name,size\n\"a\nb\",1\n" + std::string(text), kCsv);
    return errors.empty() ? "" : errors.front();
  };
  const std::string stray =
      "a quote stands inside a field without quotes; put the field in quotes and double the one inside";
  EXPECT_EQ(one("ann,5\" pipe\n"), "users.csv:4: row 2: " + stray);
  EXPECT_EQ(one("ann,5\" pipe\nbob,6\" pipe\n"), "users.csv:4: row 2, column size: " + stray);
  EXPECT_EQ(
      one("ann,\"5\n"),
      "users.csv:4: row 2: a quote is opened that does not end; close it, or double it if it belongs to the text");
  EXPECT_EQ(one("\"ann\" x,5\n"),
            "users.csv:4: row 2, column name: text goes on behind the closing quote; double a quote "
            "that belongs to the text");
}

TEST(Csv, WhatIsNoTableIsRefusedByASentence) {
  const auto one = [](std::string_view text) {
    const auto errors = refusals(text, kCsv);
    return errors.empty() ? "" : errors.front();
  };
  EXPECT_EQ(one("\n\n"), "users.csv: it has no header; name its columns in the first line");
  EXPECT_EQ(one("name,age\n"), "users.csv: it has no rows; write at least one");
  EXPECT_EQ(one("name,age,name\na,b,c\n"),
            "users.csv:1: column name: the header names it twice; name each column once");
  EXPECT_EQ(one("name\rann\r"), "users.csv:1: lines end with a carriage return alone; save the file with LF or CRLF");
  EXPECT_EQ(one(std::string_view("\xff\xfen\0a\0", 6)), "users.csv is written in UTF-16; save it as UTF-8");
  EXPECT_EQ(one("name,\"age\nann,41\n"),
            "users.csv:1: a quote is opened that does not end; close it, or double it if it belongs to the text");
  EXPECT_EQ(one("name\n" + std::string(kLongestRecord + 100, 'x')),
            "users.csv:2: row 1: the record is longer than 1 MiB; split it into lines");
}

TEST(Csv, AFileThatCannotBeReadIsRefused) {
  const Folder folder;
  const auto why = [](const std::string& path) {
    auto table = open({.kind = Kind::csv, .path = path});
    return table ? "" : table.error().summary().text();
  };
  EXPECT_EQ(why("/no/such.csv"), "cannot read /no/such.csv: No such file or directory; check the path");
  EXPECT_EQ(why(folder.path(".")), folder.path(".") + " is no file; name a file of rows");
  EXPECT_EQ(why(folder.write("empty.csv", "")), folder.path("empty.csv") + " is empty; write rows to it");
  EXPECT_EQ(rows_of(open({.kind = Kind::csv, .path = folder.write("a.csv", "a\n1\n")})).size(), 1u);
}

}  // namespace
}  // namespace vajrapulse::data
