/// Where people live and work, as numbers by node of the street network: every node once a year, and a journal of what
/// moves and hires changed in each month between. The viewer's points are drawn from it.
#pragma once

#include <cstdint>
#include <vector>

#include "agents/world.h"

namespace hutong {

/// Numbers by node: residents whose home is there, filled posts whose premises are there.
struct PlaceCounts {
    std::vector<std::uint32_t> homes, posts;
    bool operator==(const PlaceCounts&) const = default;
};

/// What one month changed at a node; a change beyond 16 bits takes several entries.
struct PlaceChange {
    std::uint16_t node = 0;
    std::int16_t homes = 0, posts = 0;
};

/// Counts a World; `nodes` of the district's network.
PlaceCounts count_places(const World& world, std::size_t nodes);
/// What leads from one count to the next, in order of the nodes.
std::vector<PlaceChange> changes_between(const PlaceCounts& before, const PlaceCounts& after);
void apply_changes(PlaceCounts& counts, const std::vector<PlaceChange>& changes);

}  // namespace hutong
