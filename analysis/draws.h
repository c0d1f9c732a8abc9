/// The other two kinds of uncertainty: assumptions drawn from their declared ranges, and the district drawn again within
/// the ranges of what is not known of it. Each draw keeps the seed, so that neither is mixed with chance.
#pragma once

#include <cstdint>

#include "scenarios/district.h"
#include "scenarios/scenario.h"

namespace hutong {

/// The scenario with every assumption that declares a range drawn from it, uniformly; draw 0 is the scenario itself.
Scenario drawn_assumptions(const Scenario& scenario, std::uint64_t draw);

/// The district with what is synthetic or assumed placed anew: facilities and vacated spaces (with the homes and premises
/// in them) at another walking node of their block, figures within their ranges; draw 0 is the district itself. The
/// start population follows from it and from drawn_population().
District drawn_district(const District& district, std::uint64_t draw);
/// The scenario with another seed of the synthesis: another start population that fits the same marginals.
Scenario drawn_population(const Scenario& scenario, std::uint64_t draw);

}  // namespace hutong
