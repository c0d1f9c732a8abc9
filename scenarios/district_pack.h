/// The district pack: a folder with district.toml, CSV tables and GeoJSON layers (docs/district-pack.md).
#pragma once

#include <filesystem>
#include <vector>

#include "core/error.h"
#include "scenarios/district.h"

namespace hutong {

/// [m] One degree of latitude on the mean sphere of radius 6 371 008.8 m: the pack's local plane is the
/// equirectangular projection about its origin.
inline constexpr double pack_metres_per_degree = 111195.0797;

/// Reads and checks a pack. Throws Error(missing_file | bad_district | too_large): the first problem, and how many
/// others there are. A broken pack never runs.
District read_district(const std::filesystem::path& pack);

/// Every problem of a pack in one pass, in the order of the files and lines; empty when it is sound.
std::vector<Error> check_district(const std::filesystem::path& pack);

/// Writes an empty pack: every table with its header, and a district.toml that explains each column.
void write_district_template(const std::filesystem::path& out);

}  // namespace hutong
