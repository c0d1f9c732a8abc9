#include "analysis/map_geometry.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <set>

#include "analysis/colour_scales.h"

namespace hutong {
namespace {

constexpr int classes = 9;
constexpr double decimetres = 10, touching_dm = 5;

using Corner = std::pair<std::int64_t, std::int64_t>;  // decimetres

/// The edge from a to b cut at every corner that lies on it, as blocks may meet in a T.
std::vector<Corner> cut(const Corner& a, const Corner& b, const std::set<Corner>& corners) {
    const auto dx = static_cast<double>(b.first - a.first), dy = static_cast<double>(b.second - a.second);
    const double length = std::sqrt(dx * dx + dy * dy);
    std::vector<std::pair<double, Corner>> on_it{{0, a}, {length, b}};
    for (const Corner& c : corners) {
        const auto x = static_cast<double>(c.first - a.first), y = static_cast<double>(c.second - a.second);
        const double along = (x * dx + y * dy) / length, aside = std::fabs(x * dy - y * dx) / length;
        if (aside < touching_dm && along > touching_dm && along < length - touching_dm) on_it.emplace_back(along, c);
    }
    std::sort(on_it.begin(), on_it.end());
    std::vector<Corner> path;
    for (const auto& [along, c] : on_it) path.push_back(c);
    return path;
}

}  // namespace

void MapBounds::add(const Point& p) {
    low_x = std::min(low_x, p.x_m);
    high_x = std::max(high_x, p.x_m);
    low_y = std::min(low_y, p.y_m);
    high_y = std::max(high_y, p.y_m);
}

MapBounds bounds_of(const std::vector<BlockInfo>& blocks) {
    MapBounds box;
    for (const BlockInfo& block : blocks) {
        for (const auto& ring : block.rings) {
            for (const Point& p : ring) box.add(p);
        }
    }
    return box;
}

std::vector<std::pair<Point, Point>> subdistrict_borders(const std::vector<BlockInfo>& blocks) {
    auto corner = [](const Point& p) { return Corner{std::llround(p.x_m * decimetres), std::llround(p.y_m * decimetres)}; };
    auto point = [](const Corner& c) {
        return Point{static_cast<double>(c.first) / decimetres, static_cast<double>(c.second) / decimetres};
    };
    std::map<std::uint16_t, std::set<Corner>> corners;
    for (const BlockInfo& block : blocks) {
        for (const auto& ring : block.rings) {
            for (const Point& p : ring) corners[block.subdistrict].insert(corner(p));
        }
    }
    std::map<std::pair<std::uint16_t, std::pair<Corner, Corner>>, int> edges;
    for (const BlockInfo& block : blocks) {
        for (const auto& ring : block.rings) {
            for (std::size_t i = 0; i < ring.size(); ++i) {
                const Corner a = corner(ring[i]), b = corner(ring[(i + 1) % ring.size()]);
                if (a == b) continue;
                const auto path = cut(a, b, corners[block.subdistrict]);
                for (std::size_t k = 1; k < path.size(); ++k) ++edges[{block.subdistrict, std::minmax(path[k - 1], path[k])}];
            }
        }
    }
    std::vector<std::pair<Point, Point>> borders;
    for (const auto& [key, times] : edges) {
        if (times == 1) borders.emplace_back(point(key.second.first), point(key.second.second));
    }
    return borders;
}

std::string short_place_name(std::string_view name) { return std::string(name.substr(0, name.find(" ("))); }

Point subdistrict_middle(const std::vector<BlockInfo>& blocks, std::size_t subdistrict) {
    double sum_x = 0, sum_y = 0, sum = 0;
    for (const BlockInfo& block : blocks) {
        if (block.subdistrict != subdistrict || block.rings.empty()) continue;
        MapBounds box;
        for (const Point& p : block.rings.front()) box.add(p);
        const double weight = std::max(block.area_m2, 1.0);
        sum_x += weight * (box.low_x + box.high_x) / 2;
        sum_y += weight * (box.low_y + box.high_y) / 2;
        sum += weight;
    }
    return sum > 0 ? Point{sum_x / sum, sum_y / sum} : Point{};
}

std::vector<double> class_edges(const std::vector<double>& values, bool diverging) {
    double low = 1e300, high = -1e300;
    for (const double v : values) {
        if (!std::isfinite(v)) continue;
        low = std::min(low, v);
        high = std::max(high, v);
    }
    if (low > high) return {};
    if (!diverging) return round_edges(low, high, classes);
    const double far = std::max({std::fabs(low), std::fabs(high), 1e-9});
    const auto right = round_edges(0, far, classes / 2 + 1);
    std::vector<double> edges;
    for (std::size_t i = right.size(); i-- > 1;) edges.push_back(-right[i]);
    edges.insert(edges.end(), right.begin(), right.end());
    return edges;
}

std::size_t class_of(double value, const std::vector<double>& edges) {
    const auto above = std::upper_bound(edges.begin(), edges.end(), value);
    return static_cast<std::size_t>(
        std::clamp<std::ptrdiff_t>(above - edges.begin() - 1, 0, static_cast<std::ptrdiff_t>(edges.size()) - 2));
}

}  // namespace hutong
