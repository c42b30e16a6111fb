// Plans with mistakes, written as a newcomer makes them, and what is said of each: file, line and column, the line with
// a caret, what is wrong and what would be right.
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <filesystem>

#include "golden_file.hpp"
#include "reading.hpp"

namespace vajrapulse::plans {
namespace {

constexpr const char* kFolder = VP_PLANS_FOLDER "/mistakes";

class Mistakes : public testing::TestWithParam<std::string> {};

TEST_P(Mistakes, AreSaidAtTheirPlaceWithTheirCure) {
  const document::Diagnostics found = validated(kFolder, GetParam());
  golden::expect_golden(std::filesystem::path(GetParam()).stem().string() + ".txt",
                        found.written(document::Format::text));
  EXPECT_FALSE(found.ok());
  for (const document::Diagnostic& each : found.all()) {
    EXPECT_FALSE(each.cure.empty()) << each.message;
    EXPECT_NE(each.message.back(), '.') << each.message;
    EXPECT_EQ(each.message.find(VP_PLANS_FOLDER), std::string::npos) << "files are called as the plan calls them";
  }
}

INSTANTIATE_TEST_SUITE_P(Plans, Mistakes, testing::ValuesIn(plans_in(kFolder)), [](const auto& plan) {
  std::string name = std::filesystem::path(plan.param).stem();
  std::ranges::replace_if(name, [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
  return name;
});

TEST(Mistakes, AreMoreThanSixty) { EXPECT_GT(plans_in(kFolder).size(), 60U); }

TEST(Mistakes, OfOnePlanComeInTheFormProgramsRead) {
  const document::Diagnostics found = validated(kFolder, "004-duration-without-unit.yml");
  EXPECT_NE(found.written(document::Format::json).find("\"line\""), std::string::npos);
  EXPECT_EQ(found.written(document::Format::github).rfind("::error file=004-duration-without-unit.yml,line=6", 0), 0U)
      << found.written(document::Format::github);
}

}  // namespace
}  // namespace vajrapulse::plans
