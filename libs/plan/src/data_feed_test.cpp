#include "vajrapulse/plan/data_feed.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "test_plan.hpp"
#include "vajrapulse/data/table.hpp"

namespace vajrapulse::plan {
namespace {

using criteria::Type;

/// A plan whose `users` have these rows, one iteration with this index.
std::string run(std::uint64_t index, const data::PickSettings& pick, Flow* stopped = nullptr) {
  data::Settings settings;
  settings.name = "users";
  settings.kind = data::Kind::rows;
  settings.rows = {.columns = {"name", "age", "id"}, .rows = {{"ann", "30", "007"}, {"bob", "", "8"}}};
  const auto table = data::open(settings);
  const auto feed = data::Feed::make(*table, pick, {"name", "age", "id"});
  test::Play play("main: [ { note: '{{users.name}} {{users.id}}' }, { if: users.age >= 30, then: { note: grown } } ]",
                  1, index);
  std::vector<TableFeed::Column> columns;
  for (const auto& [column, type] : {std::pair("name", Type::text), {"age", Type::number}, {"id", Type::number}})
    columns.push_back({play.vocabulary.field("users", column, type), type});
  Program program = play.compile();
  program.feeds.push_back(
      std::make_unique<TableFeed>("users", *feed, std::move(columns), play.compiler->local("data.users")));
  play.task = std::make_unique<PlanTask>(std::move(program));
  const std::string out = play.run();
  if (stopped) *stopped = play.stopped;
  return out;
}

TEST(TableFeed, GivesAnIterationItsRow) {
  EXPECT_EQ(run(0, {}), "ann 007, grown");
  EXPECT_EQ(run(1, {}), "bob 8");
  EXPECT_EQ(run(2, {}), "ann 007, grown");
}

TEST(TableFeed, SaysWhatHappensWhenNoRowIsLeft) {
  Flow stopped = Flow::next;
  EXPECT_EQ(run(2, {.mode = data::Pick::unique}, &stopped), "[no-data: the rows are used up]");
  EXPECT_EQ(stopped, Flow::stop_scenario);
  EXPECT_EQ(run(2, {.mode = data::Pick::unique, .on_end = data::OnEnd::stop_run}, &stopped),
            "[no-data: the rows are used up]");
  EXPECT_EQ(stopped, Flow::stop_run);
  EXPECT_EQ(run(2, {.mode = data::Pick::unique, .on_end = data::OnEnd::fail}, &stopped),
            "[no-data: 'users' has no row left]");
  EXPECT_EQ(stopped, Flow::next);
}

}  // namespace
}  // namespace vajrapulse::plan
