#include "analysis/statistics.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace hutong {

double student_975(std::size_t degrees) {
    // From the tables; above 30 by the expansion in 1/degrees around the normal quantile.
    static constexpr double table[] = {12.7062047364, 4.3026527297, 3.1824463053, 2.7764451052, 2.5705818366, 2.4469118511,
                                       2.3646242516,  2.3060041352, 2.2621571628, 2.2281388520, 2.2009851601, 2.1788128297,
                                       2.1603686565,  2.1447866879, 2.1314495456, 2.1199052992, 2.1098155778, 2.1009220402,
                                       2.0930240544,  2.0859634473, 2.0796138447, 2.0738730679, 2.0686576104, 2.0638985616,
                                       2.0595385528,  2.0555294386, 2.0518305165, 2.0484071418, 2.0452296421, 2.0422724563};
    if (degrees == 0) return std::numeric_limits<double>::quiet_NaN();
    if (degrees <= std::size(table)) return table[degrees - 1];
    constexpr double z = 1.959963984540054;
    const auto n = static_cast<double>(degrees);
    const double z3 = z * z * z, z5 = z3 * z * z;
    return z + (z3 + z) / (4 * n) + (5 * z5 + 16 * z3 + 3 * z) / (96 * n * n);
}

Difference paired_difference(const std::vector<double>& a, const std::vector<double>& b) {
    const double none = std::numeric_limits<double>::quiet_NaN();
    std::vector<double> differences;
    for (std::size_t i = 0; i < a.size() && i < b.size(); ++i) {
        const double d = b[i] - a[i];
        if (std::isfinite(d)) differences.push_back(d);
    }
    if (differences.empty()) return {none, none, none, 0};
    const auto n = static_cast<double>(differences.size());
    double sum = 0;
    for (double d : differences) sum += d;
    const double mean = sum / n;
    if (differences.size() < 2) return {mean, none, none, 1};
    double squares = 0;
    for (double d : differences) squares += (d - mean) * (d - mean);
    const double half = student_975(differences.size() - 1) * std::sqrt(squares / (n - 1) / n);
    return {mean, mean - half, mean + half, differences.size()};
}

double mean_of(const std::vector<double>& values) {
    double sum = 0, n = 0;
    for (const double v : values) {
        if (!std::isfinite(v)) continue;
        sum += v;
        ++n;
    }
    return n > 0 ? sum / n : std::numeric_limits<double>::quiet_NaN();
}

double variance_of(const std::vector<double>& values) {
    const double mean = mean_of(values);
    double squares = 0, n = 0;
    for (const double v : values) {
        if (!std::isfinite(v)) continue;
        squares += (v - mean) * (v - mean);
        ++n;
    }
    return n > 1 ? squares / (n - 1) : std::numeric_limits<double>::quiet_NaN();
}

Difference unpaired_difference(const std::vector<double>& a, const std::vector<double>& b) {
    const auto n = static_cast<double>(a.size()), m = static_cast<double>(b.size());
    const double mean = mean_of(b) - mean_of(a), none = std::numeric_limits<double>::quiet_NaN();
    if (a.size() < 2 || b.size() < 2) return {mean, none, none, 1};
    const double of_a = variance_of(a) / n, of_b = variance_of(b) / m, sum = of_a + of_b;
    if (!(sum > 0)) return {mean, mean, mean, a.size()};
    const double degrees = sum * sum / (of_a * of_a / (n - 1) + of_b * of_b / (m - 1));
    const double half = student_975(static_cast<std::size_t>(std::max(1.0, std::floor(degrees)))) * std::sqrt(sum);
    return {mean, mean - half, mean + half, a.size()};
}

}  // namespace hutong
