#include "analysis/sensitivity.h"

#include <cmath>
#include <numbers>

#include <gtest/gtest.h>

#include "core/draw.h"

namespace hutong {
namespace {

std::vector<Varied> unit_parameters(std::size_t count) {
    std::vector<Varied> parameters;
    for (std::size_t p = 0; p < count; ++p) parameters.push_back({.path = "x" + std::to_string(p)});
    return parameters;
}

double ishigami(const std::vector<double>& u) {
    constexpr double pi = std::numbers::pi, a = 7, b = 0.1;
    const double x1 = -pi + 2 * pi * u[0], x2 = -pi + 2 * pi * u[1], x3 = -pi + 2 * pi * u[2];
    return std::sin(x1) + a * std::sin(x2) * std::sin(x2) + b * x3 * x3 * x3 * x3 * std::sin(x1);
}

const std::vector<double> g_constants{0, 1, 4.5, 9, 99, 99, 99, 99};
double sobol_g(const std::vector<double>& u) {
    double product = 1;
    for (std::size_t i = 0; i < u.size(); ++i) product *= (std::fabs(4 * u[i] - 2) + g_constants[i]) / (1 + g_constants[i]);
    return product;
}

/// A standard normal variate of this point and replicate.
double noise_of(std::size_t point, std::size_t replicate) {
    const double u = unit_open(static_cast<std::uint32_t>(luck_key(11, point, replicate) >> 32));
    const double v = unit_open(static_cast<std::uint32_t>(luck_key(12, point, replicate) >> 32));
    return std::sqrt(-2 * std::log(u)) * std::cos(2 * std::numbers::pi * v);
}

template <class F>
OutcomeTable table_of(const Points& points, std::size_t replicates, double noise, F&& f) {
    OutcomeTable table;
    for (std::size_t i = 0; i < points.size(); ++i) {
        std::vector<double> row;
        // What all points of a replicate have in common is no noise of their differences.
        for (std::size_t r = 0; r < replicates; ++r) row.push_back(f(points[i]) + noise * noise_of(i, r) + 3.0 * static_cast<double>(r));
        table.push_back(std::move(row));
    }
    return table;
}

TEST(Sobol, FindsTheKnownIndicesOfIshigami) {
    // Homma and Saltelli 1996: V = a^2/8 + b pi^4/5 + b^2 pi^8/18 + 1/2.
    const std::vector<double> first{0.3139, 0.4424, 0}, total{0.5576, 0.4424, 0.2437};
    const SobolDesign design = sobol_design(unit_parameters(3), 8192, 1);
    const auto result = sobol_indices(design, point_means(table_of(design.points, 1, 0, ishigami)), 200, 1);
    EXPECT_NEAR(result.variance, 13.8446, 0.3);
    for (std::size_t p = 0; p < 3; ++p) {
        EXPECT_NEAR(result.indices[p].first, first[p], 0.03) << p;
        EXPECT_NEAR(result.indices[p].total, total[p], 0.03) << p;
        EXPECT_LE(result.indices[p].first_low, first[p] + 0.01) << p;
        EXPECT_GE(result.indices[p].first_high, first[p] - 0.01) << p;
        EXPECT_LE(result.indices[p].total_low, total[p] + 0.01) << p;
        EXPECT_GE(result.indices[p].total_high, total[p] - 0.01) << p;
    }
}

TEST(Sobol, FindsTheKnownIndicesOfTheGFunction) {
    double product = 1;
    std::vector<double> partial;
    for (const double a : g_constants) {
        partial.push_back(1 / (3 * (1 + a) * (1 + a)));
        product *= 1 + partial.back();
    }
    const double variance = product - 1;
    const SobolDesign design = sobol_design(unit_parameters(g_constants.size()), 8192, 2);
    const auto result = sobol_indices(design, point_means(table_of(design.points, 1, 0, sobol_g)), 50, 2);
    for (std::size_t p = 0; p < g_constants.size(); ++p) {
        EXPECT_NEAR(result.indices[p].first, partial[p] / variance, 0.03) << p;
        EXPECT_NEAR(result.indices[p].total, partial[p] * product / (1 + partial[p]) / variance, 0.03) << p;
    }
}

TEST(Sobol, NoiseOfTheReplicatesIsTakenOut) {
    const SobolDesign design = sobol_design(unit_parameters(3), 8192, 3);
    constexpr double noise = 4;  // as large as the effect itself
    const PointMeans means = point_means(table_of(design.points, 2, noise, ishigami));
    ASSERT_TRUE(means.noise_known);
    EXPECT_NEAR(means.noise_variance, noise * noise / 2, 0.3);
    const auto result = sobol_indices(design, means, 50, 3);
    EXPECT_NEAR(result.variance, 13.8446, 0.8);
    EXPECT_NEAR(result.noise_share, 8 / (8 + 13.8446), 0.03);
    EXPECT_NEAR(result.indices[2].total, 0.2437, 0.06);
    EXPECT_NEAR(result.indices[0].first, 0.3139, 0.06);
    // Left in, it would look like an effect of every parameter.
    PointMeans naive = means;
    naive.noise_variance = 0;
    EXPECT_GT(sobol_indices(design, naive, 2, 3).indices[2].total, 0.4);
}

TEST(Morris, OrdersParametersAndKnowsAStraightLine) {
    const auto parameters = unit_parameters(4);
    const MorrisDesign design = morris_design(parameters, 20, 4);
    EXPECT_EQ(design.points.size(), 20U * 5U);
    for (const auto& point : design.points) {
        for (const double x : point) EXPECT_TRUE(x >= 0 && x <= 1);
    }
    const auto effects =
        morris_effects(design, point_means(table_of(design.points, 1, 0, [](const auto& u) { return 5 * u[0] - 2 * u[1] + u[2] * u[3]; })));
    EXPECT_NEAR(effects[0].mean, 5, 1e-9);
    EXPECT_NEAR(effects[0].spread, 0, 1e-9);
    EXPECT_NEAR(effects[1].mean, -2, 1e-9);
    EXPECT_NEAR(effects[1].size, 2, 1e-9);
    EXPECT_GT(effects[2].spread, 0.1);
}

TEST(Morris, TellsNoiseFromEffect) {
    const auto parameters = unit_parameters(3);
    const MorrisDesign design = morris_design(parameters, 200, 5);
    const auto effects = morris_effects(design, point_means(table_of(design.points, 3, 1.0, [](const auto& u) { return 6 * u[0]; })));
    EXPECT_NEAR(effects[1].size, effects[1].noise, 0.1 * effects[1].noise);
    EXPECT_GT(effects[0].size, 4 * effects[0].noise);
    EXPECT_LT(effects[0].spread, 0.5);
}

}  // namespace
}  // namespace hutong
