#include "analysis/sensitivity.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "analysis/statistics.h"
#include "core/draw.h"
#include "sim/summary.h"

namespace hutong {
namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();
constexpr std::uint64_t stream_a = 1, stream_b = 2, stream_start = 3, stream_order = 4, stream_sign = 5, stream_bootstrap = 6;

double keyed(std::uint64_t seed, std::uint64_t a, std::uint64_t b, std::uint64_t stream) {
    return unit_open(static_cast<std::uint32_t>(luck_key(seed, a, b, stream) >> 32));
}

/// First-order (Saltelli and others 2010) and total (Jansen 1999) numerators and the variance over a choice of rows.
struct Sums {
    double variance = 0;
    std::vector<double> first, total;
};

Sums sums_of(const SobolDesign& design, const std::vector<double>& y, const std::vector<std::size_t>& rows, double noise) {
    const std::size_t n = design.base, k = design.parameters;
    Sums out{0, std::vector<double>(k, 0), std::vector<double>(k, 0)};
    const auto count = static_cast<double>(rows.size());
    double mean = 0;
    for (const std::size_t i : rows) mean += (y[i] + y[n + i]) / (2 * count);
    for (const std::size_t i : rows) {
        const double a = y[i] - mean, b = y[n + i] - mean;
        out.variance += (a * a + b * b) / (2 * count - 1);
        for (std::size_t p = 0; p < k; ++p) {
            const double mixed = y[(2 + p) * n + i] - mean;
            out.first[p] += b * (mixed - a) / count;
            out.total[p] += (a - mixed) * (a - mixed) / (2 * count);
        }
    }
    // Noise is independent between different points: it enters squares, not the products of b with a difference.
    out.variance = std::max(0.0, out.variance - noise);
    for (double& total : out.total) total -= noise;
    return out;
}

}  // namespace

PointMeans point_means(const OutcomeTable& table) {
    PointMeans out;
    for (const auto& row : table) out.mean.push_back(mean_of(row));
    const std::size_t points = table.size(), replicates = points > 0 ? table.front().size() : 0;
    if (replicates < 2 || points < 2) return out;
    std::vector<double> of_replicate(replicates, 0);
    double whole = 0;
    for (const auto& row : table) {
        for (std::size_t r = 0; r < replicates; ++r) {
            of_replicate[r] += row[r] / static_cast<double>(points);
            whole += row[r] / static_cast<double>(points * replicates);
        }
    }
    double squares = 0;
    for (std::size_t i = 0; i < points; ++i) {
        for (std::size_t r = 0; r < replicates; ++r) {
            const double rest = table[i][r] - out.mean[i] - of_replicate[r] + whole;
            squares += rest * rest;
        }
    }
    out.noise_variance = squares / static_cast<double>((points - 1) * (replicates - 1)) / static_cast<double>(replicates);
    out.noise_known = std::isfinite(out.noise_variance);
    return out;
}

MorrisDesign morris_design(const std::vector<Varied>& parameters, std::size_t trajectories, std::uint64_t seed) {
    constexpr double step = 2.0 / 3, third = 1.0 / 3;  // four levels 0, 1/3, 2/3, 1: Morris' p = 4
    MorrisDesign design;
    design.parameters = parameters.size();
    for (std::size_t t = 0; t < trajectories; ++t) {
        std::vector<double> point(parameters.size());
        std::vector<std::pair<double, std::size_t>> order;
        for (std::size_t p = 0; p < parameters.size(); ++p) {
            point[p] = keyed(seed, t, p, stream_start) < 0.5 ? 0 : third;
            if (keyed(seed, t, p, stream_sign) < 0.5) point[p] += step;  // this one moves down
            order.emplace_back(keyed(seed, t, p, stream_order), p);
        }
        std::sort(order.begin(), order.end());
        design.points.push_back(point);
        std::vector<std::size_t> moved;
        for (const auto& [key, p] : order) {
            point[p] = point[p] > 0.5 ? point[p] - step : point[p] + step;
            design.points.push_back(point);
            moved.push_back(p);
        }
        design.moved.push_back(std::move(moved));
    }
    return design;
}

