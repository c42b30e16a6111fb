#include <gtest/gtest.h>

#include <string_view>

#include "golden_file.hpp"

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  for (int i = 1; i < argc; ++i)
    if (std::string_view(argv[i]) == "--update-golden") vajrapulse::golden::set_mode(vajrapulse::golden::Mode::update);
  return RUN_ALL_TESTS();
}
