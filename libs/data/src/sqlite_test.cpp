#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include "rows_of_test.hpp"

namespace vajrapulse::data {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// shop.db with a table of three users.
class SqliteTest : public testing::Test {
 protected:
  void SetUp() override {
    sqlite3* database = nullptr;
    ASSERT_EQ(sqlite3_open(path_.c_str(), &database), SQLITE_OK);
    ASSERT_EQ(sqlite3_exec(database,
                           "CREATE TABLE users (id INTEGER, name TEXT, balance REAL);"
                           "INSERT INTO users VALUES (1, 'ann', 1.5), (2, 'b''ob', NULL), (3, '名', -2);",
                           nullptr, nullptr, nullptr),
              SQLITE_OK);
    sqlite3_close(database);
  }

  std::expected<std::shared_ptr<const Table>, Refusal> ask(const std::string& sql, Limits limits = {}) {
    return open({.kind = Kind::query, .source = sqlite_source(path_), .sql = sql, .limits = limits});
  }
  std::string why(const std::string& sql, Limits limits = {}) {
    auto table = ask(sql, limits);
    if (table) return "";
    const std::string error = table.error().summary().text();
    return error.substr(error.find("shop.db"));
  }

  Folder folder_;
  std::string path_ = folder_.path("shop.db");
};

TEST_F(SqliteTest, AQueryGivesRows) {
  auto table = ask("SELECT id, name, balance FROM users ORDER BY id;");
  EXPECT_THAT(rows_of(table),
              ElementsAre(Fields{"1", "ann", "1.5"}, Fields{"2", "b'ob", ""}, Fields{"3", "名", "-2.0"}));
  EXPECT_THAT((*table)->columns(), ElementsAre("id", "name", "balance"));
}

TEST_F(SqliteTest, ByAddress) {
  auto source = query_source("sqlite:" + path_);
  ASSERT_TRUE(source);
  EXPECT_EQ(rows_of(open({.kind = Kind::query, .source = *source, .sql = "SELECT 1 AS one"})).size(), 1u);
  EXPECT_EQ(query_source("oracle:u:secret@x").error().text(),
            "the database's address begins with no kind of database that is known; write sqlite:FILE or "
            "postgresql://USER@HOST:PORT/DATABASE");
}

TEST_F(SqliteTest, AStatementThatDoesMoreThanReadIsRefused) {
  for (const char* sql : {"DELETE FROM users", "ATTACH '/etc/passwd' AS x", "PRAGMA journal_mode = WAL",
                          "SELECT load_extension('x')", "CREATE TABLE t (a)", "BEGIN"})
    EXPECT_EQ(why(sql), "shop.db: the query does more than read tables of this file; write one SELECT") << sql;
  EXPECT_EQ(why("SELECT 1; DELETE FROM users"), "shop.db: the query is more than one statement; write one SELECT");
  EXPECT_EQ(why(" -- nothing"), "shop.db: the query is empty; write one SELECT");
  EXPECT_EQ(rows_of(ask("SELECT id FROM users")).size(), 3u);
}

TEST_F(SqliteTest, WhatGoesWrongIsToldByASentence) {
  EXPECT_EQ(why("SELECT nme FROM users"), "shop.db: no such column: nme; try the query in the sqlite3 shell");
  EXPECT_EQ(why("SELECT id FROM users WHERE id > 9"), "shop.db: it has no rows; write at least one");
  EXPECT_THAT(why("SELECT id FROM users", {.rows = 2}),
              HasSubstr("row 3: there are more rows than are kept in memory"));
  EXPECT_THAT(why("SELECT id, id FROM users"), HasSubstr("column id: it is named twice"));
  auto missing = open({.kind = Kind::query, .source = sqlite_source("/no/shop.db"), .sql = "SELECT 1"});
  EXPECT_EQ(missing.error().summary().text(), "/no/shop.db is not there; check the path");
  const std::string text = folder_.write("text.db", std::string(2000, 'x'));
  auto no_database = open({.kind = Kind::query, .source = sqlite_source(text), .sql = "SELECT 1 FROM users"});
  EXPECT_THAT(no_database.error().summary().text(), HasSubstr("file is not a database"));
}

TEST_F(SqliteTest, RulesHoldForAnswersToo) {
  auto table = open({.kind = Kind::query,
                     .source = sqlite_source(path_),
                     .sql = "SELECT name, balance FROM users ORDER BY id",
                     .columns = {{.name = "balance", .type = ColumnType::number, .required = true}}});
  ASSERT_FALSE(table);
  EXPECT_THAT(table.error().summary().message, HasSubstr("shop.db: row 2, column balance: it is empty"));
}

}  // namespace
}  // namespace vajrapulse::data
