#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>
#include <string_view>

#include "whole_run.hpp"

namespace {

int replay(std::uint64_t seed) {
  const auto outcome = vajrapulse::simulation::run_seed(seed);
  std::cout << "seed " << seed << "\n" << outcome.plan << "\n" << outcome.summary << "\n";
  for (const std::string& violation : outcome.violations)
    std::cout << "WRONG " << violation << "\n";
  return outcome.violations.empty() ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  for (int i = 1; i + 1 < argc; ++i)
    if (std::string_view(argv[i]) == "--seed") return replay(std::strtoull(argv[i + 1], nullptr, 10));
  return RUN_ALL_TESTS();
}
