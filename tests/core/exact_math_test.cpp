#include "core/exact_math.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <bit>
#include <cmath>
#include <limits>
#include <vector>

#include "core/draw.h"
#include "core/hash.h"

namespace hutong {
namespace {

/// Distance in units of the last place, against long double libm rounded to double.
double ulps(double got, long double truth) {
    const double rounded = static_cast<double>(truth);
    const double unit = std::nextafter(std::fabs(rounded), std::numeric_limits<double>::infinity()) - std::fabs(rounded);
    return static_cast<double>(std::fabs(static_cast<long double>(got) - truth) / static_cast<long double>(unit));
}

/// Numbers spread evenly over [low, high], a few ten thousand, at odd places.
std::vector<double> grid(double low, double high, int steps = 40'000) {
    std::vector<double> points;
    for (int i = 0; i < steps; ++i) points.push_back(low + (high - low) * (i + 0.37) / steps);
    return points;
}

TEST(ExactExp, IsWithinTwoUnits) {
    double worst = 0;
    for (const double x : grid(-708.0, 709.0)) worst = std::max(worst, ulps(exact_exp(x), std::exp(static_cast<long double>(x))));
    for (const double x : grid(-1.0, 1.0)) worst = std::max(worst, ulps(exact_exp(x), std::exp(static_cast<long double>(x))));
    EXPECT_LE(worst, 2.0);
}

TEST(ExactExp, Ends) {
    EXPECT_EQ(exact_exp(0.0), 1.0);
    EXPECT_EQ(exact_exp(-709.0), 0.0);
    EXPECT_EQ(exact_exp(-std::numeric_limits<double>::infinity()), 0.0);
    EXPECT_EQ(exact_exp(710.0), std::numeric_limits<double>::max());
    EXPECT_GT(exact_exp(-708.0), 0.0);
    EXPECT_TRUE(std::isnan(exact_exp(std::numeric_limits<double>::quiet_NaN())));
}

TEST(ExactLog, IsWithinTwoUnits) {
    double worst = 0;
    for (const double x : grid(-708.0, 709.0)) {
        const double y = std::exp(x);
        if (y > 0 && std::isfinite(y)) worst = std::max(worst, ulps(exact_log(y), std::log(static_cast<long double>(y))));
    }
    for (const double y : grid(0.25, 4.0)) worst = std::max(worst, ulps(exact_log(y), std::log(static_cast<long double>(y))));
    EXPECT_LE(worst, 2.0);
}

TEST(ExactLog, Ends) {
    EXPECT_EQ(exact_log(1.0), 0.0);
    EXPECT_EQ(exact_log(0.0), std::numeric_limits<double>::lowest());
    EXPECT_EQ(exact_log(-1.0), std::numeric_limits<double>::lowest());
    const double smallest = std::numeric_limits<double>::denorm_min();
    EXPECT_LE(ulps(exact_log(smallest), std::log(static_cast<long double>(smallest))), 2.0);
    EXPECT_LE(ulps(exact_log(std::numeric_limits<double>::max()), std::log(static_cast<long double>(std::numeric_limits<double>::max()))),
              2.0);
}

TEST(ExactMath, LogUndoesExp) {
    rc::check([](int n) {
        const double x = (n % 700'000) / 1000.0;
        RC_ASSERT(std::fabs(exact_log(exact_exp(x)) - x) <= 1e-15 * std::max(1.0, std::fabs(x)));
    });
}

TEST(ExactMath, PowAndLogistic) {
    for (const double y : grid(-3.0, 3.0, 50)) {
        for (const double x : grid(0.1, 50.0, 50)) EXPECT_NEAR(exact_pow(x, y) / std::pow(x, y), 1.0, 1e-14);
    }
    for (const double x : grid(-50.0, 50.0, 1000)) {
        EXPECT_NEAR(exact_logistic(x) * (1.0 + std::exp(-x)), 1.0, 1e-14);
        EXPECT_NEAR(exact_logistic(x) + exact_logistic(-x), 1.0, 1e-15);
    }
    EXPECT_EQ(exact_logistic(0.0), 0.5);
}

TEST(ExactMath, NormalQuantile) {
    EXPECT_NEAR(exact_normal_quantile(0.5), 0.0, 1e-12);
    EXPECT_NEAR(exact_normal_quantile(0.975), 1.959963984540054, 1e-8);
    for (const double u : grid(0.0001, 0.9999, 2000)) {
        EXPECT_NEAR(0.5 * std::erfc(-exact_normal_quantile(u) / std::sqrt(2.0)), u, 2e-9) << u;
        EXPECT_NEAR(exact_normal_quantile(u), -exact_normal_quantile(1.0 - u), 1e-8);
    }
}

TEST(ExactMath, SineAndCosineOfDegrees) {
    const long double radian = 3.14159265358979323846264338327950288L / 180.0L;
    for (const double x : grid(-360.0, 360.0)) {
        EXPECT_NEAR(exact_sin_degrees(x), static_cast<double>(std::sin(x * radian)), 1e-12);
        EXPECT_NEAR(exact_cos_degrees(x), static_cast<double>(std::cos(x * radian)), 1e-12);
    }
}

TEST(ExactMath, FastExponential) {
    double worst = 0;
    for (std::uint64_t i = 0; i < 100'000; ++i) {
        const auto word = static_cast<std::uint32_t>(mix64(i));
        const double truth = -std::log((static_cast<double>(word) + 0.5) / 4294967296.0);
        worst = std::max(worst, std::fabs(fast_exponential(word) - truth) / truth);
    }
    EXPECT_LT(worst, 4e-7);
    for (const std::uint32_t word : {0U, 1U, 0x7fffffffU, 0x80000000U}) {
        const double truth = -std::log((static_cast<double>(word) + 0.5) / 4294967296.0);
        EXPECT_NEAR(fast_exponential(word) / truth, 1.0, 4e-7) << word;
    }
    for (const std::uint32_t word : {0xffffffffU, 0xfffffffeU, 0xfffffff0U, 0xffff0000U}) {
        EXPECT_GT(fast_exponential(word), 0.0F) << "an exponential variate is positive: its race divides by it";
    }
}

TEST(ExactMath, FastExponentialHasTheRightMean) {
    const Luck luck(5, 0);
    double sum = 0;
    const int n = 200'000;
    for (int i = 0; i < n; ++i) sum += fast_exponential(luck.word(Purpose::test, static_cast<std::uint64_t>(i), Month::of(2020, 1)));
    EXPECT_NEAR(sum / n, 1.0, 4.0 / std::sqrt(n));
}

TEST(ExactMath, MonthlyProbability) {
    EXPECT_EQ(monthly_probability(0.0), 0.0);
    EXPECT_NEAR(1.0 - std::pow(1.0 - monthly_probability(0.15), 12), 1.0 - std::exp(-0.15), 1e-14);
}

/// The bits themselves: a compiler flag, a processor or an edit that moves the last bit is seen here.
TEST(ExactMath, BitsAreFixed) {
    Hash hash;
    const auto add = [&](double value) { hash.number(std::bit_cast<std::uint64_t>(value)); };
    for (const double x : grid(-708.0, 709.0, 5000)) add(exact_exp(x));
    for (const double x : grid(1e-9, 1000.0, 5000)) {
        add(exact_log(x));
        add(exact_pow(x, 0.7));
        add(exact_logistic(x - 500.0));
    }
    for (const double x : grid(-360.0, 360.0, 5000)) add(exact_sin_degrees(x));
    for (const double x : grid(0.0, 1.0, 5000)) {
        add(exact_normal_quantile(x));
        add(monthly_probability(x));
    }
    for (std::uint64_t i = 0; i < 5000; ++i)
        hash.number(std::bit_cast<std::uint32_t>(fast_exponential(static_cast<std::uint32_t>(mix64(i)))));
    EXPECT_EQ(hex(hash.value()), "7e91b64d0099ad09");
}

}  // namespace
}  // namespace hutong
