#include "analysis/statistics.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

namespace hutong {
namespace {

TEST(Statistics, PairedDifferenceOfKnownNumbers) {
    const Difference d = paired_difference({1, 2, 3, 4}, {2, 4, 4, 6});  // differences 1 2 1 2
    EXPECT_DOUBLE_EQ(d.mean, 1.5);
    EXPECT_EQ(d.pairs, 4U);
    EXPECT_NEAR(d.high - d.mean, 3.1824463053 * std::sqrt(1.0 / 3 / 4), 1e-9);
    EXPECT_TRUE(d.sure());
}

TEST(Statistics, OnePairHasNoInterval) {
    const Difference d = paired_difference({1}, {5});
    EXPECT_EQ(d.mean, 4);
    EXPECT_FALSE(d.has_interval());
    EXPECT_FALSE(d.sure());
    EXPECT_TRUE(std::isnan(paired_difference({}, {}).mean));
}

TEST(Statistics, PairsWithoutANumberAreLeftOut) {
    const double none = std::numeric_limits<double>::quiet_NaN();
    EXPECT_EQ(paired_difference({none, 1, 2}, {1, none, 5}).pairs, 1U);
    EXPECT_EQ(paired_difference({none, 1, 2}, {1, none, 5}).mean, 3);
}

TEST(Statistics, StudentQuantileMeetsTheTables) {
    EXPECT_NEAR(student_975(1), 12.706, 1e-3);
    EXPECT_NEAR(student_975(31), 2.0395, 1e-4);
    EXPECT_NEAR(student_975(40), 2.0211, 1e-4);
    EXPECT_NEAR(student_975(100'000), 1.95998, 1e-4);
    for (std::size_t n = 1; n < 60; ++n) EXPECT_GT(student_975(n), student_975(n + 1));
}

}  // namespace
}  // namespace hutong
