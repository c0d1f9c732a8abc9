/// Three blocks in two sub-districts with two sectors and two services, written by hand: enough for indicators.
#pragma once

#include "scenarios/district.h"

namespace hutong {

inline District hand_made_district() {
    District district;
    district.name_zh = "小城";
    district.name_en = "Little";
    district.subdistricts.resize(2);
    district.subdistricts[0].code = "S1";
    district.subdistricts[1].code = "S2";
    district.blocks.resize(3);
    for (std::size_t b = 0; b < 3; ++b) {
        district.blocks[b].code = "B" + std::to_string(b + 1);
        district.blocks[b].subdistrict = SubdistrictId(b < 2 ? 0 : 1);
        district.blocks[b].area_m2 = 10'000;
    }
    district.network = WalkingNetwork({0, 100, 200}, {0, 0, 0}, {BlockId(0), BlockId(1), BlockId(2)},
                                      {{NodeId(0), NodeId(1), 1000}, {NodeId(1), NodeId(2), 1000}});
    district.catalogue.sectors.resize(2);
    district.catalogue.sectors[0].code = "retail";
    district.catalogue.sectors[1].code = "finance";
    district.catalogue.sectors[1].high_end = true;
    district.catalogue.services.resize(2);
    district.catalogue.services[0].code = "kindergarten";
    district.catalogue.services[0].group = TargetGroup::children_3_5;
    district.catalogue.services[1].code = "park";
    district.catalogue.services[1].green = true;
    return district;
}

}  // namespace hutong
