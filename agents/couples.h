/// Couple formation (step 6): singles who look for a partner in the same month meet somebody near an age that is drawn for each
/// woman, and the one with the smaller household moves in with the other.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "agents/model.h"
#include "agents/world.h"

namespace hutong {

/// One who looks for a partner.
struct Single {
    std::int64_t birth = 0;  ///< moment of birth: birth_moment()
    std::uint64_t luck = 0;
    std::uint32_t household = 0;  ///< nobody pairs within a household
};
/// Birth in 1/65536 of a month: the month, and inside it a place by the luck key, so that hardly two are born at once.
std::int64_t birth_moment(std::int16_t birth_month, std::uint64_t luck);

/// Pairs (place among the women, place among the men). In each of `rounds` rounds every woman without a partner draws the birth of the
/// man she looks for, hers plus or minus up to `gap_months` (triangular, so that small gaps are most frequent), and proposes to the
/// free man born nearest to it; a man takes the woman who looked nearest to him. Drawn by luck key, never by place in a line: one
/// seeker more or less changes the partners of a few, not of all who are younger. In order of the women's births.
std::vector<std::pair<std::uint32_t, std::uint32_t>> pair_singles(const Luck& luck, Month month, const std::vector<Single>& women,
                                                                  const std::vector<Single>& men, int gap_months, std::int64_t rounds);

/// Makes couples of the seekers of this month.
void form_couples(const Model& model, World& world, const std::vector<std::uint32_t>& seekers);

}  // namespace hutong
