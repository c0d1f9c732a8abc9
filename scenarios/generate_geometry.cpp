#include "scenarios/generate_geometry.h"

#include <algorithm>
#include <cmath>

// Boost's rescaling of coordinates confuses the compiler's flow analysis.
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#include <boost/geometry.hpp>
#include <boost/geometry/geometries/point_xy.hpp>
#include <boost/geometry/geometries/polygon.hpp>

#include "core/error.h"
#include "core/exact_math.h"

namespace hutong::generate {
namespace {

namespace bg = boost::geometry;
using BoostPoint = bg::model::d2::point_xy<double>;
using Polygon = bg::model::polygon<BoostPoint, false, true>;  ///< counter-clockwise, closed
using Polygons = std::vector<Polygon>;

Polygon to_boost(const Ring& ring) {
    Polygon polygon;
    for (const Point& point : ring) bg::append(polygon.outer(), BoostPoint(point.x_m, point.y_m));
    bg::append(polygon.outer(), BoostPoint(ring[0].x_m, ring[0].y_m));
    return polygon;
}

/// Centimetres: what the pack stores, so that pieces are judged as they will be read.
double to_cm(double metres) { return std::floor(metres * 100 + 0.5) / 100; }

Ring to_ring(const Polygon& polygon) {
    Ring ring;
    for (std::size_t i = 0; i + 1 < polygon.outer().size(); ++i) {
        const Point point{to_cm(polygon.outer()[i].x()), to_cm(polygon.outer()[i].y())};
        if (ring.empty() || ring.back().x_m != point.x_m || ring.back().y_m != point.y_m) ring.push_back(point);
    }
    while (ring.size() > 1 && ring.front().x_m == ring.back().x_m && ring.front().y_m == ring.back().y_m) ring.pop_back();
    return ring;
}

/// The part of the polygon where x cos + y sin < offset (or above it).
Polygons half(const Polygon& polygon, double cosine, double sine, double offset, bool below) {
    const double far = 50000;  // [m] beyond any district
    const double low = below ? -far : offset, high = below ? offset : far;
    Ring band;
    const double across[4] = {low, high, high, low}, along[4] = {-far, -far, far, far};
    for (int i = 0; i < 4; ++i) band.push_back({across[i] * cosine - along[i] * sine, across[i] * sine + along[i] * cosine});
    Polygons result;
    bg::intersection(polygon, to_boost(band), result);
    return result;
}

double area_of(const Polygons& polygons) {
    double sum = 0;
    for (const Polygon& polygon : polygons) sum += bg::area(polygon);
    return sum;
}

double perimeter(const Ring& ring) {
    double sum = 0;
    for (std::size_t i = 0; i < ring.size(); ++i) {
        const Point &a = ring[i], &b = ring[(i + 1) % ring.size()];
        sum += std::sqrt((a.x_m - b.x_m) * (a.x_m - b.x_m) + (a.y_m - b.y_m) * (a.y_m - b.y_m));
    }
    return sum;
}

}  // namespace

double area(const Ring& ring) {
    double twice = 0;
    for (std::size_t i = 0; i < ring.size(); ++i) {
        const Point &a = ring[i], &b = ring[(i + 1) % ring.size()];
        twice += a.x_m * b.y_m - b.x_m * a.y_m;
    }
    return twice / 2;
}

Point centroid(const Ring& ring) {
    const Point base = ring[0];
    double twice = 0, x = 0, y = 0;
    for (std::size_t i = 0; i < ring.size(); ++i) {
        const double ax = ring[i].x_m - base.x_m, ay = ring[i].y_m - base.y_m;
        const Point& next = ring[(i + 1) % ring.size()];
        const double bx = next.x_m - base.x_m, by = next.y_m - base.y_m;
        const double cross = ax * by - bx * ay;
        twice += cross;
        x += (ax + bx) * cross;
        y += (ay + by) * cross;
    }
    return {base.x_m + x / (3 * twice), base.y_m + y / (3 * twice)};
}

bool inside(const Ring& ring, Point point) {
    bool in = false;
    for (std::size_t i = 0, j = ring.size() - 1; i < ring.size(); j = i++) {
        const Point &a = ring[i], &b = ring[j];
        if ((a.y_m > point.y_m) != (b.y_m > point.y_m) && point.x_m < (b.x_m - a.x_m) * (point.y_m - a.y_m) / (b.y_m - a.y_m) + a.x_m)
            in = !in;
    }
    return in;
}

double distance_to(const Ring& ring, Point point) {
    double best = 1e18;
    for (std::size_t i = 0; i < ring.size(); ++i) {
        const Point &a = ring[i], &b = ring[(i + 1) % ring.size()];
        const double dx = b.x_m - a.x_m, dy = b.y_m - a.y_m, length2 = dx * dx + dy * dy;
        const double t = length2 > 0 ? std::clamp(((point.x_m - a.x_m) * dx + (point.y_m - a.y_m) * dy) / length2, 0.0, 1.0) : 0.0;
        const double ex = a.x_m + t * dx - point.x_m, ey = a.y_m + t * dy - point.y_m;
        best = std::min(best, ex * ex + ey * ey);
    }
    return std::sqrt(best);
}

std::vector<Ring> cut(const Ring& ring, int parts) {
    if (parts <= 1) return {ring};
    const int first = parts / 2;
    const Polygon polygon = to_boost(ring);
    const double target = area(ring) * first / parts;
    std::vector<Ring> best;
    double best_score = 1e18;
    // Straight streets first: cuts along the compass are preferred to oblique ones.
    for (const double degrees : {0.0, 90.0, 20.0, 70.0, 110.0, 160.0, 45.0, 135.0}) {
        const double cosine = exact_cos_degrees(degrees), sine = exact_sin_degrees(degrees);
        double low = 1e18, high = -1e18;
        for (const Point& point : ring) {
            low = std::min(low, point.x_m * cosine + point.y_m * sine);
            high = std::max(high, point.x_m * cosine + point.y_m * sine);
        }
        for (int i = 0; i < 40; ++i) {
            const double middle = (low + high) / 2;
            (area_of(half(polygon, cosine, sine, middle, true)) < target ? low : high) = middle;
        }
        const Polygons below = half(polygon, cosine, sine, low, true), above = half(polygon, cosine, sine, low, false);
        if (below.size() != 1 || above.size() != 1 || !below[0].inners().empty() || !above[0].inners().empty()) continue;
        const Ring a = to_ring(below[0]), b = to_ring(above[0]);
        const double oblique = degrees == 0.0 || degrees == 90.0 ? 1.0 : 1.15;
        const double score = (perimeter(a) + perimeter(b)) * oblique;
        if (score < best_score) {
            best_score = score;
            best = {a, b};
        }
    }
    if (best.empty()) throw Error(ErrorKind::internal, msg("a sub-district could not be cut into blocks"));
    std::vector<Ring> all = cut(best[0], first);
    const std::vector<Ring> rest = cut(best[1], parts - first);
    all.insert(all.end(), rest.begin(), rest.end());
    return all;
}

}  // namespace hutong::generate
