/// Global sensitivity: elementary effects (Morris 1991; Campolongo and others 2007) to screen, first-order and total
/// indices (Sobol 1993; Saltelli and others 2010; Jansen 1999) to measure. The noise of the replicates is separated from
/// the effect of the parameters: with the same seeds at every point, what remains is the interaction of point and seed
/// in a two-way table, and it is taken out of the variances.
#pragma once

#include <cstdint>
#include <vector>

#include "analysis/sampling.h"

namespace hutong {

/// Outcome of every point by replicate, [point][replicate]; the same seeds at all points.
using OutcomeTable = std::vector<std::vector<double>>;

/// Means over the replicates, and the variance that the noise leaves in each of these means.
struct PointMeans {
    std::vector<double> mean;
    double noise_variance = 0;  ///< of one mean; 0 (and unknown) with one replicate
    bool noise_known = false;
};
PointMeans point_means(const OutcomeTable& table);

// Morris

struct MorrisDesign {
    Points points;                                ///< trajectories one after another, parameters + 1 points each
    std::vector<std::vector<std::size_t>> moved;  ///< [trajectory][step] parameter that moves
    std::size_t parameters = 0;
};
/// `trajectories` walks on a grid of 4 levels, each parameter moved once by 2/3 of its range.
MorrisDesign morris_design(const std::vector<Varied>& parameters, std::size_t trajectories, std::uint64_t seed);

/// Effects over the whole range of the parameter, in the unit of the outcome.
struct MorrisEffect {
    double mean = 0;        ///< mu
    double size = 0;        ///< mu*, mean of the absolute effects
    double size_error = 0;  ///< standard error of mu* over the trajectories
    double spread = 0;      ///< sigma, of the effects without the noise: interactions and curvature
    double noise = 0;       ///< mu* that the noise of the replicates alone would give; NaN when unknown
};
std::vector<MorrisEffect> morris_effects(const MorrisDesign& design, const PointMeans& outcome);

// Sobol

struct SobolDesign {
    Points points;  ///< A, then B, then for each parameter A with that column from B
    std::size_t base = 0, parameters = 0;
};
SobolDesign sobol_design(const std::vector<Varied>& parameters, std::size_t base, std::uint64_t seed);

struct SobolIndex {
    double first = 0, first_low = 0, first_high = 0;  ///< 95 % by bootstrap over the rows
    double total = 0, total_low = 0, total_high = 0;
};
struct SobolResult {
    std::vector<SobolIndex> indices;  ///< [parameter]
    double variance = 0;              ///< of the outcome by the parameters, the noise taken out
    double noise_share = 0;           ///< of the variance of the means by the noise; NaN when unknown
};
SobolResult sobol_indices(const SobolDesign& design, const PointMeans& outcome, std::size_t resamples, std::uint64_t seed);

}  // namespace hutong
