/// The pack of an import while it is being made, and its files. Private to scenarios/district_import.cpp.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "scenarios/district.h"

namespace hutong::import {

struct Draft {
    std::string name_zh, name_en;
    double origin_lon = 0, origin_lat = 0;
    bool schematic_blocks = false;
    bool with_history = false;
    std::map<std::string, std::string> source;  ///< layer -> file name
    std::vector<Subdistrict> subdistricts;
    std::vector<NamedArea> named_areas;
    std::vector<Block> blocks;
    std::vector<Point> nodes;
    std::vector<BlockId> node_block;
    std::vector<WalkingLink> links;
    std::vector<DwellingGroup> dwellings;
    std::vector<PremisesGroup> premises;
    std::vector<FacilitySite> facilities;
    std::vector<RingDemand> ring_demand;
    std::vector<Space> spaces;
    const Catalogue* catalogue = nullptr;
};

/// Writes the tables; what is not about places comes from the base pack as it is.
void write(const Draft& draft, const std::filesystem::path& base, const std::filesystem::path& controls, const std::filesystem::path& out);

}  // namespace hutong::import
