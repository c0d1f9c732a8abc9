/// Differences between two scenarios, replicates paired by seed: by indicator for the district and each sub-district,
/// at the last month both have.
#pragma once

#include <string>
#include <vector>

#include "analysis/statistics.h"
#include "sim/series.h"

namespace hutong {

struct CompareRow {
    std::size_t indicator = 0;
    Level level = Level::district;
    std::size_t area = 0;
    double base = 0, alternative = 0;  ///< means over the replicates
    Difference difference;
};

/// One row per indicator and area of the level (indicators that the level does not have are left out).
std::vector<CompareRow> compare(const IndicatorSet& indicators, const std::vector<std::size_t>& which, Level level,
                                const std::vector<Series>& base, const std::vector<Series>& alternative);

}  // namespace hutong
