/// The 101 schematic blocks: number by area and people, shape by straight cuts, zone and overlays from the circles.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "scenarios/generate_draft.h"
#include "scenarios/generate_geometry.h"

namespace hutong::generate {
namespace {

constexpr int block_total = 101;       // 2019 government work report
constexpr int least_blocks = 3;        // assumption
constexpr double zone_share = 0.4;     // assumption: share of a block in a zone's circles that makes it of that zone
constexpr double overlay_share = 0.5;  // "mostly"
constexpr double sample_m = 15;        // spacing of the sample that measures shares

std::vector<std::int64_t> blocks_by_subdistrict(const Draft& draft) {
    double area_sum = 0, people = 0;
    for (const auto& one : draft.subdistricts) area_sum += one.area_m2, people += one.pop_2017;
    std::vector<double> weights;
    for (const auto& one : draft.subdistricts) weights.push_back(one.area_m2 / area_sum + one.pop_2017 / people);
    // Those that would fall below the least number get it; the others share the rest.
    std::vector<std::int64_t> count(weights.size(), 0);
    std::int64_t left = block_total;
    const auto first = split(block_total, weights);
    for (std::size_t i = 0; i < weights.size(); ++i) {
        if (first[i] <= least_blocks) {
            count[i] = least_blocks;
            left -= least_blocks;
            weights[i] = 0;
        }
    }
    const auto rest = split(left, weights);
    for (std::size_t i = 0; i < weights.size(); ++i) count[i] += rest[i];
    return count;
}

void give_zone(const Draft& draft, DraftBlock& one, std::vector<std::vector<double>>& share_of_area) {
    const Ring& ring = one.block.rings[0];
    double low_x = 1e18, low_y = 1e18, high_x = -1e18, high_y = -1e18;
    for (const Point& p : ring) {
        low_x = std::min(low_x, p.x_m), high_x = std::max(high_x, p.x_m);
        low_y = std::min(low_y, p.y_m), high_y = std::max(high_y, p.y_m);
    }
    std::vector<int> in_area(draft.zones.size(), 0);
    int points = 0, in_type[zone_types] = {};
    for (double x = low_x + sample_m / 2; x < high_x; x += sample_m) {
        for (double y = low_y + sample_m / 2; y < high_y; y += sample_m) {
            if (!inside(ring, {x, y})) continue;
            ++points;
            bool hit[zone_types] = {};
            for (std::size_t z = 0; z < draft.zones.size(); ++z) {
                const FactZone& zone = draft.zones[z];
                const double dx = x - zone.centre.x_m, dy = y - zone.centre.y_m;
                if (dx * dx + dy * dy > zone.radius_m * zone.radius_m) continue;
                ++in_area[z];
                hit[static_cast<int>(zone.zone)] = true;
            }
            for (int type = 0; type < zone_types; ++type) in_type[type] += hit[type];
        }
    }
    one.block.zone = ZoneType::living;
    for (const ZoneType type : {ZoneType::business, ZoneType::historic, ZoneType::government}) {  // the last one that fits wins
        if (in_type[static_cast<int>(type)] >= zone_share * points) one.block.zone = type;
    }
    std::vector<double> covered(draft.zones.size(), 0);
    for (std::size_t z = 0; z < draft.zones.size(); ++z) {
        covered[z] = in_area[z] * sample_m * sample_m;
        if (in_area[z] >= overlay_share * points) one.block.named_areas |= std::uint64_t{1} << z;
    }
    share_of_area.push_back(std::move(covered));
}

}  // namespace

void make_blocks(Draft& draft) {
    const auto counts = blocks_by_subdistrict(draft);
    std::vector<std::vector<double>> covered;
    for (std::size_t s = 0; s < draft.subdistricts.size(); ++s) {
        const FactSubdistrict& sub = draft.subdistricts[s];
        auto pieces = cut(sub.ring, static_cast<int>(counts[s]));
        // Numbered from north to south in bands of half a kilometre, west to east.
        std::sort(pieces.begin(), pieces.end(), [](const Ring& a, const Ring& b) {
            const Point p = centroid(a), q = centroid(b);
            const double pb = std::floor(-p.y_m / 500), qb = std::floor(-q.y_m / 500);
            return pb != qb ? pb < qb : p.x_m < q.x_m;
        });
        for (std::size_t i = 0; i < pieces.size(); ++i) {
            DraftBlock one;
            one.block.code = fmt::format("{}-{:02}", sub.code, i + 1);
            std::string short_zh = sub.name_zh;
            if (short_zh.ends_with("街道")) short_zh.resize(short_zh.size() - std::string_view("街道").size());
            one.block.name_zh = fmt::format("{} {:02}", short_zh, i + 1);
            one.block.name_en = fmt::format("{} {:02}", sub.name_en, i + 1);
            one.block.subdistrict = SubdistrictId(s);
            one.block.area_m2 = area(pieces[i]);
            one.block.centre = centroid(pieces[i]);
            one.block.rings = {pieces[i]};
            give_zone(draft, one, covered);
            draft.blocks.push_back(std::move(one));
        }
    }
    for (std::size_t z = 0; z < draft.zones.size(); ++z) {  // a small named area belongs to the block that holds most of it
        const FactZone& zone = draft.zones[z];
        const std::uint64_t bit = std::uint64_t{1} << z;
        std::size_t most = 0;
        for (std::size_t b = 0; b < draft.blocks.size(); ++b) {
            if (covered[b][z] > covered[most][z]) most = b;
        }
        draft.blocks[most].block.named_areas |= bit;
        for (DraftBlock& one : draft.blocks) {
            if (!(one.block.named_areas & bit)) continue;
            if (zone.zone == ZoneType::historic) one.block.conservation_area = true;
            if (zone.zone == ZoneType::business) one.block.function_area = true;
        }
    }
}

}  // namespace hutong::generate
