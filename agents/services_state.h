/// Mutable state of step 8: facilities and what they reach.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "core/calendar.h"
#include "core/ids.h"

namespace hutong {

struct CoveragePlan;
class ReachIndex;
struct ReachList;

struct FacilityTable {
    std::vector<std::uint64_t> luck;
    std::vector<std::uint8_t> service;
    std::vector<std::uint16_t> node;
    std::vector<std::int64_t> capacity_milli;   ///< capacity in thousandths of the service's unit
    std::vector<std::int64_t> off_hours_milli;  ///< additional at off hours
    std::vector<std::uint32_t> space;           ///< vacated space it stands in, or none
    std::vector<std::uint32_t> business;        ///< business that runs it, or none
    std::vector<std::uint8_t> ring;             ///< 1: outside the district
    std::vector<std::uint8_t> open;             ///< 0: closed for good

    std::size_t rows() const { return luck.size(); }
    template <class F>
    void columns(F&& f) {
        f(luck);
        f(service);
        f(node);
        f(capacity_milli);
        f(off_hours_milli);
        f(space);
        f(business);
        f(ring);
        f(open);
    }
};

/// Who lives at which node and in which household: every booking of agents/stocks.cpp enters it, so that nobody has to be counted anew each
/// month. It follows from the tables (not hashed, not in checkpoints): while not `kept`, the next update counts them.
struct MemberBook {
    /// By node: residents by AgeNeed (own_services.h), then households with a car; a node takes half a cache line.
    static constexpr std::size_t columns = 8, cars = 5;

    bool kept = false;
    Month as_of;                                ///< ages are those of this month
    std::vector<std::int32_t> count;            ///< [node * columns + column]
    std::vector<std::uint32_t> needs;           ///< [household] its members by AgeNeed, six bits each (own_services.h)
    std::vector<std::uint8_t> turn;             ///< [household] when it notices its services (update_satisfaction)
    std::vector<std::uint32_t> new_households;  ///< rows taken since `turn` was brought up to date
};

/// The nodes within one distance of the places of facilities, and the demand of one target group there. Services of
/// the same group and distance share it.
struct Catchments {
    std::vector<std::uint32_t> slot;          ///< [node] place number, or none yet
    std::vector<std::uint32_t> first;         ///< [place (+1)] into `node`
    std::vector<std::uint16_t> node;          ///< nodes in reach; all of one weight: first and last of every run of numbers
    std::vector<std::uint16_t> weight;        ///< of these nodes; empty: all weigh the same (step)
    std::vector<std::int64_t> demand_weight;  ///< [place] D: sum of demand times weight

    std::size_t places() const { return demand_weight.size(); }
};

/// What agents/services keeps between months to update only what changed. It follows from facilities, members and
/// the model alone (not hashed, not in checkpoints): when `ready` is false it is rebuilt, with the same bits.
struct CoverageCache {
    bool ready = false;
    std::shared_ptr<const CoveragePlan> plan;       ///< constants and reach lists, shared by all copies of the World
    std::vector<std::int32_t> demand;               ///< [group * nodes + node] members, and those of the ring
    std::vector<Catchments> catchments;             ///< by ServicePlan::catchment
    std::vector<std::int64_t> access;               ///< [service * nodes + node] A_i, in shares of the standard (services.cpp)
    std::vector<std::uint16_t> in_reach;            ///< [service * nodes + node] open facilities within the standard's distance
    std::vector<std::uint16_t> in_composite;        ///< [service * nodes + node] ... within 15 minutes, others' pace
    std::vector<std::uint16_t> in_composite_elder;  ///< [service * nodes + node] ... within 15 minutes, elders' pace
    // By facility row: what is presently counted in the arrays above.
    std::vector<std::int64_t> supply;                    ///< members it can serve at standard, times 2^20; -1: not counted
    std::vector<std::int64_t> ratio;                     ///< R_j
    std::vector<const ReachList*> list;                  ///< nodes in reach, owned by the plan
    std::vector<std::uint32_t> place;                    ///< its place in the catchments of its service
    std::vector<std::vector<std::uint32_t>> facilities;  ///< [service] rows, rising
};

struct ServicesState {
    FacilityTable facilities;
    std::vector<std::int32_t> members;             ///< [group * nodes + node] residents of a target group living at a node
    std::vector<std::int32_t> served_permille;     ///< [service * nodes + node] share of the group served at standard
    std::vector<std::uint8_t> reached;             ///< [service * nodes + node] 1: an open facility within the standard's distance
    std::vector<std::uint8_t> facilities_changed;  ///< [service] 1: opened, closed or resized since the last recompute
    std::vector<std::uint8_t> composite;           ///< [node] bit 0: every composite service within 15 minutes; bit 1: also at elders' pace
    std::vector<std::int16_t> own_share;  ///< [node * need_profiles + profile] mean served share of a person's own services, 0..1000
    CoverageCache cache;                  ///< derived, see there
    /// Of the network, for all runs that start from copies of this World (share_reach_lists); null: every run makes its own.
    std::shared_ptr<const ReachIndex> reach;
    MemberBook book;  ///< derived, see there

    template <class F>
    void columns(F&& f) {
        facilities.columns(f);
        f(members);
        f(served_permille);
        f(reached);
        f(facilities_changed);
        f(composite);
        f(own_share);
    }
};

}  // namespace hutong
