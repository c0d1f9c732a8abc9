/// Vector layers of geographic data. This pair of files is the only place that knows GDAL. A pack's layers are opened by
/// drivers on a list (GeoJSON, GPKG, FlatGeobuf, Shapefile); a user's own, to be imported, by any but those of networks
/// and databases. Virtual files are out of reach.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"

namespace hutong {

struct LayerPoint {
    double x = 0;  ///< longitude [degree] after conversion to WGS 84, else as in the file
    double y = 0;  ///< latitude [degree]
};

enum class LayerShape : std::uint8_t { points, lines, polygons, places };  ///< places: points or polygons

/// One part of a shape: a point, a line, or a ring. Rings do not repeat their first point; outer rings run
/// counter-clockwise, holes clockwise and right after their outer ring.
struct LayerPart {
    std::vector<LayerPoint> points;
    bool hole = false;
};

struct LayerFeature {
    std::vector<LayerPart> parts;
    std::vector<std::string> values;  ///< one per field, UTF-8; empty where the feature has none
};

struct Layer {
    std::string file;
    std::vector<std::string> fields;
    std::vector<LayerFeature> features;
    std::string reference;  ///< name of the coordinate reference system of the file, e.g. "WGS 84"

    /// Position of a field; Error(bad_district) naming field and file when it is missing.
    std::size_t field(std::string_view name) const;
    std::optional<std::size_t> find_field(std::string_view name) const;
    /// The value as a finite number; Error(bad_district) else.
    double number(std::size_t feature, std::size_t field) const;
};

struct LayerLimits {
    std::uint64_t bytes = std::uint64_t{512} << 20;
    std::size_t features = 1'000'000;
    std::size_t vertices = 20'000'000;
    std::size_t field_bytes = 65'536;
};

/// Reads one layer of a file (the only one, or the one of this name). With `to_wgs84` coordinates are converted to
/// longitude and latitude. Errors: missing_file, bad_district (cannot open, other shape, no reference system, text
/// that is no UTF-8, coordinates not finite), too_large.
Layer read_layer(const std::filesystem::path& path, LayerShape shape, std::string_view name = {}, bool to_wgs84 = true,
                 const LayerLimits& limits = {});

/// A feature of a user's layer that was repaired or left out.
struct LayerRemark {
    std::size_t feature = 0;  ///< counted from 1
    bool dropped = false;     ///< else repaired
    Message why;
};

/// Reads a user's layer in any vector format that GDAL has, OpenStreetMap's .osm.pbf included (VRT only when allowed), in WGS 84.
/// Broken polygons are made valid; a feature that cannot be used is left out with a remark. Errors: missing_file,
/// bad_district (cannot open, no feature of that shape, no reference system, text that is no UTF-8), too_large.
Layer import_layer(const std::filesystem::path& path, LayerShape shape, std::string_view name, std::vector<LayerRemark>& remarks,
                   bool allow_vrt = false, const LayerLimits& limits = {});

}  // namespace hutong
