/// The arithmetic of service coverage: what agents/services.cpp and the readers of coverage share. Fixed point:
///   weight W            unit 2^-15, 1..32768 within reach
///   supply n_j          members a facility can serve at the standard, unit 2^-20 (capacity / standard per member)
///   demand weight D_j   sum of demand times weight, unit 2^-15
///   ratio R_j           supply over demand, unit 2^-30, capped
///   access A_i          sum of ratio times weight, unit 2^-45: 2^45 is exactly the standard
/// Each is rounded to the nearest. Only additions of whole numbers are accumulated, so their order and history leave no trace.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "agents/model.h"
#include "agents/own_services.h"
#include "agents/reach_index.h"
#include "agents/services_state.h"
#include "agents/world.h"

namespace hutong {

/// Constants of one service.
struct ServicePlan {
    std::size_t group = 0;
    std::uint32_t limit_dm = 0;
    std::uint32_t catchment = 0;        ///< CoverageCache::catchments: services of the same group and limit share one
    std::int64_t supply_per_milli = 0;  ///< members served at standard by a thousandth of capacity, unit 2^-40
    bool composite = false;
    bool shareable = false;  ///< capacity at off hours counts (C3.1, C3.2)
};

/// Catchments of one target group and distance.
struct CatchmentPlan {
    std::size_t group = 0;
    std::uint32_t limit_dm = 0;
    std::vector<std::uint16_t> weight;  ///< by distance in decimetres; empty: 32768 everywhere (step)
};

/// Constants of a run's coverage and the reach lists; shared by all copies of a World.
struct CoveragePlan {
    /// Takes the reach lists of `shared` when they are of this network and as far as this plan needs, else makes its own.
    CoveragePlan(const District& district, const Scenario& scenario, std::shared_ptr<const ReachIndex> shared = nullptr);

    const CatchmentPlan& catchment_of(std::size_t service) const { return catchments[services[service].catchment]; }

    std::vector<ServicePlan> services;
    std::vector<CatchmentPlan> catchments;
    std::vector<std::int32_t> ring_demand;  ///< [group * nodes + node], zero when the ring is off
    bool count_ring = true;
    std::uint32_t composite_dm = 0, composite_elder_dm = 0;
    std::int64_t off_hours_weight = 0;      ///< unit 2^-20
    std::int64_t neutral_satisfaction = 0;  ///< 0..1000
    std::uint32_t satisfaction_months = 12;
    std::array<std::uint32_t, target_groups> services_of_group{};
    std::shared_ptr<const ReachIndex> reach;
};

namespace coverage {

inline constexpr int weight_bits = 15;
inline constexpr int supply_bits = 20;
inline constexpr int ratio_bits = 30;
inline constexpr int standard_bits = ratio_bits + weight_bits;
inline constexpr std::int64_t standard = std::int64_t{1} << standard_bits;
/// 64 times the standard each: even 4096 facilities at the cap in reach of one node cannot overflow access.
inline constexpr std::int64_t ratio_cap = std::int64_t{1} << 36;
/// Supply above this (2^43 members) is no different from this.
inline constexpr std::int64_t supply_cap = std::int64_t{1} << 62;

/// Members a capacity can serve at the standard.
std::int64_t supply_of(const ServicePlan& service, std::int64_t capacity_milli);
/// R_j; with nobody in reach whoever came would be served (the cap), but for zero supply.
std::int64_t ratio_of(std::int64_t supply, std::int64_t demand_weight);
/// Served share of a group with this access, 0..1000, to the nearest.
inline std::int32_t permille(std::int64_t access) {
    return access >= standard ? 1000 : static_cast<std::int32_t>((access * 1000 + standard / 2) >> standard_bits);
}
/// D_j over the first `size` nodes of the list.
std::int64_t demand_weight(const CatchmentPlan& catchment, const ReachList& list, std::size_t size, const std::int32_t* demand);

/// Capacity of a facility that counts now, in thousandths: regular and, where clause and assumption let it, off hours.
struct Counted {
    std::int64_t regular_milli = 0;
    std::int64_t off_hours_milli = 0;
};
Counted counted_capacity(const CoveragePlan& plan, const Model& model, const World& world, std::uint32_t facility);

/// Need profiles by node (services.h) and the quarter-hour circle, from served shares and counts of facilities.
class NodeSums {
public:
    NodeSums(const CoveragePlan& plan, std::size_t nodes) : plan_(plan), nodes_(nodes) {
        for (std::size_t profile = 0; profile < factor_.size(); ++profile) factor_[profile] = factor_of(profile);
    }
    /// ServicesState::own_share of the nodes from `begin` to `end`.
    void update_own_share(ServicesState& state, std::size_t begin, std::size_t end) const;
    void update_own_share_at(ServicesState& state, std::size_t node) const;
    /// Bits of ServicesState::composite for one node.
    std::uint8_t composite_at(const ServicesState& state, std::size_t node) const;

private:
    std::uint64_t factor_of(std::size_t profile) const;
    std::int16_t mean(std::uint64_t total, std::size_t profile) const;
    void write(const std::int32_t* sum, std::size_t stride, std::int16_t* out) const;

    const CoveragePlan& plan_;
    std::size_t nodes_;
    /// Number of services of each profile as a factor: mean = sum * factor >> 32, exact for up to 2000 services because
    /// the factor is the rounded-up reciprocal.
    std::array<std::uint64_t, need_profiles> factor_{};
};

/// The plan of the World; throws when the World was never given one (restore_services does).
const CoveragePlan& plan_of(const World& world);

}  // namespace coverage
}  // namespace hutong
