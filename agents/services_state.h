/// Mutable state of step 8: facilities and what they reach.
#pragma once

#include <cstdint>
#include <vector>

#include "core/ids.h"

namespace hutong {

struct FacilityTable {
    std::vector<std::uint64_t> luck;
    std::vector<std::uint8_t> service;
    std::vector<std::uint16_t> node;
    std::vector<std::int64_t> capacity_milli;     ///< capacity in thousandths of the service's unit
    std::vector<std::int64_t> off_hours_milli;    ///< additional at off hours
    std::vector<std::uint32_t> space;             ///< vacated space it stands in, or none
    std::vector<std::uint32_t> business;          ///< business that runs it, or none
    std::vector<std::uint8_t> ring;               ///< 1: outside the district
    std::vector<std::uint8_t> open;               ///< 0: closed for good

    std::size_t rows() const { return luck.size(); }
    template <class F>
    void columns(F&& f) {
        f(luck); f(service); f(node); f(capacity_milli); f(off_hours_milli); f(space); f(business); f(ring); f(open);
    }
};

struct ServicesState {
    FacilityTable facilities;
    std::vector<std::int32_t> members;            ///< [group * nodes + node] residents of a target group living at a node
    std::vector<std::int32_t> served_permille;    ///< [service * nodes + node] share of the group served at standard
    std::vector<std::uint8_t> reached;            ///< [service * nodes + node] 1: an open facility within the standard's distance
    std::vector<std::uint8_t> facilities_changed; ///< [service] 1: opened, closed or resized since the last recompute

    template <class F>
    void columns(F&& f) {
        facilities.columns(f);
        f(members); f(served_permille); f(reached); f(facilities_changed);
    }
};

}  // namespace hutong
