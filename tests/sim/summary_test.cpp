#include "sim/summary.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

namespace hutong {
namespace {

TEST(Summary, OfKnownNumbers) {
    const Summary s = summarise({4, 1, 3, 2, 5});
    EXPECT_DOUBLE_EQ(s.mean, 3);
    EXPECT_DOUBLE_EQ(s.median, 3);
    EXPECT_DOUBLE_EQ(s.p05, 1.2);
    EXPECT_DOUBLE_EQ(s.p95, 4.8);
    EXPECT_DOUBLE_EQ(s.standard_error, std::sqrt(2.5 / 5));
}

TEST(Summary, OneValueHasNoIntervalAndNoneHasNothing) {
    const Summary one = summarise({7});
    EXPECT_EQ(one.mean, 7);
    EXPECT_EQ(one.median, 7);
    EXPECT_TRUE(std::isnan(one.p05));
    EXPECT_TRUE(std::isnan(one.standard_error));
    EXPECT_TRUE(std::isnan(summarise({}).mean));
    EXPECT_EQ(summarise({7, std::numeric_limits<double>::quiet_NaN()}).mean, 7);
}

}  // namespace
}  // namespace hutong
