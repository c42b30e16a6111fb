#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>
#include <string>
#include <string_view>

#include "whole_run.hpp"

namespace {

using vajrapulse::simulation::run_seed;

/// One seed again, with all that can be said of it.
int replay(std::uint64_t seed) {
  const auto outcome = run_seed(seed);
  std::cout << "seed " << seed << "\n" << outcome.plan << "\n" << outcome.summary << "\n";
  for (const std::string& violation : outcome.violations)
    std::cout << "WRONG " << violation << "\n";
  return outcome.violations.empty() ? 0 : 1;
}

/// More seeds than the tests have time for: "FROM..TO".
int search(std::string_view range) {
  const std::size_t dots = range.find("..");
  const std::uint64_t from = std::strtoull(std::string(range.substr(0, dots)).c_str(), nullptr, 10);
  const std::uint64_t to =
      dots == std::string_view::npos ? from : std::strtoull(std::string(range.substr(dots + 2)).c_str(), nullptr, 10);
  std::uint64_t wrong = 0;
  for (std::uint64_t seed = from; seed <= to; ++seed) {
    const auto outcome = run_seed(seed);
    if (outcome.violations.empty()) continue;
    ++wrong;
    std::cout << "simulation_test --seed " << seed << ": " << outcome.violations.front() << std::endl;
  }
  std::cout << to - from + 1 << " seeds, " << wrong << " wrong\n";
  return wrong == 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  for (int i = 1; i + 1 < argc; ++i) {
    if (std::string_view(argv[i]) == "--seed") return replay(std::strtoull(argv[i + 1], nullptr, 10));
    if (std::string_view(argv[i]) == "--seeds") return search(argv[i + 1]);
  }
  return RUN_ALL_TESTS();
}
