#include "analysis/compare.h"

#include <algorithm>

#include "sim/summary.h"

namespace hutong {

std::vector<CompareRow> compare(const IndicatorSet& indicators, const std::vector<std::size_t>& which, Level level,
                                const std::vector<Series>& base, const std::vector<Series>& alternative) {
    std::vector<CompareRow> rows;
    const std::size_t pairs = std::min(base.size(), alternative.size());
    if (pairs == 0) return rows;
    std::size_t last = base.front().rows();
    for (std::size_t r = 0; r < pairs; ++r) last = std::min({last, base[r].rows(), alternative[r].rows()});
    for (const std::size_t i : which) {
        if (level < indicators.all()[i].lowest) continue;
        for (std::size_t area = 0; area < base.front().areas(level); ++area) {
            std::vector<double> a, b;
            for (std::size_t r = 0; r < pairs; ++r) {
                a.push_back(base[r].at(i, level, last - 1, area));
                b.push_back(alternative[r].at(i, level, last - 1, area));
            }
            rows.push_back({i, level, area, summarise(a).mean, summarise(b).mean, paired_difference(a, b)});
        }
    }
    return rows;
}

}  // namespace hutong
