#include "vajrapulse/data/data_source.hpp"

#include <gtest/gtest.h>

#include "rows_of_test.hpp"

namespace vajrapulse::data {
namespace {

struct User {
  std::string_view username;
  int age = 0;
  bool premium = false;
  double balance = 0;
  std::uint64_t id = 0;
};

const std::vector<Field<User>> kFields{{"username", &User::username},
                                       {"age", &User::age},
                                       {"premium", &User::premium},
                                       {"balance", &User::balance},
                                       {"id", &User::id}};

Expected<DataSource<User>> users_of(std::string_view text, const PickSettings& pick = {.mode = Pick::unique}) {
  const Folder folder;
  return DataSource<User>::open({.path = folder.write("users.csv", text)}, pick, kFields);
}

/// Without the folder, which is another in every run.
std::string why(std::string_view text) {
  auto users = users_of(text);
  if (users) return "";
  const std::string error = users.error().text();
  return error.substr(error.find("users.csv"));
}

TEST(DataSource, GivesStructures) {
  auto users = users_of(
      "id,username,age,premium,balance\n9223372036854775807,\"an\"\"n\",41,true,1.5\n0,bob,-2147483648,0,-1e3\n");
  ASSERT_TRUE(users) << users.error().text();
  auto reader = users->reader();
  DataSource<User>::Entry ann;
  DataSource<User>::Entry bob;
  ASSERT_EQ(reader.read(0, 0, ann), Given::row);
  ASSERT_EQ(reader.read(1, 0, bob), Given::row);
  EXPECT_EQ(ann->username, "an\"n");
  EXPECT_EQ(ann->age, 41);
  EXPECT_TRUE(ann->premium);
  EXPECT_EQ(ann->balance, 1.5);
  EXPECT_EQ(ann->id, 9223372036854775807u);
  EXPECT_EQ(bob->username, "bob");
  EXPECT_EQ(bob->age, -2147483648);
  EXPECT_FALSE(bob->premium);
  EXPECT_EQ(bob->balance, -1000);
  EXPECT_EQ(reader.read(2, 0, bob), Given::stop_scenario);
}

TEST(DataSource, WhatAMemberCannotHoldIsRefusedWhenItIsOpened) {
  const std::string header = "username,age,premium,balance,id\n";
  EXPECT_EQ(why(header + "ann,2147483648,true,1,1\n"),
            "users.csv:2: row 1, column age: '2147483648' is above its max; write 2147483647 or less");
  EXPECT_EQ(why(header + "ann,41,true,1,-1\n"),
            "users.csv:2: row 1, column id: '-1' is below its min; write 0 or more");
  EXPECT_EQ(why(header + "ann,,true,1,1\n"),
            "users.csv:2: row 1, column age: it is empty; give each row a value, or leave required out");
  EXPECT_EQ(why("username,ages,premium,balance,id\nann,1,1,1,1\n"), "users.csv has no column 'age'; did you mean ages");
}

TEST(DataSource, CopiesShareTheTable) {
  auto users = users_of("username,age,premium,balance,id\nann,1,1,1,1\n");
  ASSERT_TRUE(users);
  const DataSource<User> copy = *users;
  EXPECT_EQ(&copy.table(), &users->table());
}

}  // namespace
}  // namespace vajrapulse::data
