#include "trend.hpp"

#include <cmath>

#include <gtest/gtest.h>

namespace vajrapulse::search {
namespace {

TEST(Trend, OfARisingSeries) {
  // Ten rising values: S = 45, variance 10·9·25/18 = 125, z = 45/√125.
  const double rising[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
  EXPECT_NEAR(trend_of(rising).z, 4.0249, 1e-4);
  EXPECT_DOUBLE_EQ(trend_of(rising).growth, 10);
}

TEST(Trend, OfOneThatOnlyJumps) {
  const double jumping[] = {5, 1, 5, 1, 5, 1, 5, 1};
  EXPECT_LT(std::abs(trend_of(jumping).z), 1);
  EXPECT_DOUBLE_EQ(trend_of(jumping).growth, 0);
}

TEST(StandardError, OfIndependentValues) {
  // 1 and 3 by turns: deviation √(8/7), neighbours opposed, which does not narrow it.
  const double values[] = {1, 3, 1, 3, 1, 3, 1, 3};
  EXPECT_NEAR(standard_error(values), std::sqrt(8.0 / 7 / 8), 1e-12);
}

TEST(StandardError, IsWiderWhereNeighboursAreAlike) {
  // Four 1 and four 3: Σ(x-2)² = 8, of neighbours 6 - 1 = 5, r = 5/8, (1 + r)/(1 - r) = 13/3.
  const double values[] = {1, 1, 1, 1, 3, 3, 3, 3};
  EXPECT_NEAR(standard_error(values), std::sqrt(8.0 / 7 / 8 * 13 / 3), 1e-12);
}

TEST(StandardError, OfTooFewSaysNothing) {
  const double values[] = {1, 2, 3};
  EXPECT_TRUE(std::isinf(standard_error(values)));
}

TEST(Normal, Shares) {
  EXPECT_NEAR(normal_share(0), 0.5, 1e-12);
  EXPECT_NEAR(normal_share(2.326348), 0.99, 1e-6);
  EXPECT_NEAR(normal_share(-1.281552), 0.10, 1e-6);
}

}  // namespace
}  // namespace vajrapulse::search
