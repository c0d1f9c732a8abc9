/// Plane geometry of the generator, on rings of local metres.
#pragma once

#include <vector>

#include "scenarios/district.h"

namespace hutong::generate {

using Ring = std::vector<Point>;  ///< counter-clockwise, first point not repeated

double area(const Ring& ring);  ///< positive when counter-clockwise
Point centroid(const Ring& ring);
bool inside(const Ring& ring, Point point);
double distance_to(const Ring& ring, Point point);  ///< to the outline

/// Cuts a ring into `parts` compact rings of equal area by repeated straight cuts.
std::vector<Ring> cut(const Ring& ring, int parts);

}  // namespace hutong::generate
