#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>
#include <string>
#include <variant>

#include "vajrapulse/app/run_options.hpp"

namespace vajrapulse::app {
namespace {

using namespace std::chrono_literals;

class ReplayOfAFile : public testing::Test {
 protected:
  void TearDown() override { std::remove(path_.c_str()); }
  ReplayOptions holding(const std::string& content) {
    std::ofstream(path_) << content;
    return {.file = path_};
  }
  std::string path_ = testing::TempDir() + "replay_" + testing::UnitTest::GetInstance()->current_test_info()->name();
};

TEST_F(ReplayOfAFile, TheRecordingIsTheLoad) {
  auto replay = holding("time,method,path\n1.0,GET,/a\n1.5,PUT,/b\n3.0,GET,/a\n");
  replay.time_scale = "2";
  const auto load = make_load({.replay = replay});
  ASSERT_TRUE(load) << load.error().text();
  const auto& pattern = *std::get<engine::OpenModel>(load->model).pattern;
  EXPECT_EQ(pattern.start_of(2), Duration(1s));
  EXPECT_EQ(load->duration, Duration(1500ms)) << "of the recording 3 s: a mean gap of 1 s behind the last arrival";
  EXPECT_EQ(*load->recorded.turns, (std::vector<std::uint32_t>{0, 1, 0}));
  EXPECT_EQ(load->recorded.requests[1], (recording::Request{"PUT", "/b"}));
  EXPECT_TRUE(load->notes.empty());
}

TEST_F(ReplayOfAFile, ALoopLastsAsLongAsItIsTold) {
  auto replay = holding("time\n1.0\n1.5\n");
  replay.loop = true;
  const auto load = make_load({.replay = replay, .duration = "10s"});
  ASSERT_TRUE(load) << load.error().text();
  EXPECT_EQ(load->duration, Duration(10s));
  EXPECT_EQ(std::get<engine::OpenModel>(load->model).pattern->arrivals_before(10s), 20u) << "two a second";
}

TEST_F(ReplayOfAFile, FewerArrivalsThanIterationsAreSaid) {
  const auto load = make_load({.replay = holding("time\n1.0\n1.5\n"), .iterations = 5});
  ASSERT_TRUE(load) << load.error().text();
  ASSERT_EQ(load->notes.size(), 1u);
  EXPECT_NE(load->notes[0].find("holds 2 arrivals"), std::string::npos);
}

TEST_F(ReplayOfAFile, BadLinesAreRefusedUnlessTheyMayBeSkipped) {
  auto replay = holding("time\n1.0\nnow\n1.5\n");
  const auto refused = make_load({.replay = replay});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message, path_ + ":3:1: 'now' is no time (1 line of 3 is bad)");
  replay.skip_bad_lines = true;
  const auto load = make_load({.replay = replay});
  ASSERT_TRUE(load) << load.error().text();
  ASSERT_EQ(load->notes.size(), 1u);
  EXPECT_EQ(load->notes[0], "1 line of 3 was skipped: " + path_ + ":3:1: 'now' is no time");
}

}  // namespace
}  // namespace vajrapulse::app
