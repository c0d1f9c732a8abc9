#include "agents/synthesis_ipu.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace hutong {

void ControlMatrix::finish(std::size_t control_count) {
    control_first.assign(control_count + 1, 0);
    for (const Entry& entry : by_row) ++control_first[entry.index + 1];
    for (std::size_t c = 0; c < control_count; ++c) control_first[c + 1] += control_first[c];
    by_control.resize(by_row.size());
    std::vector<std::uint32_t> next(control_first.begin(), control_first.end() - 1);
    for (std::size_t r = 0; r < rows(); ++r) {
        for (const Entry& entry : row(r)) by_control[next[entry.index]++] = {static_cast<std::uint32_t>(r), entry.count};
    }
}

namespace {

constexpr std::size_t most_counted = 16;  ///< larger counts of one household are taken as this many
constexpr int newton_steps = 4;

double weighted_sum(std::span<const ControlMatrix::Entry> entries, const std::vector<double>& weights) {
    double sum = 0;
    for (const auto& entry : entries) sum += weights[entry.index] * entry.count;
    return sum;
}

/// The factor x with sum of k * by_count[k] * x^k = target: Newton steps from x = 1.
double solve_factor(const std::array<double, most_counted + 1>& by_count, double sum, double target) {
    double x = 1;
    for (int step = 0; step < newton_steps; ++step) {
        double value = 0, slope = 0, power = 1;
        for (std::size_t k = 1; k <= most_counted; ++k) {
            const double counted = static_cast<double>(k) * by_count[k] * power;
            slope += static_cast<double>(k) * counted;
            power *= x;
            value += counted * x;
        }
        // Never beyond the plain ratio, which keeps x positive.
        const double next = x - (value - target) / slope;
        x = std::max(next, std::min(1.0, target / sum) / 2);
    }
    return x;
}

}  // namespace

IpuFit fit_weights(const ControlMatrix& matrix, std::span<const double> targets, std::span<const double> initial, const IpuLimits& limits) {
    IpuFit fit;
    fit.weights.assign(initial.begin(), initial.end());
    auto& weights = fit.weights;
    const std::size_t controls = matrix.controls();
    std::vector<std::uint32_t> active;
    for (std::size_t c = 0; c < controls; ++c) {
        if (targets[c] > 0) {
            active.push_back(static_cast<std::uint32_t>(c));
        } else {
            for (const auto& entry : matrix.control(c)) weights[entry.index] = 0;  // a structural zero
        }
    }
    std::erase_if(active, [&](std::uint32_t c) {
        if (weighted_sum(matrix.control(c), weights) > 0) return false;
        fit.without_candidates.push_back(c);
        return true;
    });

    std::array<double, most_counted + 1> powers{};
    double previous = 0;
    for (fit.iterations = 0; fit.iterations < limits.iterations;) {
        // The gap of a control is seen just before it is adjusted: zero extra passes, and at a fixed point all are small.
        double worst = 0;
        for (const std::uint32_t c : active) {
            const auto entries = matrix.control(c);
            std::array<double, most_counted + 1> by_count{};  // weight of rows that count 1, 2, ...
            for (const auto& entry : entries) by_count[std::min<std::size_t>(entry.count, most_counted)] += weights[entry.index];
            double sum = 0;
            for (std::size_t k = 1; k <= most_counted; ++k) sum += static_cast<double>(k) * by_count[k];
            worst = std::max(worst, std::fabs(sum - targets[c]) / std::max(targets[c], 1.0));
            const double factor = solve_factor(by_count, sum, targets[c]);
            double power = 1;
            for (double& p : powers) {
                p = power;
                power *= factor;
            }
            for (const auto& entry : entries) weights[entry.index] *= powers[std::min<std::size_t>(entry.count, powers.size() - 1)];
        }
        ++fit.iterations;
        fit.worst_gap = worst;
        if (worst <= limits.tolerance) {
            fit.end = IpuEnd::converged;
            break;
        }
        if (fit.iterations > 2 && std::fabs(previous - worst) < limits.stall) {
            fit.end = IpuEnd::stalled;
            break;
        }
        previous = worst;
    }
    // What the weights really leave, after the last adjustment.
    fit.worst_gap = 0;
    for (const std::uint32_t c : active) {
        const double gap = std::fabs(weighted_sum(matrix.control(c), weights) - targets[c]) / std::max(targets[c], 1.0);
        fit.worst_gap = std::max(fit.worst_gap, gap);
    }
    return fit;
}

}  // namespace hutong