std::vector<MorrisEffect> morris_effects(const MorrisDesign& design, const PointMeans& outcome) {
    const std::size_t k = design.parameters, length = k + 1;
    std::vector<std::vector<double>> effects(k);
    for (std::size_t t = 0; t < design.moved.size(); ++t) {
        for (std::size_t s = 0; s < k; ++s) {
            const std::size_t at = t * length + s, p = design.moved[t][s];
            const double way = design.points[at + 1][p] - design.points[at][p];
            effects[p].push_back((outcome.mean[at + 1] - outcome.mean[at]) / way);
        }
    }
    constexpr double step = 2.0 / 3;
    // An effect of noise alone is normal with this variance; the mean of its absolute value is sd * sqrt(2 / pi).
    const double noise = 2 * outcome.noise_variance / (step * step);
    std::vector<MorrisEffect> out;
    for (const auto& one : effects) {
        std::vector<double> sizes;
        for (const double e : one) sizes.push_back(std::fabs(e));
        MorrisEffect effect;
        effect.mean = mean_of(one);
        effect.size = mean_of(sizes);
        effect.size_error = std::sqrt(variance_of(sizes) / static_cast<double>(sizes.size()));
        effect.spread = std::sqrt(std::max(0.0, variance_of(one) - noise));
        effect.noise = outcome.noise_known ? std::sqrt(noise * 2 / std::numbers::pi) : none;
        out.push_back(effect);
    }
    return out;
}

SobolDesign sobol_design(const std::vector<Varied>& parameters, std::size_t base, std::uint64_t seed) {
    SobolDesign design;
    design.base = base;
    design.parameters = parameters.size();
    // Latin hypercubes fill the margins evenly; A and B are independent.
    const Points a = latin_hypercube(parameters, base, luck_key(seed, stream_a)),
                 b = latin_hypercube(parameters, base, luck_key(seed, stream_b));
    design.points = a;
    design.points.insert(design.points.end(), b.begin(), b.end());
    for (std::size_t p = 0; p < parameters.size(); ++p) {
        for (std::size_t i = 0; i < base; ++i) {
            auto mixed = a[i];
            mixed[p] = b[i][p];
            design.points.push_back(std::move(mixed));
        }
    }
    return design;
}

SobolResult sobol_indices(const SobolDesign& design, const PointMeans& outcome, std::size_t resamples, std::uint64_t seed) {
    constexpr double low = 0.025, high = 0.975;
    std::vector<std::size_t> rows(design.base);
    for (std::size_t i = 0; i < rows.size(); ++i) rows[i] = i;
    const Sums whole = sums_of(design, outcome.mean, rows, outcome.noise_variance);
    SobolResult out;
    out.variance = whole.variance;
    const double with_noise = whole.variance + outcome.noise_variance;
    out.noise_share = outcome.noise_known && with_noise > 0 ? outcome.noise_variance / with_noise : none;
    std::vector<std::vector<double>> first(design.parameters), total(design.parameters);
    for (std::size_t s = 0; s < resamples; ++s) {
        for (std::size_t i = 0; i < rows.size(); ++i)
            rows[i] = static_cast<std::size_t>(keyed(seed, s, i, stream_bootstrap) * static_cast<double>(design.base));
        const Sums again = sums_of(design, outcome.mean, rows, outcome.noise_variance);
        if (!(again.variance > 0)) continue;
        for (std::size_t p = 0; p < design.parameters; ++p) {
            first[p].push_back(again.first[p] / again.variance);
            total[p].push_back(again.total[p] / again.variance);
        }
    }
    for (std::size_t p = 0; p < design.parameters; ++p) {
        std::sort(first[p].begin(), first[p].end());
        std::sort(total[p].begin(), total[p].end());
        const double scale = whole.variance > 0 ? 1 / whole.variance : none;
        out.indices.push_back({whole.first[p] * scale, quantile(first[p], low), quantile(first[p], high), whole.total[p] * scale,
                               quantile(total[p], low), quantile(total[p], high)});
    }
    return out;
}

}  // namespace hutong
