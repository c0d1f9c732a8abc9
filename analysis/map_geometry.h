/// What every map of the blocks needs, whatever draws it: borders of sub-districts, where their names go, class edges.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/results.h"

namespace hutong {

/// Smallest box around a set of outlines, in local metres.
struct MapBounds {
    double low_x = 1e18, high_x = -1e18, low_y = 1e18, high_y = -1e18;
    void add(const Point& p);
    bool empty() const { return high_x < low_x; }
};
MapBounds bounds_of(const std::vector<BlockInfo>& blocks);

/// Edges that only one block of a sub-district has: its border, as segments.
std::vector<std::pair<Point, Point>> subdistrict_borders(const std::vector<BlockInfo>& blocks);

/// Middle of the bounding boxes of a sub-district's blocks, weighted by block area.
Point subdistrict_middle(const std::vector<BlockInfo>& blocks, std::size_t subdistrict);

/// The name as a map shows it: without what stands in brackets.
std::string short_place_name(std::string_view name);

/// Edges of about nine classes of round width over the finite values; symmetric about zero for a change. Empty when
/// no value is a number.
std::vector<double> class_edges(const std::vector<double>& values, bool diverging);

/// Index of the class of a value in edges.size() - 1 classes.
std::size_t class_of(double value, const std::vector<double>& edges);

}  // namespace hutong
