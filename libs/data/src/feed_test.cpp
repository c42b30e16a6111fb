#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "rows_of_test.hpp"
#include "vajrapulse/data/cursor.hpp"

namespace vajrapulse::data {
namespace {

using testing::ElementsAre;

enum class Keeping : std::uint8_t { memory, stream };

Settings settings_of(Kind kind, Keeping keeping) {
  Settings settings{.kind = kind, .path = kind == Kind::csv ? "users.csv" : "users.json"};
  if (keeping == Keeping::stream) settings.limits.bytes = 1;
  return settings;
}

/// Rows 0, 1, … of two columns, in each of the ways to write them down; one of the fields needs unescaping.
std::string table_of(Kind kind, int rows) {
  std::string text = kind == Kind::csv ? "id,name\n" : kind == Kind::json ? "[\n" : "";
  for (int i = 0; i < rows; ++i) {
    const std::string id = std::to_string(i);
    if (kind == Kind::csv) {
      text += id + ",\"n\"\"" + id + (i % 3 == 0 ? "\n" : "") + "\"\n";
    } else {
      text += "{\"id\":" + id + ",\"name\":\"n\\\"" + id + (i % 3 == 0 ? "\\n" : "") + "\"}";
      text += kind == Kind::json && i + 1 < rows ? ",\n" : "\n";
    }
  }
  return text + (kind == Kind::json ? "]" : "");
}

std::shared_ptr<const Feed> feed_of(std::string_view text, const Settings& settings, const PickSettings& pick) {
  auto table = open_text(text, settings);
  if (!table) throw std::runtime_error(table.error().summary().text());
  auto feed = Feed::make(*table, pick, {"name", "id"});
  if (!feed) throw std::runtime_error(feed.error().text());
  return *feed;
}

/// What `shards` shards are given for k = 0, 1, …, each asking for its own share.
std::vector<std::string> given(const Feed& feed, std::uint64_t count, std::uint64_t shards) {
  std::vector<std::unique_ptr<Cursor>> cursors;
  for (std::uint64_t i = 0; i < shards; ++i)
    cursors.push_back(feed.cursor());
  std::vector<std::string> rows;
  Row row;
  for (std::uint64_t k = 0; k < count; ++k) {
    auto got = cursors[k % shards]->row(k, 0, row);
    if (!got) {
      rows.push_back(got.error().message);
    } else if (*got != Given::row) {
      rows.emplace_back("end");
    } else {
      rows.push_back(std::string(row.field(1)) + "=" + std::string(row.field(0)));
    }
  }
  return rows;
}

TEST(Feed, ShardsTogetherGiveTheSameRowsAsOne) {
  const std::string text = table_of(Kind::csv, 20);
  for (const Pick mode : {Pick::round_robin, Pick::random, Pick::unique, Pick::shuffle, Pick::shuffle_in_windows}) {
    const auto feed = feed_of(text, settings_of(Kind::csv, Keeping::memory), {.mode = mode, .seed = 4, .window = 6});
    const auto one = given(*feed, 50, 1);
    EXPECT_EQ(given(*feed, 50, 3), one);
    EXPECT_EQ(given(*feed, 50, 7), one);
  }
}

TEST(Feed, AStreamGivesWhatATableInMemoryGives) {
  for (const Kind kind : {Kind::csv, Kind::json, Kind::json_lines}) {
    const std::string text = table_of(kind, 23);
    for (const Pick mode : {Pick::round_robin, Pick::unique, Pick::shuffle_in_windows}) {
      for (const std::uint64_t offset : {0u, 5u, 100u}) {
        const PickSettings pick{.mode = mode, .seed = 9, .offset = offset, .window = 5};
        const auto memory = feed_of(text, settings_of(kind, Keeping::memory), pick);
        const auto stream = feed_of(text, settings_of(kind, Keeping::stream), pick);
        ASSERT_FALSE(memory->table().streamed());
        ASSERT_TRUE(stream->table().streamed());
        const auto expected = given(*memory, 100, 1);
        EXPECT_EQ(given(*stream, 100, 1), expected) << word_of(mode);
        EXPECT_EQ(given(*stream, 100, 4), expected) << word_of(mode);
      }
    }
  }
}

TEST(Feed, WindowsThatFillTheTableExactlyWrapWell) {
  const std::string text = table_of(Kind::csv, 20);
  const PickSettings pick{.mode = Pick::shuffle_in_windows, .window = 5};
  EXPECT_EQ(given(*feed_of(text, settings_of(Kind::csv, Keeping::stream), pick), 90, 3),
            given(*feed_of(text, settings_of(Kind::csv, Keeping::memory), pick), 90, 1));
}

TEST(Feed, AStreamGoesBackWhenItIsAsked) {
  const std::string text = table_of(Kind::csv, 10'000);
  const auto feed = feed_of(text, settings_of(Kind::csv, Keeping::stream), {});
  const auto cursor = feed->cursor();
  Row row;
  for (const std::uint64_t k : {9'999u, 0u, 5'000u, 4'999u, 4'096u, 4'095u, 9'000u, 19'999u}) {
    ASSERT_EQ(cursor->row(k, 0, row), Given::row);
    EXPECT_EQ(row.field(1), std::to_string(k % 10'000));
    EXPECT_EQ(row.number(), k % 10'000);
  }
}

TEST(Feed, ManyRowsStreamEvenInASmallFile) {
  Settings settings = settings_of(Kind::csv, Keeping::memory);
  settings.limits.rows = 10;
  EXPECT_FALSE((*open_text(table_of(Kind::csv, 10), settings))->streamed());
  EXPECT_TRUE((*open_text(table_of(Kind::csv, 11), settings))->streamed());
  settings.kind = Kind::json;
  EXPECT_FALSE((*open_text(table_of(Kind::json, 10), settings))->streamed());
  EXPECT_TRUE((*open_text(table_of(Kind::json, 11), settings))->streamed());
}

TEST(Feed, AtTheEndComesWhatWasAskedFor) {
  for (const Keeping keeping : {Keeping::memory, Keeping::stream}) {
    const auto last = [&](OnEnd on_end) {
      const auto feed = feed_of("id,name\n1,a\n2,b\n", settings_of(Kind::csv, keeping), {.on_end = on_end});
      Row row;
      return *feed->cursor()->row(2, 0, row);
    };
    EXPECT_EQ(last(OnEnd::stop_scenario), Given::stop_scenario);
    EXPECT_EQ(last(OnEnd::stop_run), Given::stop_run);
    EXPECT_EQ(last(OnEnd::fail), Given::fail);
    EXPECT_EQ(last(OnEnd::wrap), Given::row);
  }
}

/// A thousand good rows, then `row` and one more good one.
std::string with_row_1001(std::string_view row) {
  std::string text = "id,name\n";
  for (int i = 0; i < 1000; ++i)
    text += std::to_string(i) + ",x\n";
  return text + std::string(row) + "\n7,y\n";
}

TEST(Feed, AStreamHoldsItsRulesAgainstTheRowsItGives) {
  Settings settings = settings_of(Kind::csv, Keeping::stream);
  settings.columns = {{.name = "id", .type = ColumnType::integer}};
  for (const PickSettings& pick : {PickSettings{}, {.mode = Pick::shuffle_in_windows, .window = 2}}) {
    const auto why = [&](std::string_view row) {
      const auto rows = given(*feed_of(with_row_1001(row), settings, pick), 1002, 1);
      return rows[1000] == "7=y" ? rows[1001] : rows[1000];
    };
    EXPECT_EQ(why("z,x"), "users.csv:1002: row 1001, column id: 'z' is no integer");
    EXPECT_EQ(why("\n1"), "users.csv:1003: row 1001, column name: 1 field where the header has 2");
    EXPECT_EQ(why("1,a\"b\"c"), "users.csv:1002: row 1001, column name: a quote stands inside a field without quotes");
    EXPECT_EQ(why("1,\"ab"), "users.csv:1002: row 1001: a quote is opened that does not end");
  }
}

TEST(Feed, AStreamTellsAtOnceWhatIsWrongWithItsFirstRows) {
  Settings settings = settings_of(Kind::csv, Keeping::stream);
  settings.columns = {{.name = "id", .type = ColumnType::integer}};
  EXPECT_THAT(refusals("id,name\n1,a\nx,b\n3\n", settings),
              ElementsAre("users.csv:3: row 2, column id: 'x' is no integer; write digits only, for example 42",
                          "users.csv:4: row 3, column name: 1 field where the header has 2; give one for each column"));
}

TEST(Feed, WhatNeedsAllRowsAtOnceIsRefusedOfAStream) {
  const Settings settings = settings_of(Kind::csv, Keeping::stream);
  auto table = open_text("id,name\n1,a\n", settings);
  ASSERT_TRUE(table);
  for (const PickSettings& pick : {PickSettings{.mode = Pick::random},
                                   {.mode = Pick::weighted, .weights = "id"},
                                   {.mode = Pick::per_user},
                                   {.mode = Pick::shuffle}}) {
    auto feed = Feed::make(*table, pick, {"id"});
    ASSERT_FALSE(feed);
    EXPECT_EQ(feed.error().text(),
              "users.csv: pick: " + std::string(word_of(pick.mode)) +
                  " needs all rows at once, and a file of 12 B is streamed; write round-robin, unique or "
                  "shuffle-in-windows, or raise the size above which files are streamed");
  }
  Settings unique = settings;
  unique.columns = {{.name = "id", .unique = true}};
  EXPECT_THAT(
      refusals("id,name\n1,a\n", unique),
      ElementsAre("users.csv: column id: unique needs all rows at once, and a file of 12 B is streamed; leave unique "
                  "out, or raise the size above which files are streamed"));
}

TEST(Feed, AColumnThatIsNotThereIsRefusedWithTheNearest) {
  auto table = open_text("username,age\nann,1\n", settings_of(Kind::csv, Keeping::memory));
  auto feed = Feed::make(*table, {}, {"usernam"});
  ASSERT_FALSE(feed);
  EXPECT_EQ(feed.error().text(), "users.csv has no column 'usernam'; did you mean username");
}

TEST(Feed, WeightsComeFromAColumn) {
  auto table = open_text("name,share\na,\nb,2.5\nc,0\n", settings_of(Kind::csv, Keeping::memory));
  auto feed = Feed::make(*table, {.mode = Pick::weighted, .weights = "share"}, {"name"});
  ASSERT_TRUE(feed);
  const auto cursor = (*feed)->cursor();
  Row row;
  for (std::uint64_t k = 0; k < 100; ++k) {
    ASSERT_EQ(cursor->row(k, 0, row), Given::row);
    ASSERT_EQ(row.field(0), "b");
  }
}

TEST(Feed, WeightsThatAreNoneAreRefused) {
  const auto why = [](std::string_view text) {
    auto table = open_text(text, settings_of(Kind::csv, Keeping::memory));
    auto feed = Feed::make(*table, {.mode = Pick::weighted, .weights = "share"}, {"name"});
    return feed ? "" : feed.error().text();
  };
  EXPECT_EQ(why("name,share\na,1\nb,-2\n"),
            "users.csv:3: row 2, column share: '-2' is no weight; write a number of 0 or more");
  EXPECT_EQ(why("name,share\na,0\n"),
            "users.csv: all weights are 0; give at least one row a weight above 0, for example 1");
}

TEST(Feed, FieldsOfManyIterationsLiveAtTheSameTime) {
  const auto feed = feed_of(table_of(Kind::csv, 100), settings_of(Kind::csv, Keeping::memory), {.mode = Pick::shuffle});
  const auto cursor = feed->cursor();
  std::vector<Row> rows(100);
  for (std::uint64_t k = 0; k < rows.size(); ++k)
    ASSERT_EQ(cursor->row(k, 0, rows[k]), Given::row);
  for (const Row& row : rows)
    EXPECT_EQ(row.field(0), "n\"" + std::string(row.field(1)) + (row.number() % 3 == 0 ? "\n" : ""));
}

TEST(Row, KeepsWhatItUnescapedWhenItGrows) {
  Row row;
  row.start(0, 100);
  for (std::size_t i = 0; i < 100; ++i) {
    std::ranges::fill_n(row.room(i), std::ptrdiff_t(i), char('a' + i % 26));
    row.set(i, {row.room(i), i});
    row.used(i);
  }
  for (std::size_t i = 0; i < 100; ++i)
    EXPECT_EQ(row.field(i), std::string(i, char('a' + i % 26)));
}

}  // namespace
}  // namespace vajrapulse::data
