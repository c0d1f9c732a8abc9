#include "agents/synthesis_integerise.h"

#include <algorithm>
#include <cmath>

namespace hutong {
namespace {

/// Change of the sum of residual^2 / target when one copy of the row comes (sign +1) or goes (sign -1).
double change(std::span<const ControlMatrix::Entry> row, double sign, const std::vector<double>& residual,
              const std::vector<double>& scale) {
    double sum = 0;
    for (const auto& entry : row) {
        const double step = sign * entry.count;
        sum += (2 * residual[entry.index] + step) * step * scale[entry.index];
    }
    return sum;
}

}  // namespace

Rounding round_weights(const ControlMatrix& matrix, std::span<const double> targets, std::span<const double> weights, double start,
                       std::span<const std::uint32_t> order, const RoundingLimits& limits) {
    const std::size_t rows = matrix.rows();
    Rounding result;
    result.copies.resize(rows);
    result.residual.assign(matrix.controls(), 0.0);
    double passed = start;
    double below = 0;  // start < 1
    for (std::size_t r = 0; r < rows; ++r) {
        passed += weights[r];
        const double now = std::floor(passed);
        result.copies[r] = static_cast<std::uint32_t>(now - below);
        below = now;
        for (const auto& entry : matrix.row(r)) result.residual[entry.index] += static_cast<double>(result.copies[r]) * entry.count;
    }
    std::vector<double> scale(matrix.controls());
    for (std::size_t c = 0; c < matrix.controls(); ++c) {
        result.residual[c] -= targets[c];
        scale[c] = 1 / std::max(targets[c], 1.0);
    }

    for (; result.passes < limits.passes; ++result.passes) {
        std::uint32_t changed = 0;
        for (const std::uint32_t r : order) {
            if (weights[r] < limits.floor_weight) continue;
            const auto row = matrix.row(r);
            const auto least = static_cast<std::uint32_t>(weights[r]);
            auto& copies = result.copies[r];
            double sign = 0;
            if (copies <= least && change(row, 1, result.residual, scale) < 0) {
                sign = 1;
            } else if (copies > least && change(row, -1, result.residual, scale) < 0) {
                sign = -1;
            }
            if (sign == 0) continue;
            copies = sign > 0 ? copies + 1 : copies - 1;
            for (const auto& entry : row) result.residual[entry.index] += sign * entry.count;
            ++changed;
        }
        result.changes += changed;
        if (changed == 0) break;
    }
    return result;
}

}  // namespace hutong
