#include "vajrapulse/report/result_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace vajrapulse::report {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

/// A folder of its own, gone afterwards.
class ResultFile : public testing::Test {
 protected:
  ResultFile() {
    std::string pattern = (fs::temp_directory_path() / "vajrapulse-result-XXXXXX").string();
    folder = mkdtemp(pattern.data());
  }
  ~ResultFile() override { fs::remove_all(folder); }

  [[nodiscard]] std::string path(const std::string& name) const { return (folder / name).string(); }
  [[nodiscard]] std::size_t files() const {
    return std::size_t(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
  }
  static std::string content_of(const std::string& path) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
  }

  fs::path folder;
  engine::RunSummary summary{.run = {.id = "an id", .name = "a name"}};
};

TEST_F(ResultFile, IsWrittenWholeAndAlone) {
  ASSERT_TRUE(check_writable(path("r.json")));
  EXPECT_EQ(files(), 0U);  // asking leaves nothing behind
  ASSERT_TRUE(write_result(summary, path("r.json")));
  EXPECT_EQ(content_of(path("r.json")), to_json(summary));
  EXPECT_EQ(files(), 1U);
}

TEST_F(ResultFile, ReplacesAnOlderOneOnlyWhenWritten) {
  std::ofstream(path("r.json")) << "older";
  ASSERT_TRUE(check_writable(path("r.json")));
  EXPECT_EQ(content_of(path("r.json")), "older");
  ASSERT_TRUE(write_result(summary, path("r.json")));
  EXPECT_THAT(content_of(path("r.json")), HasSubstr("vajrapulse.result/1"));
}

TEST_F(ResultFile, AMissingFolderIsSaidBeforeTheRun) {
  const Status status = check_writable(path("nowhere/r.json"));
  ASSERT_FALSE(status);
  EXPECT_THAT(status.error().message, HasSubstr(path("nowhere/r.json")));
  EXPECT_THAT(status.error().cure, HasSubstr("folder"));
}

TEST_F(ResultFile, AFolderIsNoFile) {
  EXPECT_FALSE(check_writable(folder.string()));
  EXPECT_FALSE(write_result(summary, folder.string()));
  EXPECT_EQ(files(), 0U);
}

TEST_F(ResultFile, AFullDiskIsSaidWithPlaceAndCure) {
  ASSERT_TRUE(check_writable("/dev/full"));
  const Status status = write_result(summary, "/dev/full");
  ASSERT_FALSE(status);
  EXPECT_THAT(status.error().message, HasSubstr("/dev/full"));
  EXPECT_THAT(status.error().message, HasSubstr("No space left"));
  EXPECT_THAT(status.error().cure, HasSubstr("free some space"));
}

TEST_F(ResultFile, DevicesAreWrittenDirectly) {
  EXPECT_TRUE(check_writable("/dev/null"));
  EXPECT_TRUE(write_result(summary, "/dev/null"));
  EXPECT_TRUE(fs::is_character_file("/dev/null"));
}

TEST_F(ResultFile, StandardOutputNeedsNoCheck) { EXPECT_TRUE(check_writable("-")); }

}  // namespace
}  // namespace vajrapulse::report
