#include "trial.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace vajrapulse::proofs {

void Trial::expect(bool so, const std::string& otherwise, Duration needed) {
  if (so) return;
  findings_.push_back(otherwise);
  needed_ = std::max(needed_, needed);
}

void Trial::expect_near(double seen_ns, double expected_ns, double bound_ns, const std::string& what, int parts) {
  const double beyond_ns = std::abs(seen_ns - expected_ns) - bound_ns;
  const std::string otherwise = fmt::format("{}: {:.3f} ms instead of {:.3f} ± {:.3f} ms", what, seen_ns * 1e-6,
                                            expected_ns * 1e-6, bound_ns * 1e-6);
  expect(beyond_ns <= 0, otherwise, Duration(std::llround(std::max(beyond_ns, 0.0) * parts)));
}

void Trial::require(bool so, const std::string& otherwise) { expect(so, otherwise, Duration::max()); }

std::string Trial::text() const {
  std::string text;
  for (const std::string& each : findings_)
    text += "  " + each + "\n";
  return text + "  " + host_.text() + (excused() ? "" : ": no excuse") + "\n";
}

void prove(const std::function<Trial()>& attempt) {
  constexpr int kAttempts = 5;
  constexpr int kWithoutExcuse = 3;
  std::string history;
  int without_excuse = 0;
  for (int i = 0; i < kAttempts; ++i) {
    const Trial trial = attempt();
    if (trial.passed()) {
      std::printf("%s  attempt %d\n", trial.figures().c_str(), i + 1);
      return;
    }
    history += trial.text();
    if (!trial.excused() && ++without_excuse == kWithoutExcuse) FAIL() << history;
  }
  GTEST_SKIP() << "the host disturbed every attempt:\n" << history;
}

}  // namespace vajrapulse::proofs
