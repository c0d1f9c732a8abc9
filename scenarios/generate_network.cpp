/// The walking network: one jittered lattice per kind of fabric, denser in hutong areas, stitched where fabrics meet,
/// thinned at random but never cut, and a coarser ring around the district.
#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numeric>
#include <tuple>

#include "scenarios/generate_draft.h"
#include "scenarios/generate_geometry.h"

namespace hutong::generate {
namespace {

enum Fabric { hutong_lanes, living_streets, wide_streets, ring_streets, fabrics };
constexpr double spacing_m[fabrics] = {52, 73, 86, 150};  // assumption, checked against 10 000 nodes in the district
constexpr double jitter = 0.22;                           // of the spacing, assumption
constexpr double removed_share = 0.36;                    // of the links no spanning tree needs, assumption
constexpr double detour_low = 1.05, detour_high = 1.15;   // streets 1.1 times the straight edge (facts/README.md), assumption
constexpr double ring_width_m = 1200;
constexpr double stitch_reach = 1.45;  // of the wider spacing

struct Site {
    DraftNode node;
    int fabric = 0;
    std::int32_t i = 0, j = 0;
};

Fabric fabric_of(const Block& block) {
    if (block.zone == ZoneType::historic) return hutong_lanes;
    return block.zone == ZoneType::living ? living_streets : wide_streets;
}

std::int32_t block_at(const Draft& draft, const std::vector<std::array<double, 4>>& boxes, Point point) {
    for (std::size_t b = 0; b < draft.blocks.size(); ++b) {
        const auto& box = boxes[b];
        if (point.x_m < box[0] || point.x_m > box[1] || point.y_m < box[2] || point.y_m > box[3]) continue;
        if (inside(draft.blocks[b].block.rings[0], point)) return static_cast<std::int32_t>(b);
    }
    return -1;
}

std::vector<Site> place_sites(const Draft& draft) {
    std::vector<std::array<double, 4>> boxes;
    double low_x = 1e18, high_x = -1e18, low_y = 1e18, high_y = -1e18;
    for (const DraftBlock& one : draft.blocks) {
        std::array<double, 4> box = {1e18, -1e18, 1e18, -1e18};
        for (const Point& p : one.block.rings[0]) {
            box[0] = std::min(box[0], p.x_m), box[1] = std::max(box[1], p.x_m);
            box[2] = std::min(box[2], p.y_m), box[3] = std::max(box[3], p.y_m);
        }
        low_x = std::min(low_x, box[0]), high_x = std::max(high_x, box[1]);
        low_y = std::min(low_y, box[2]), high_y = std::max(high_y, box[3]);
        boxes.push_back(box);
    }
    std::vector<Site> sites;
    for (int fabric = 0; fabric < fabrics; ++fabric) {
        const double step = spacing_m[fabric];
        const auto from_i = static_cast<std::int32_t>(std::floor((low_x - ring_width_m) / step)),
                   to_i = static_cast<std::int32_t>(std::floor((high_x + ring_width_m) / step));
        const auto from_j = static_cast<std::int32_t>(std::floor((low_y - ring_width_m) / step)),
                   to_j = static_cast<std::int32_t>(std::floor((high_y + ring_width_m) / step));
        for (std::int32_t j = from_j; j <= to_j; ++j) {
            for (std::int32_t i = from_i; i <= to_i; ++i) {
                const std::uint64_t a = static_cast<std::uint32_t>(i), b = static_cast<std::uint32_t>(j),
                                    f = static_cast<std::uint64_t>(fabric);
                const double shift_x = draft.chance.between(-jitter, jitter, "node x", f, a, b),
                             shift_y = draft.chance.between(-jitter, jitter, "node y", f, a, b);
                // Decimetres, as the pack stores them.
                const Point p{std::floor((i + 0.5 + shift_x) * step * 10 + 0.5) / 10,
                              std::floor((j + 0.5 + shift_y) * step * 10 + 0.5) / 10};
                const std::int32_t block = block_at(draft, boxes, p);
                Site site;
                site.fabric = fabric, site.i = i, site.j = j;
                site.node.x_m = p.x_m, site.node.y_m = p.y_m, site.node.block = block;
                if (fabric == ring_streets) {
                    if (block >= 0) continue;
                    double nearest = 1e18;
                    bool within = false;
                    for (std::size_t s = 0; s < draft.subdistricts.size(); ++s) {
                        const double distance = distance_to(draft.subdistricts[s].ring, p);
                        within = within || inside(draft.subdistricts[s].ring, p);
                        if (distance < nearest) nearest = distance, site.node.subdistrict = static_cast<std::int32_t>(s);
                    }
                    if (nearest > ring_width_m || within) continue;
                } else {
                    if (block < 0 || fabric_of(draft.blocks[static_cast<std::size_t>(block)].block) != fabric) continue;
                    site.node.subdistrict =
                        static_cast<std::int32_t>(draft.blocks[static_cast<std::size_t>(block)].block.subdistrict.value);
                }
                sites.push_back(site);
            }
        }
    }
    // Nodes of one block stand together in the file, the ring comes last.
    std::sort(sites.begin(), sites.end(), [](const Site& p, const Site& q) {
        return std::make_tuple(static_cast<std::uint32_t>(p.node.block), -p.j, p.i) <
               std::make_tuple(static_cast<std::uint32_t>(q.node.block), -q.j, q.i);
    });
    return sites;
}

using Pair = std::pair<std::uint32_t, std::uint32_t>;

std::vector<Pair> candidate_links(const Draft& draft, const std::vector<Site>& sites) {
    std::map<std::tuple<int, std::int32_t, std::int32_t>, std::uint32_t> at;
    for (std::uint32_t n = 0; n < sites.size(); ++n) at[{sites[n].fabric, sites[n].i, sites[n].j}] = n;
    const double bucket_m = spacing_m[ring_streets] * stitch_reach;
    std::map<std::pair<std::int32_t, std::int32_t>, std::vector<std::uint32_t>> buckets;
    const auto bucket = [&](double x) { return static_cast<std::int32_t>(std::floor(x / bucket_m)); };
    for (std::uint32_t n = 0; n < sites.size(); ++n) buckets[{bucket(sites[n].node.x_m), bucket(sites[n].node.y_m)}].push_back(n);
    std::vector<Pair> links;
    const auto add = [&](std::uint32_t a, std::uint32_t b) { links.push_back({std::min(a, b), std::max(a, b)}); };
    for (std::uint32_t n = 0; n < sites.size(); ++n) {
        const Site& site = sites[n];
        const auto find = [&](int di, int dj) { return at.find({site.fabric, site.i + di, site.j + dj}); };
        for (const auto& [di, dj] : {std::pair{1, 0}, std::pair{0, 1}}) {
            if (auto other = find(di, dj); other != at.end()) add(n, other->second);
        }
        // One diagonal in every cell of the lattice.
        const bool rising = draft.chance.uniform("diagonal", static_cast<std::uint64_t>(site.fabric), static_cast<std::uint32_t>(site.i),
                                                 static_cast<std::uint32_t>(site.j)) < 0.5;
        if (rising) {
            if (auto other = find(1, 1); other != at.end()) add(n, other->second);
        } else if (auto east = find(1, 0), north = find(0, 1); east != at.end() && north != at.end()) {
            add(east->second, north->second);
        }
        // Where the lattice ends, the nearest node of another fabric in that direction.
        for (const auto& [di, dj] : {std::pair{1, 0}, std::pair{-1, 0}, std::pair{0, 1}, std::pair{0, -1}}) {
            if (find(di, dj) != at.end()) continue;
            double best = 1e18;
            std::uint32_t nearest = n;
            for (std::int32_t bx = -1; bx <= 1; ++bx) {
                for (std::int32_t by = -1; by <= 1; ++by) {
                    auto cell = buckets.find({bucket(site.node.x_m) + bx, bucket(site.node.y_m) + by});
                    if (cell == buckets.end()) continue;
                    for (const std::uint32_t other : cell->second) {
                        if (sites[other].fabric == site.fabric) continue;
                        const double dx = sites[other].node.x_m - site.node.x_m, dy = sites[other].node.y_m - site.node.y_m;
                        const double ahead = dx * di + dy * dj, aside = dx * dj + dy * di;
                        if (ahead <= 0 || std::fabs(aside) > ahead) continue;
                        const double reach = stitch_reach * std::max(spacing_m[sites[other].fabric], spacing_m[site.fabric]),
                                     d2 = dx * dx + dy * dy;
                        if (d2 < reach * reach && d2 < best) best = d2, nearest = other;
                    }
                }
            }
            if (nearest != n) add(n, nearest);
        }
    }
    std::sort(links.begin(), links.end());
    links.erase(std::unique(links.begin(), links.end()), links.end());
    return links;
}

struct Joined {
    std::vector<std::uint32_t> parent;
    explicit Joined(std::size_t n) : parent(n) { std::iota(parent.begin(), parent.end(), 0U); }
    std::uint32_t root(std::uint32_t a) {
        while (parent[a] != a) a = parent[a] = parent[parent[a]];
        return a;
    }
    bool join(std::uint32_t a, std::uint32_t b) {
        a = root(a), b = root(b);
        if (a == b) return false;
        parent[std::max(a, b)] = std::min(a, b);
        return true;
    }
};

}  // namespace

void make_network(Draft& draft) {
    const std::vector<Site> sites = place_sites(draft);
    std::vector<Pair> links = candidate_links(draft, sites);
    const auto site_key = [&](std::uint32_t n) {
        return luck_key(static_cast<std::uint64_t>(sites[n].fabric), static_cast<std::uint32_t>(sites[n].i),
                        static_cast<std::uint32_t>(sites[n].j));
    };
    std::vector<std::pair<std::uint64_t, Pair>> by_luck;
    for (const Pair& link : links) by_luck.push_back({draft.chance.key("link", site_key(link.first), site_key(link.second)), link});
    std::sort(by_luck.begin(), by_luck.end());
    Joined joined(sites.size());
    std::vector<Pair> kept;
    for (const auto& [key, link] : by_luck) {
        const bool needed = joined.join(link.first, link.second);
        if (needed || unit_open(static_cast<std::uint32_t>(mix64(key))) >= removed_share) kept.push_back(link);
    }
    // Parts the lattices left apart are tied to their nearest neighbour in another part.
    for (bool apart = true; apart;) {
        apart = false;
        for (std::uint32_t n = 0; n < sites.size() && !apart; ++n) {
            if (joined.root(n) != n || n == joined.root(0)) continue;
            double best = 1e18;
            Pair tie{0, 0};
            for (std::uint32_t a = 0; a < sites.size(); ++a) {
                if (joined.root(a) != n) continue;
                for (std::uint32_t b = 0; b < sites.size(); ++b) {
                    const double dx = sites[a].node.x_m - sites[b].node.x_m, dy = sites[a].node.y_m - sites[b].node.y_m;
                    if (dx * dx + dy * dy < best && joined.root(b) != n) best = dx * dx + dy * dy, tie = {std::min(a, b), std::max(a, b)};
                }
            }
            joined.join(tie.first, tie.second);
            kept.push_back(tie);
            apart = true;
        }
    }
    std::sort(kept.begin(), kept.end());
    for (const Site& site : sites) {
        if (site.node.block >= 0)
            draft.blocks[static_cast<std::size_t>(site.node.block)].nodes.push_back(static_cast<std::uint32_t>(draft.nodes.size()));
        draft.nodes.push_back(site.node);
    }
    for (const auto& [a, b] : kept) {
        const double dx = sites[a].node.x_m - sites[b].node.x_m, dy = sites[a].node.y_m - sites[b].node.y_m;
        const double detour = draft.chance.between(detour_low, detour_high, "detour", site_key(a), site_key(b));
        draft.links.push_back({a, b, static_cast<std::uint32_t>(std::floor(std::sqrt(dx * dx + dy * dy) * detour * 10 + 1))});
    }
}

}  // namespace hutong::generate
