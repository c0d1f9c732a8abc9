/// The synthetic population kept between runs: $XDG_CACHE_HOME/hutong/population-<key>.bin, raw columns with a
/// checksum. The key covers everything the population depends on, so a stale file is never found and a broken one is
/// made anew.
#pragma once

#include <filesystem>
#include <optional>

#include "agents/model.h"
#include "agents/world.h"

namespace hutong {

/// Hash of pack, generator version, start, scale and the assumptions of the synthesis (with its seed).
std::uint64_t population_key(const Model& model);

/// $XDG_CACHE_HOME/hutong or ~/.cache/hutong; nothing when neither variable names an absolute folder.
std::optional<std::filesystem::path> cache_folder();
std::filesystem::path population_file(const std::filesystem::path& folder, std::uint64_t key);

/// Reads people, households, dwellings, in-commuters, businesses, jobs and premises; false (and those tables empty)
/// when there is no such file or it is broken.
bool load_population(const std::filesystem::path& file, std::uint64_t key, World& world);

/// Writes the tables safely, and removes the oldest populations beyond a few. Throws Error(cannot_write).
void save_population(const std::filesystem::path& file, std::uint64_t key, World& world);

}  // namespace hutong
