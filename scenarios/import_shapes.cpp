#include "scenarios/import_shapes.h"

namespace hutong::import {
namespace {

double area_of(const std::vector<Point>& ring) {
    double twice = 0;
    for (std::size_t i = 0; i < ring.size(); ++i) {
        const Point &a = ring[i], &b = ring[(i + 1) % ring.size()];
        twice += (a.x_m - ring[0].x_m) * (b.y_m - ring[0].y_m) - (b.x_m - ring[0].x_m) * (a.y_m - ring[0].y_m);
    }
    return twice / 2;
}

}  // namespace

double area_of(const Rings& rings) {
    double area = 0;
    for (const auto& ring : rings) area += area_of(ring);
    return area;
}

Point centre_of(const Rings& rings) {
    const std::vector<Point>& ring = rings[0];
    const double area = area_of(ring);
    double x = 0, y = 0;
    for (std::size_t i = 0; i < ring.size(); ++i) {
        const double ax = ring[i].x_m - ring[0].x_m, ay = ring[i].y_m - ring[0].y_m;
        const Point& next = ring[(i + 1) % ring.size()];
        const double bx = next.x_m - ring[0].x_m, by = next.y_m - ring[0].y_m, cross = ax * by - bx * ay;
        x += (ax + bx) * cross, y += (ay + by) * cross;
    }
    if (area == 0) return ring[0];
    return {ring[0].x_m + x / (6 * area), ring[0].y_m + y / (6 * area)};
}

bool holds(const Rings& rings, const Point& p) {
    bool inside = false;
    for (const auto& ring : rings) {
        for (std::size_t i = 0, j = ring.size() - 1; i < ring.size(); j = i++) {
            const Point &a = ring[i], &b = ring[j];
            if ((a.y_m > p.y_m) != (b.y_m > p.y_m) && p.x_m < (b.x_m - a.x_m) * (p.y_m - a.y_m) / (b.y_m - a.y_m) + a.x_m) inside = !inside;
        }
    }
    return inside;
}

double square_to_edge(const Rings& rings, const Point& p) {
    double best = std::numeric_limits<double>::max();
    for (const auto& ring : rings) {
        for (std::size_t i = 0; i < ring.size(); ++i) {
            const Point &a = ring[i], &b = ring[(i + 1) % ring.size()];
            const double dx = b.x_m - a.x_m, dy = b.y_m - a.y_m, square = dx * dx + dy * dy;
            const double t = square > 0 ? std::clamp(((p.x_m - a.x_m) * dx + (p.y_m - a.y_m) * dy) / square, 0.0, 1.0) : 0.0;
            const double ex = a.x_m + t * dx - p.x_m, ey = a.y_m + t * dy - p.y_m;
            best = std::min(best, ex * ex + ey * ey);
        }
    }
    return best;
}

}  // namespace hutong::import
