/// What must vary in the baseline, at the least: a policy of which nothing is ever refused, late or found is a toy.
/// Declared once, printed in docs/policy.md.
#pragma once

#include <array>
#include <string_view>

#include "core/text.h"

namespace hutong {

struct LeastVariation {
    std::string_view name;
    std::string_view label;  ///< English, the catalogue id
    double least = 0;
};

inline constexpr std::array<LeastVariation, 6> least_variations{{
    {"noes", tr("Share of noes in residents' votes"), 0.10},
    {"queue", tr("Longest queue of a body in a month"), 10},
    {"bodies", tr("Bodies with a queue in some month"), 3},
    {"sent_back", tr("Cases sent back, share of decisions"), 0.02},
    {"excluded", tr("Clauses that exclude a use in some space"), 8},
    {"findings", tr("Inspections with findings, share"), 0.002},
}};

}  // namespace hutong
