#include "vajrapulse/base/text.hpp"

#include <gtest/gtest.h>

namespace vajrapulse {
namespace {

TEST(Text, EditDistanceOfKnownPairs) {
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);
  EXPECT_EQ(edit_distance("", "abc"), 3U);
  EXPECT_EQ(edit_distance("same", "same"), 0U);
  EXPECT_EQ(edit_distance("tsp", "tps"), 1U);  // neighbours swapped
}

TEST(Text, NearestForgivesSlipsOnly) {
  const std::vector<std::string> flags = {"--tps", "--users", "--duration", "--timeout"};
  EXPECT_EQ(nearest("--tsp", flags), "--tps");
  EXPECT_EQ(nearest("--durations", flags), "--duration");
  EXPECT_EQ(nearest("--time-out", flags), "--timeout");
  EXPECT_EQ(nearest("--frobnicate", flags), std::nullopt);
  EXPECT_EQ(nearest("x", {}), std::nullopt);
}

}  // namespace
}  // namespace vajrapulse
