/// From weights to whole households: systematic sampling (truncate, replicate, sample) along the rows' order, then
/// controlled rounding, which adds or takes single copies while that brings the controls closer.
#pragma once

#include "agents/synthesis_matrix.h"

namespace hutong {

struct RoundingLimits {
    int passes = 12;
    double floor_weight = 0.02;  ///< least weight of a row that a copy may be added to
};

struct Rounding {
    std::vector<std::uint32_t> copies;  ///< by row: floor or ceiling of its weight
    std::vector<double> residual;       ///< by control: made minus target
    int passes = 0;
    std::uint32_t changes = 0;
};

/// `start` in (0, 1) places the systematic sample; `order` is the order in which rows are tried for rounding (keyed,
/// so that no row is preferred for where it stands). Rows must come in an order that depends on content only.
Rounding round_weights(const ControlMatrix& matrix, std::span<const double> targets, std::span<const double> weights, double start,
                       std::span<const std::uint32_t> order, const RoundingLimits& limits);

}  // namespace hutong
