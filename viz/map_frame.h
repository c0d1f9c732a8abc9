/// Where the map's metres are on its picture, and which block is under a pixel. Pure.
#pragma once

#include <optional>

#include "analysis/map_geometry.h"
#include "viz/view_model.h"

namespace hutong {

struct Pixel {
    float x = 0, y = 0;
};

class MapFrame {
public:
    MapFrame(const MapBounds& bounds, const Camera& camera, float width, float height);

    Pixel pixel(const Point& p) const {
        return {static_cast<float>(middle_x_ + (p.x_m - centre_.x_m) * scale_),
                static_cast<float>(middle_y_ - (p.y_m - centre_.y_m) * scale_)};
    }
    Point point(Pixel p) const { return {centre_.x_m + (p.x - middle_x_) / scale_, centre_.y_m - (p.y - middle_y_) / scale_}; }
    double pixels_per_metre() const { return scale_; }

    /// The camera after the picture was dragged by so many pixels, or zoomed by a factor about a pixel that stays put.
    Camera dragged(float dx, float dy) const;
    Camera zoomed(double factor, Pixel about) const;
    /// The camera that shows this point in the middle at this zoom.
    static Camera at(const Point& p, double zoom) { return {p.x_m, p.y_m, zoom, false}; }

private:
    Point centre_;
    double scale_ = 1, zoom_ = 1, fit_ = 1;
    double middle_x_ = 0, middle_y_ = 0;
};

/// The block that holds a point (crossing number over all its rings).
std::optional<std::size_t> block_at(const std::vector<BlockInfo>& blocks, const Point& p);

/// The triangles of a simple polygon (ear clipping); indices into `ring`, three each.
std::vector<std::uint32_t> triangulated(const std::vector<Point>& ring);

/// Where a space is drawn: at its node, or spread inside its block when only that is known.
std::vector<Point> space_points(const DatasetFrame& frame, const SpaceLog& log);

}  // namespace hutong
