#include "sim/agent_places.h"

#include <algorithm>
#include <limits>

namespace hutong {

PlaceCounts count_places(const World& world, std::size_t nodes) {
    PlaceCounts counts;
    // One more for the people without a home in the moment (no_node): cheaper than asking in every row.
    std::vector<std::uint32_t> homes(std::max<std::size_t>(nodes, no_node) + 1, 0);
    for (const std::uint16_t node : world.people.home_node) ++homes[node];  // a free row has no_node
    counts.homes.assign(homes.begin(), homes.begin() + static_cast<std::ptrdiff_t>(nodes));
    counts.posts.assign(nodes, 0);
    const BusinessTable& businesses = world.businesses;
    for (std::uint32_t b = 0; b < businesses.rows(); ++b) {
        if (businesses.alive(b)) counts.posts[world.premises.node[businesses.premises[b]]] += businesses.filled[b];
    }
    return counts;
}

std::vector<PlaceChange> changes_between(const PlaceCounts& before, const PlaceCounts& after) {
    std::vector<PlaceChange> changes;
    constexpr std::int64_t least = std::numeric_limits<std::int16_t>::min(), most = std::numeric_limits<std::int16_t>::max();
    for (std::size_t n = 0; n < after.homes.size(); ++n) {
        std::int64_t homes = std::int64_t{after.homes[n]} - before.homes[n], posts = std::int64_t{after.posts[n]} - before.posts[n];
        while (homes != 0 || posts != 0) {
            const auto some_homes = static_cast<std::int16_t>(std::clamp(homes, least, most));
            const auto some_posts = static_cast<std::int16_t>(std::clamp(posts, least, most));
            changes.push_back({static_cast<std::uint16_t>(n), some_homes, some_posts});
            homes -= some_homes;
            posts -= some_posts;
        }
    }
    return changes;
}

void apply_changes(PlaceCounts& counts, const std::vector<PlaceChange>& changes) {
    for (const PlaceChange& c : changes) {
        counts.homes[c.node] += static_cast<std::uint32_t>(std::int32_t{c.homes});
        counts.posts[c.node] += static_cast<std::uint32_t>(std::int32_t{c.posts});
    }
}

}  // namespace hutong
