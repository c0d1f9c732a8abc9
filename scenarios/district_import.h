/// `hutong district import`: a user's layers become a district pack. What a layer gives replaces that table of a base
/// pack; what no layer gives is taken over from the base, moved to the nearest street. docs/district-pack.md, "Import".
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/error.h"

namespace hutong {

/// A vector file in any format and reference system, and one of its layers (empty: the only one).
struct ImportLayer {
    std::filesystem::path file;
    std::string layer;
    bool given() const { return !file.empty(); }
};

struct ImportChoices {
    std::filesystem::path base, out;
    ImportLayer subdistricts;        ///< polygons: code, name_zh, name_en, rent_yuan_m2_month
    ImportLayer blocks;              ///< polygons: code, name_zh, name_en, zone, function_area, conservation_area
    ImportLayer zones;               ///< polygons: zone, function_area, conservation_area; the last that holds a block's centre counts
    ImportLayer streets;             ///< lines, or OpenStreetMap's .osm.pbf
    ImportLayer dwellings;           ///< points or polygons: type, tenure, count, mean_area_m2, held_empty_share
    ImportLayer premises;            ///< points or polygons: use, area_m2, sector, count, jobs, public_funded
    ImportLayer facilities;          ///< points or polygons: service, capacity, off_hours_capacity, area_m2
    ImportLayer spaces;              ///< points or polygons: code, name_zh, name_en, category, form, owner, area_m2, vacated ...
    std::filesystem::path controls;  ///< controls.csv for other sub-districts than the base's
    std::string name_zh, name_en;    ///< of the district; empty: the base's
    double snap_m = 0.5;             ///< street vertices closer than this are one
    double join_m = 5;               ///< a dead end that misses a street by less is joined to it
    double merge_m = 10;             ///< places on one street nearer to each other than this share a node
    double off_network_m = 250;      ///< a place farther from every street is left out
    double ring_m = 1200;            ///< streets this far outside belong to the ring
    bool split_crossings = false;    ///< streets that cross without a common vertex meet there
    bool allow_vrt = false;
};

/// One line of the report: what happened to how many rows of a file, and why.
struct ImportRemark {
    std::string file;
    std::size_t count = 0;
    bool dropped = false;  ///< left out; else repaired
    Message what;
};

struct ImportReport {
    std::vector<ImportRemark> remarks;
    std::size_t nodes = 0, links = 0;
    double mean_access_m = 0, greatest_access_m = 0;  ///< from places to their street
};

/// Writes the pack; throws Error(bad_district | missing_file | too_large | cannot_write) with nothing half-written.
ImportReport import_district(const ImportChoices& choices);

}  // namespace hutong
