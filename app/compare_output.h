/// What `hutong compare` says: tables, JSON and the file of all differences by block and month.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "analysis/attribute.h"
#include "analysis/compare.h"
#include "analysis/scenario_difference.h"
#include "core/parallel.h"
#include "core/text.h"

namespace hutong {

/// Share of one lever in the difference of one indicator of the district at the last month.
struct LeverShare {
    std::string lever, indicator;
    Difference alone, shapley;  ///< over the replicates, paired by seed
    bool sampled = false;       ///< over sampled orders; otherwise over all, exactly
    double sampling_error = 0;  ///< standard error of the sampled orders; 0 when exact
};

/// One alternative against the base.
struct Compared {
    const Outcomes* base = nullptr;
    const Outcomes* alternative = nullptr;
    std::vector<ScenarioDifference> differences;
    std::vector<PairingGain> gains;  ///< of the district's population
    std::vector<LeverShare> levers;
};

/// Names of places for tables.
struct PlaceNames {
    std::vector<std::string> blocks, block_codes, subdistricts;
};

/// What every output says about both scenarios together.
RunMarks marks_of(const Compared& compared);

void print_tables(const Compared& compared, const std::vector<std::string>& indicators, const PlaceNames& places, const Text& text);
std::string compared_json(const std::vector<Compared>& all, const std::vector<std::string>& indicators, const PlaceNames& places);
/// An HDF5 file with means, differences, intervals and marks of every indicator, block, sub-district and month.
std::string compared_file(const std::vector<Compared>& all, const PlaceNames& places, const Parallel& parallel);

}  // namespace hutong
