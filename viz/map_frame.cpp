#include "viz/map_frame.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace hutong {
namespace {

constexpr double legend_share = 0.8;  ///< of the room beside the district that is left to the legend, on the left
constexpr double margin_px = 24, least_zoom = 0.5, most_zoom = 60;

double cross(const Point& a, const Point& b, const Point& c) {
    return (b.x_m - a.x_m) * (c.y_m - a.y_m) - (b.y_m - a.y_m) * (c.x_m - a.x_m);
}

bool inside_triangle(const Point& a, const Point& b, const Point& c, const Point& p) {
    const double u = cross(a, b, p), v = cross(b, c, p), w = cross(c, a, p);
    return u >= 0 && v >= 0 && w >= 0;
}

bool inside_ring(const std::vector<Point>& ring, const Point& p) {
    bool inside = false;
    for (std::size_t i = 0, j = ring.size() - 1; i < ring.size(); j = i++) {
        const Point &a = ring[i], &b = ring[j];
        if ((a.y_m > p.y_m) != (b.y_m > p.y_m) && p.x_m < (b.x_m - a.x_m) * (p.y_m - a.y_m) / (b.y_m - a.y_m) + a.x_m) inside = !inside;
    }
    return inside;
}

bool is_inside(const BlockInfo& block, const Point& p) {
    bool inside = false;
    for (const auto& ring : block.rings) {
        if (!ring.empty() && inside_ring(ring, p)) inside = !inside;
    }
    return inside;
}

}  // namespace

MapFrame::MapFrame(const MapBounds& bounds, const Camera& camera, float width, float height)
    : zoom_(std::clamp(camera.zoom, least_zoom, most_zoom)), middle_x_(width / 2.0), middle_y_(height / 2.0) {
    if (!bounds.empty()) {
        const double wide = std::max(bounds.high_x - bounds.low_x, 1.0), high = std::max(bounds.high_y - bounds.low_y, 1.0);
        fit_ = std::max(1e-6, std::min((width - 2 * margin_px) / wide, (height - 2 * margin_px) / high));
        middle_x_ += legend_share * std::max(0.0, width - 2 * margin_px - wide * fit_) / 2;
        if (camera.fitted) centre_ = {(bounds.low_x + bounds.high_x) / 2, (bounds.low_y + bounds.high_y) / 2};
    }
    if (!camera.fitted) centre_ = {camera.centre_x, camera.centre_y};
    scale_ = fit_ * zoom_;
}

Camera MapFrame::dragged(float dx, float dy) const { return {centre_.x_m - dx / scale_, centre_.y_m + dy / scale_, zoom_, false}; }

Camera MapFrame::zoomed(double factor, Pixel about) const {
    const double zoom = std::clamp(zoom_ * factor, least_zoom, most_zoom);
    const Point still = point(about);
    const double scale = fit_ * zoom;
    return {still.x_m - (about.x - middle_x_) / scale, still.y_m + (about.y - middle_y_) / scale, zoom, false};
}

std::optional<std::size_t> block_at(const std::vector<BlockInfo>& blocks, const Point& p) {
    for (std::size_t b = 0; b < blocks.size(); ++b) {
        if (is_inside(blocks[b], p)) return b;
    }
    return std::nullopt;
}

std::vector<std::uint32_t> triangulated(const std::vector<Point>& ring) {
    std::vector<std::uint32_t> left(ring.size()), triangles;
    std::iota(left.begin(), left.end(), 0U);
    double twice_area = 0;
    for (std::size_t i = 0; i < ring.size(); ++i) {
        const Point &a = ring[i], &b = ring[(i + 1) % ring.size()];
        twice_area += a.x_m * b.y_m - b.x_m * a.y_m;
    }
    if (twice_area < 0) std::reverse(left.begin(), left.end());
    std::size_t fruitless = 0, at = 0;
    while (left.size() > 2 && fruitless <= left.size()) {
        const std::size_t n = left.size();
        const std::uint32_t i = left[(at + n - 1) % n], j = left[at % n], k = left[(at + 1) % n];
        bool ear = cross(ring[i], ring[j], ring[k]) > 0;
        for (std::size_t m = 0; ear && m < n; ++m) {
            const std::uint32_t other = left[m];
            if (other == i || other == j || other == k) continue;
            ear = !inside_triangle(ring[i], ring[j], ring[k], ring[other]);
        }
        if (ear || cross(ring[i], ring[j], ring[k]) == 0) {
            if (ear) triangles.insert(triangles.end(), {i, j, k});
            left.erase(left.begin() + static_cast<std::ptrdiff_t>(at % n));
            fruitless = 0;
            at = left.empty() ? 0 : at % left.size();
        } else {
            at = (at + 1) % n;
            ++fruitless;
        }
    }
    return triangles;
}

std::vector<Point> space_points(const DatasetFrame& frame, const SpaceLog& log) {
    std::vector<Point> points;
    std::vector<std::uint32_t> in_block(frame.blocks.size(), 0);
    for (const SpaceInfo& space : log.spaces) {
        if (space.placed) {
            points.push_back(space.at);
            continue;
        }
        // Only the block is known: points of a low-discrepancy sequence over the block's box that fall inside it.
        const BlockInfo& block = frame.blocks[space.block];
        MapBounds box;
        for (const auto& ring : block.rings) {
            for (const Point& p : ring) box.add(p);
        }
        Point found{(box.low_x + box.high_x) / 2, (box.low_y + box.high_y) / 2};
        constexpr int tries = 64;
        for (int t = 0; t < tries; ++t) {
            const double k = ++in_block[space.block];
            const double u = k * 0.7548776662466927, v = k * 0.5698402909980532;  // Roberts 2018, R2 sequence
            const Point p{box.low_x + (u - std::floor(u)) * (box.high_x - box.low_x),
                          box.low_y + (v - std::floor(v)) * (box.high_y - box.low_y)};
            if (!is_inside(block, p)) continue;
            found = p;
            break;
        }
        points.push_back(found);
    }
    return points;
}

}  // namespace hutong
