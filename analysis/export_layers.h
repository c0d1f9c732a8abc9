/// Results as files of layers: a GeoPackage (the dynamic monitoring database of W4), GeoJSON, Shapefile. A file takes
/// its name only when it is whole. Schema and views: docs/monitoring-database.md.
#pragma once

#include <filesystem>
#include <vector>

#include "analysis/export_tables.h"

namespace hutong {

/// All tables, the views, and styles that QGIS applies.
void write_geopackage(const ExportSource& from, const std::filesystem::path& path);
/// Longitude and latitude. `table` is "blocks" (with every indicator of the last month) or "spaces"; throws Error(usage)
/// for another one.
void write_geojson(const ExportSource& from, const std::string& table, const std::filesystem::path& path);
/// .shp with its companions: the same, the blocks with twelve indicators.
void write_shapefile(const ExportSource& from, const std::string& table, const std::filesystem::path& path);
/// The files that write_shapefile makes.
std::vector<std::filesystem::path> shapefile_parts(const std::filesystem::path& path);

}  // namespace hutong
