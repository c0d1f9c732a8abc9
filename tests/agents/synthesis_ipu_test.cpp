#include "agents/synthesis_ipu.h"

#include <cmath>
#include <numeric>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "agents/synthesis_integerise.h"

namespace hutong {
namespace {

/// A random population of `rows` kinds of households, so that marginals made of it can be met.
struct Sample {
    ControlMatrix matrix;
    std::vector<double> truth, targets;
};

Sample random_sample() {
    Sample sample;
    const auto rows = *rc::gen::inRange<std::size_t>(20, 120);
    const auto types = *rc::gen::inRange<std::uint32_t>(2, 5), persons = *rc::gen::inRange<std::uint32_t>(2, 7);
    for (std::size_t r = 0; r < rows; ++r) {
        std::vector<ControlMatrix::Entry> entries;
        entries.push_back({*rc::gen::inRange<std::uint32_t>(0, types), 1});
        for (std::uint32_t p = 0; p < persons; ++p) {
            const auto count = *rc::gen::inRange(0, 3);
            if (count > 0) entries.push_back({types + p, static_cast<std::uint8_t>(count)});
        }
        sample.matrix.add_row(entries);
        sample.truth.push_back(*rc::gen::inRange(1, 400) * 0.1);
    }
    sample.matrix.finish(types + persons);
    sample.targets.assign(types + persons, 0.0);
    for (std::size_t r = 0; r < rows; ++r) {
        for (const auto& entry : sample.matrix.row(r)) sample.targets[entry.index] += sample.truth[r] * entry.count;
    }
    return sample;
}

double made(const ControlMatrix& matrix, std::size_t control, const std::vector<double>& weights) {
    double sum = 0;
    for (const auto& entry : matrix.control(control)) sum += weights[entry.index] * entry.count;
    return sum;
}

RC_GTEST_PROP(Ipu, MeetsConsistentMarginalsWithPositiveWeights, ()) {
    const Sample sample = random_sample();
    const std::vector<double> start(sample.matrix.rows(), 1.0);
    const IpuFit fit = fit_weights(sample.matrix, sample.targets, start, {5000, 1e-6, 0});
    for (const double w : fit.weights) RC_ASSERT(w > 0);
    for (std::size_t c = 0; c < sample.matrix.controls(); ++c) {
        RC_ASSERT(std::fabs(made(sample.matrix, c, fit.weights) - sample.targets[c]) <= 1e-3 * std::max(1.0, sample.targets[c]));
    }
}

RC_GTEST_PROP(Ipu, TheFixedPointIsLeftAlone, ()) {
    const Sample sample = random_sample();
    const IpuFit fit = fit_weights(sample.matrix, sample.targets, sample.truth, {50, 1e-9, 0});
    RC_ASSERT(fit.iterations == 1);
    for (std::size_t r = 0; r < sample.truth.size(); ++r) RC_ASSERT(std::fabs(fit.weights[r] - sample.truth[r]) <= 1e-6 * sample.truth[r]);
}

TEST(Ipu, YeExample) {
    // Table 1 of Ye et al. 2009: eight households, two household and three person controls.
    const int table[8][5] = {{1, 0, 1, 1, 1}, {1, 0, 1, 0, 1}, {1, 0, 2, 1, 0}, {0, 1, 1, 0, 2},
                             {0, 1, 0, 2, 1}, {0, 1, 1, 1, 0}, {0, 1, 2, 1, 2}, {0, 1, 1, 1, 0}};
    ControlMatrix matrix;
    for (const auto& row : table) {
        std::vector<ControlMatrix::Entry> entries;
        for (std::uint32_t c = 0; c < 5; ++c) {
            if (row[c] > 0) entries.push_back({c, static_cast<std::uint8_t>(row[c])});
        }
        matrix.add_row(entries);
    }
    matrix.finish(5);
    const std::vector<double> targets{35, 65, 91, 65, 104}, start(8, 1.0);
    const IpuFit fit = fit_weights(matrix, targets, start, {20000, 1e-8, 0});
    EXPECT_EQ(fit.end, IpuEnd::converged);
    for (std::size_t c = 0; c < 5; ++c) EXPECT_NEAR(made(matrix, c, fit.weights), targets[c], 1e-4);
}

TEST(Ipu, ContradictionEndsAndIsTold) {
    // The same households counted twice with different totals: no weights can do that.
    ControlMatrix matrix;
    const std::vector<ControlMatrix::Entry> both{{0, 1}, {1, 1}};
    matrix.add_row(both);
    matrix.finish(3);
    const std::vector<double> targets{10, 20, 5}, start(1, 1.0);
    const IpuFit fit = fit_weights(matrix, targets, start, {100000, 1e-6, 1e-9});
    EXPECT_EQ(fit.end, IpuEnd::stalled);
    EXPECT_LT(fit.iterations, 10);
    EXPECT_GT(fit.worst_gap, 0.4);
    ASSERT_EQ(fit.without_candidates.size(), 1U);
    EXPECT_EQ(fit.without_candidates[0], 2U);
}

TEST(Ipu, ZeroTargetIsAStructuralZero) {
    ControlMatrix matrix;
    const std::vector<ControlMatrix::Entry> first{{0, 1}}, second{{1, 1}};
    matrix.add_row(first);
    matrix.add_row(second);
    matrix.finish(2);
    const std::vector<double> targets{0, 7}, start(2, 1.0);
    const IpuFit fit = fit_weights(matrix, targets, start, {});
    EXPECT_EQ(fit.weights[0], 0);
    EXPECT_DOUBLE_EQ(fit.weights[1], 7);
}

RC_GTEST_PROP(Integerise, KeepsTotalsAndStaysNextToTheWeights, ()) {
    const Sample sample = random_sample();
    std::vector<std::uint32_t> order(sample.matrix.rows());
    std::iota(order.begin(), order.end(), 0U);
    const double start = *rc::gen::inRange(1, 1000) * 0.001;
    const Rounding plain = round_weights(sample.matrix, sample.targets, sample.truth, start, order, {0, 0.0});
    const Rounding rounded = round_weights(sample.matrix, sample.targets, sample.truth, start, order, {50, 0.0});
    double weights = 0, copies = 0, before = 0, after = 0;
    for (std::size_t r = 0; r < sample.truth.size(); ++r) {
        weights += sample.truth[r];
        copies += plain.copies[r];
        RC_ASSERT(std::fabs(rounded.copies[r] - sample.truth[r]) < 1 + 1e-9);
    }
    RC_ASSERT(std::fabs(copies - weights) <= 1);  // the systematic sample alone keeps the number of households
    for (std::size_t c = 0; c < sample.matrix.controls(); ++c) {
        double sum = 0;
        for (const auto& entry : sample.matrix.control(c)) sum += static_cast<double>(rounded.copies[entry.index]) * entry.count;
        RC_ASSERT(std::fabs(sum - sample.targets[c] - rounded.residual[c]) < 1e-6);
        before += plain.residual[c] * plain.residual[c] / std::max(sample.targets[c], 1.0);
        after += rounded.residual[c] * rounded.residual[c] / std::max(sample.targets[c], 1.0);
    }
    RC_ASSERT(after <= before + 1e-9);
}

TEST(Integerise, WholeWeightsAreKept) {
    ControlMatrix matrix;
    const std::vector<ControlMatrix::Entry> one{{0, 1}};
    for (int r = 0; r < 4; ++r) matrix.add_row(one);
    matrix.finish(1);
    const std::vector<double> targets{10}, weights{1, 2, 3, 4};
    const std::vector<std::uint32_t> order{3, 1, 0, 2};
    const Rounding rounded = round_weights(matrix, targets, weights, 0.25, order, {});
    EXPECT_EQ(rounded.copies, (std::vector<std::uint32_t>{1, 2, 3, 4}));
    EXPECT_EQ(rounded.residual[0], 0);
}

}  // namespace
}  // namespace hutong
