#include "golden_file.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace vajrapulse::golden {
namespace {

Mode g_mode = Mode::compare;

std::string content_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace

void set_mode(Mode mode) { g_mode = mode; }

void expect_golden(const std::string& name, const std::string& text) {
  const std::string path = std::string(VP_GOLDEN_FOLDER) + "/" + name;
  if (g_mode == Mode::update) {
    std::ofstream(path, std::ios::binary) << text;
    return;
  }
  EXPECT_EQ(text, content_of(path)) << "if this is what people should read: ninja update-golden, then review the diff";
}

}  // namespace vajrapulse::golden
