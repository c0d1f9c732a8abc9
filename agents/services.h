/// Step 8: who is served at standard by what. Two-step floating catchment areas on the walking network (E2SFCA, Luo
/// and Qi 2009), in integers only, so that an update of what changed gives the bits of a full recomputation:
///
///     R_j = S_j / sum_k P_k W(d_kj)      A_i = sum_j R_j W(d_ij)      served share at i = min(1, A_i / standard)
///
/// Distances, standards and target groups are those of the Service row; figures in assumptions_services.h.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "agents/model.h"
#include "agents/own_services.h"
#include "agents/world.h"

namespace hutong {

/// Fills facilities (when nobody has yet) from the district, members, coverage and the satisfaction of every
/// household. Called at the end of initial_world.
void init_services(const Model& model, World& world);

/// Makes the reach lists of the network once for all runs that will start from copies of this World (ensembles): 12 MB in
/// Xicheng that each would make and hold for itself. Runs of another network, or that walk further, still make their own.
void share_reach_lists(const Model& model, World& world);

/// Rebuilds what is derived (World::services.cache), as after reading a checkpoint; changes no column that
/// init_services or update_services left behind. update_services does it by itself when needed.
void restore_services(const Model& model, World& world);

/// Counts `services.members` anew: residents by age group from PersonTable; households with a car from
/// HouseholdTable at their dwelling; for TargetGroup::workers the filled posts at the node of their premises.
void count_members(const Model& model, World& world);
/// The same from the book of who moved, was born, died or grew older since (agents/member_book.h): the same counts
/// in a fraction of the time.
void update_members(const Model& model, World& world);
/// What is wrong with the book at the end of its month; empty: nothing (part of audit).
std::vector<std::string> audit_members(const Model& model, const World& world);

/// Brings coverage up to date with facilities and `services.members` (part of update_services; also for tests).
void update_coverage(const Model& model, World& world);

/// Brings coverage up to date with one facility that opened, closed or was resized, and nothing else: a fraction of
/// update_coverage's time, the same bits. People who moved since are left to the next update_coverage.
void update_facility(const Model& model, World& world, std::uint32_t facility);

/// Share of the service's target group at the node that is served at standard, 0..1000.
inline std::int32_t served_share(const World& world, std::size_t nodes, ServiceId service, NodeId node) {
    return world.services.served_permille[service.value * nodes + node.value];
}

/// Sums of a service over the residents of a block. Add them for sub-districts and the district.
struct CoverageSums {
    std::int64_t members = 0;       ///< of the target group (ring not counted)
    std::int64_t served_milli = 0;  ///< served at standard, capacity counted, in thousandths of a member
    std::int64_t reached = 0;       ///< with an open facility within the standard's distance
    friend bool operator==(const CoverageSums&, const CoverageSums&) = default;
};
/// out[service * blocks + block].
void coverage_by_block(const Model& model, const World& world, std::vector<CoverageSums>& out);

/// The quarter-hour circle (C2.3): residents of a block who reach every composite service within 15 minutes at their
/// own pace (65 and over: slower).
struct CompositeSums {
    std::int64_t residents = 0;
    std::int64_t inside = 0;
    friend bool operator==(const CompositeSums&, const CompositeSums&) = default;
};
/// out[block].
void composite_by_block(const Model& model, const World& world, std::vector<CompositeSums>& out);

/// Both as they would be if the ring had neither facilities nor people (`count_ring` off), the World otherwise the same:
/// out[service * blocks + block], circle[block]. Equal to a full recomputation without the ring, bit for bit.
void coverage_without_ring(const Model& model, const World& world, std::vector<CoverageSums>& out, std::vector<CompositeSums>& circle);

/// Satisfaction by block: sum over residents of the served share of their own services (0..1000 each), and their
/// number. Car ownership is a household's and is not seen here. out[block].
struct SatisfactionSums {
    std::int64_t residents = 0;
    std::int64_t share_permille = 0;  ///< sum; divide by residents for the mean
    friend bool operator==(const SatisfactionSums&, const SatisfactionSums&) = default;
};
void satisfaction_by_block(const Model& model, const World& world, std::vector<SatisfactionSums>& out);

/// Capacity at off hours, counted apart, in thousandths of the service's unit. out[service * blocks + block];
/// `counted` is what coverage uses at present (lever allocation.off_hours_sharing, clauses C3.1 and C3.2, assumption off_hours_weight).
struct OffHoursSums {
    std::int64_t capacity_milli = 0;   ///< regular
    std::int64_t off_hours_milli = 0;  ///< offered at off hours by open facilities
    std::int64_t counted_milli = 0;    ///< of it counted in coverage
};
void off_hours_by_block(const Model& model, const World& world, std::vector<OffHoursSums>& out);

/// Members of the target group (district residents) who would be newly served at standard if a facility of this
/// capacity opened at the node, in thousandths of a member: the exact change of the sum of served_milli. The World
/// is not changed. Thread-safe on one const World.
std::int64_t newly_served_milli(const Model& model, const World& world, ServiceId service, NodeId node, double capacity);
/// The same in whole members, rounded down.
std::int64_t newly_served(const Model& model, const World& world, ServiceId service, NodeId node, double capacity);
/// Shortfall within the service's distance of the node: members not served at standard, in thousandths.
std::int64_t shortfall_in_reach_milli(const Model& model, const World& world, ServiceId service, NodeId node);
/// By node, the walking distance in decimetres to the nearest open facility of the service, or out_of_reach beyond the
/// limit. One search over the network (about a millisecond): ask once a month and keep the answer.
std::vector<std::uint32_t> distance_to_nearest_dm(const Model& model, const World& world, ServiceId service, double limit_m);
/// The same for every service at once, in parallel: [service][node].
std::vector<std::vector<std::uint32_t>> distances_to_nearest_dm(const Model& model, const World& world, double limit_m);

/// Mean over the members of the served share of their own services, 0..1000. Honours Behaviour::satisfaction: when
/// neutral it is the declared neutral value for everybody.
std::int16_t household_satisfaction(const Model& model, const World& world, std::uint32_t household);
/// Writes HouseholdTable::satisfaction of the households whose turn it is this month (by luck key, each once in
/// `satisfaction_months`), or of all.
void update_satisfaction(const Model& model, World& world, bool all = false);

}  // namespace hutong
