/// Shapes of layers in local metres: area, centre, what holds a point. Used by `hutong district import`.
#pragma once

#include <algorithm>
#include <limits>
#include <vector>

#include "scenarios/district.h"

namespace hutong::import {

/// Rings of a shape: the outer one first, holes run the other way round.
using Rings = std::vector<std::vector<Point>>;

/// Signed area, in m2: holes run the other way round and count less.
double area_of(const Rings& rings);
/// Centre of gravity of the outer ring; its first point where it has no area.
Point centre_of(const Rings& rings);
/// Whether the point lies inside (even-odd rule, holes are outside).
bool holds(const Rings& rings, const Point& p);
/// Square of the distance to the nearest edge, in m2.
double square_to_edge(const Rings& rings, const Point& p);

/// The upright rectangle around shapes.
struct Box {
    Point low{std::numeric_limits<double>::max(), std::numeric_limits<double>::max()};
    Point high{std::numeric_limits<double>::lowest(), std::numeric_limits<double>::lowest()};
    void take(const Rings& rings) {
        for (const auto& ring : rings) {
            for (const Point& p : ring) {
                low = {std::min(low.x_m, p.x_m), std::min(low.y_m, p.y_m)};
                high = {std::max(high.x_m, p.x_m), std::max(high.y_m, p.y_m)};
            }
        }
    }
    bool holds(const Point& p, double margin = 0) const {
        return p.x_m >= low.x_m - margin && p.x_m <= high.x_m + margin && p.y_m >= low.y_m - margin && p.y_m <= high.y_m + margin;
    }
};

}  // namespace hutong::import
