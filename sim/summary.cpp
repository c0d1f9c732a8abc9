#include "sim/summary.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace hutong {

double quantile(const std::vector<double>& sorted, double p) {
    if (sorted.empty()) return std::numeric_limits<double>::quiet_NaN();
    const double position = p * static_cast<double>(sorted.size() - 1);
    const auto below = static_cast<std::size_t>(std::floor(position));
    const std::size_t above = std::min(below + 1, sorted.size() - 1);
    return sorted[below] + (position - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

Summary summarise(std::vector<double> values) {
    constexpr double low = 0.05, middle = 0.5, high = 0.95;
    const double none = std::numeric_limits<double>::quiet_NaN();
    std::erase_if(values, [](double v) { return std::isnan(v); });
    if (values.empty()) return {none, none, none, none, none};
    std::sort(values.begin(), values.end());
    const auto n = static_cast<double>(values.size());
    double sum = 0;
    for (double v : values) sum += v;
    const double mean = sum / n;
    if (values.size() < 2) return {mean, mean, none, none, none};
    double squares = 0;
    for (double v : values) squares += (v - mean) * (v - mean);
    return {mean, quantile(values, middle), quantile(values, low), quantile(values, high), std::sqrt(squares / (n - 1) / n)};
}

}  // namespace hutong
