/// Dwellings made single from the pack's groups, and the synthetic households put into them.
#pragma once

#include "agents/synthesis_fit.h"

namespace hutong {

/// How a count of the pack shrinks or grows with `scale`: running totals are rounded, so that every sub-district keeps
/// its share; what is left over is carried to the next group of the same kind.
class ScaledCounts {
public:
    explicit ScaledCounts(double scale) : scale_(scale) {}
    /// Next count of a series; `carry` belongs to the series and starts at one half.
    std::uint32_t next(double count, double& carry) const;

private:
    double scale_;
};

/// Fills world.dwellings, ordered by block and node. Held empty homes and homes of spaces vacated before the start are marked.
void expand_dwellings(const District& district, Month start, double scale, const SynthesisAssumptions& assumptions, const Luck& luck,
                      const Parallel& parallel, DwellingTable& dwellings);

struct PlacementSummary {
    std::uint64_t households = 0;
    std::uint64_t other_class = 0;  ///< households that found no home of their own class
};

/// Puts every chosen household into one dwelling of its sub-district and fills the tables of households and people (not
/// yet their activity, income and cars). Larger households take larger homes, with noise. Throws Error(bad_district)
/// when homes do not suffice.
PlacementSummary place_households(const Pool& pool, const FittedHouseholds& fitted, const District& district, Month start,
                                  const SynthesisAssumptions& assumptions, const Luck& luck, const Parallel& parallel, World& world);

}  // namespace hutong
