// Plans that are good, between them with every key a plan may have; tools/schema_check.py holds the schema against
// the same files.
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <filesystem>

#include "reading.hpp"

namespace vajrapulse::plans {
namespace {

std::vector<std::string> all_good() {
  std::vector<std::string> paths;
  for (const char* folder : {VP_PLANS_FOLDER "/good", VP_EXAMPLES_FOLDER})
    for (const std::string& name : plans_in(folder))
      paths.push_back(std::string(folder) + "/" + name);
  return paths;
}

class Good : public testing::TestWithParam<std::string> {};

TEST_P(Good, IsAccepted) {
  const std::filesystem::path plan = GetParam();
  const document::Diagnostics found = validated(plan.parent_path(), plan.filename());
  EXPECT_TRUE(found.all().empty()) << found.written(document::Format::text);
}

INSTANTIATE_TEST_SUITE_P(Plans, Good, testing::ValuesIn(all_good()), [](const auto& plan) {
  const std::filesystem::path path(plan.param);
  std::string name = path.parent_path().filename().string() + "_" + path.stem().string();
  std::ranges::replace_if(name, [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
  return name;
});

}  // namespace
}  // namespace vajrapulse::plans
