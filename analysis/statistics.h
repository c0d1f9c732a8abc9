/// Statistics of paired replicates.
#pragma once

#include <vector>

namespace hutong {

/// A mean difference with its 95 % interval (Student's t). With fewer than two pairs there is no interval (NaN).
struct Difference {
    double mean = 0, low = 0, high = 0;
    std::size_t pairs = 0;
    bool has_interval() const { return pairs > 1; }
    /// The interval does not contain zero.
    bool sure() const { return has_interval() && (low > 0 || high < 0); }
};

/// Differences b - a of replicates paired by seed; a pair without a number on either side is left out. No pair at
/// all: mean NaN.
Difference paired_difference(const std::vector<double>& a, const std::vector<double>& b);

/// The same of replicates with unrelated seeds: the variances add up (Welch's degrees of freedom, rounded down).
Difference unpaired_difference(const std::vector<double>& a, const std::vector<double>& b);

/// Mean and variance (n - 1) of the values that are numbers; NaN without one, or without two.
double mean_of(const std::vector<double>& values);
double variance_of(const std::vector<double>& values);

/// 97.5 % quantile of Student's t with this many degrees of freedom (Abramowitz and Stegun 26.7.5, exact for 1 and 2).
double student_975(std::size_t degrees);

}  // namespace hutong
