/// Statistics over the replicates of one quantity, as /summary stores them.
#pragma once

#include <array>
#include <string_view>
#include <vector>

namespace hutong {

inline constexpr std::array<std::string_view, 5> summary_names{"mean", "median", "p05", "p95", "standard_error"};

struct Summary {
    double mean = 0, median = 0, p05 = 0, p95 = 0, standard_error = 0;
};

/// Values without a number are left out; without any value all five are NaN. One value is its own mean and median and
/// has no quantiles and no standard error (NaN). Quantiles interpolate between order statistics (type 7).
Summary summarise(std::vector<double> values);

/// Quantile of sorted values, p in [0, 1].
double quantile(const std::vector<double>& sorted, double p);

}  // namespace hutong
