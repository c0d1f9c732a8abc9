/// Public-will approval (C3.5): the households within walking reach of a space in a residential area are asked;
/// those that turn out say yes or no by their own needs.
#pragma once

#include <cstdint>
#include <vector>

#include "agents/model.h"
#include "agents/world.h"

namespace hutong {

struct VoteResult {
    std::uint32_t space = 0;
    std::uint32_t asked = 0;
    std::uint32_t ayes = 0;
    std::uint32_t noes = 0;
    bool passed = false;
};

/// Holds the votes of a month: each asks the households of the nodes in reach, found by DwellingsByNode.
std::vector<VoteResult> hold_votes(const Model& model, const World& world, const std::vector<std::uint32_t>& spaces);

/// Brings World::governance.dwellings_by_node up to date; hold_votes() makes lists of its own where nobody did.
void list_dwellings_by_node(const Model& model, World& world);

}  // namespace hutong
