#include "viz/agent_points.h"

#include <algorithm>
#include <cmath>

namespace hutong {
namespace {

constexpr double spacing_m = 2.6, golden_angle = 2.399963229728653;  // Vogel 1979: the sunflower's even spread
constexpr float least_radius = 1.1F, most_radius = 3.2F, cell_px = 15;
constexpr float largest_share = 0.42F;  ///< of a cell's side: the largest point, rim included, leaves its neighbours alone

/// Beside its node: homes take the even places of a spiral, posts the odd ones, so that neither moves the other.
Point place_of(const Point& node, std::uint32_t index, bool work) {
    const double k = 2.0 * index + (work ? 1 : 0), r = spacing_m * std::sqrt(k), angle = golden_angle * k;
    return {node.x_m + r * std::cos(angle), node.y_m + r * std::sin(angle)};
}

struct Cell {
    double x = 0, y = 0;
    std::uint64_t count = 0;
};

}  // namespace

AgentPoints agent_points(const std::vector<Point>& nodes, const PlaceCounts& counts, AgentKinds wanted, const MapFrame& frame, float width,
                         float height, float scale) {
    AgentPoints out;
    const std::size_t known = std::min({nodes.size(), counts.homes.size(), counts.posts.size()});
    std::vector<std::pair<std::uint32_t, Pixel>> in_view;
    for (std::size_t n = 0; n < known; ++n) {
        const std::uint32_t homes = wanted.homes ? counts.homes[n] : 0, posts = wanted.posts ? counts.posts[n] : 0;
        if (homes + posts == 0) continue;
        const Pixel at = frame.pixel(nodes[n]);
        if (at.x < 0 || at.y < 0 || at.x >= width || at.y >= height) continue;
        out.homes += homes;
        out.posts += posts;
        in_view.emplace_back(static_cast<std::uint32_t>(n), at);
    }
    out.together = out.homes + out.posts > most_agent_points;
    if (!out.together) {
        const float radius = std::clamp(static_cast<float>(0.42 * spacing_m * frame.pixels_per_metre()), least_radius, most_radius) * scale;
        for (const auto& [n, at] : in_view) {
            for (std::uint32_t k = 0; wanted.homes && k < counts.homes[n]; ++k)
                out.points.push_back({frame.pixel(place_of(nodes[n], k, false)), radius, false});
            for (std::uint32_t k = 0; wanted.posts && k < counts.posts[n]; ++k)
                out.points.push_back({frame.pixel(place_of(nodes[n], k, true)), radius, true});
        }
        return out;
    }
    // Many: those of a small square of the picture together, in their middle, homes and posts apart.
    const float side = cell_px * scale;
    const auto across = static_cast<std::size_t>(width / side) + 1, down = static_cast<std::size_t>(height / side) + 1;
    for (const bool work : {false, true}) {
        std::vector<Cell> cells(across * down);
        std::uint64_t most = 1;
        for (const auto& [n, at] : in_view) {
            const std::uint32_t count = work ? (wanted.posts ? counts.posts[n] : 0) : (wanted.homes ? counts.homes[n] : 0);
            Cell& cell = cells[static_cast<std::size_t>(at.y / side) * across + static_cast<std::size_t>(at.x / side)];
            cell.x += double{at.x} * count;
            cell.y += double{at.y} * count;
            cell.count += count;
            most = std::max(most, cell.count);
        }
        for (const Cell& cell : cells) {
            if (cell.count == 0) continue;
            const auto number = static_cast<double>(cell.count);
            const auto radius = static_cast<float>(largest_share * side * std::sqrt(number / static_cast<double>(most)));
            out.points.push_back(
                {{static_cast<float>(cell.x / number), static_cast<float>(cell.y / number)}, std::max(radius, 0.6F * scale), work});
        }
    }
    return out;
}

}  // namespace hutong
