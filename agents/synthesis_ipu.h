/// Iterative proportional updating (Ye, Konduri, Pendyala, Sana, Waddell 2009): weights of candidate households that
/// meet household and person controls at once. A weight is adjusted by factor^count, the factor from one Newton step, as
/// PopulationSim's list balancing does: with the plain ratio of Ye et al. the mean of a control with counts above one
/// (members of large households) could not move.
#pragma once

#include "agents/synthesis_matrix.h"

namespace hutong {

/// When to stop, after PopulationSim's documented rules: every control met within a tolerance, or no more progress,
/// or the most iterations. It never loops on controls that cannot agree.
struct IpuLimits {
    int iterations = 120;
    double tolerance = 1e-3;  ///< worst relative gap of a control
    double stall = 1e-5;      ///< least fall of the worst gap in one iteration
};

enum class IpuEnd : std::uint8_t { converged, stalled, iterations };

struct IpuFit {
    std::vector<double> weights;  ///< by row, >= 0; > 0 unless the row counts in a control whose target is 0
    int iterations = 0;
    double worst_gap = 0;  ///< largest |sum - target| / max(target, 1)
    IpuEnd end = IpuEnd::iterations;
    std::vector<std::uint32_t> without_candidates;  ///< controls with a target that no row can meet
};

/// `initial` are positive starting weights by row. Controls are adjusted in their order; sums run in row order, so
/// the result is the same on every machine.
IpuFit fit_weights(const ControlMatrix& matrix, std::span<const double> targets, std::span<const double> initial, const IpuLimits& limits);

}  // namespace hutong
