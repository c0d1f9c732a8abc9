/// Constants of a run's coverage and its arithmetic in whole numbers (agents/coverage.h).
#include <algorithm>
#include <cmath>

#include "agents/coverage.h"
#include "core/error.h"
#include "core/exact_math.h"

namespace hutong {
namespace {

using namespace coverage;

/// Decimetres in a metre.
constexpr double dm_per_m = 10.0;

std::uint32_t decimetres(double metres) { return static_cast<std::uint32_t>(std::floor(std::min(metres, 6553.5) * dm_per_m + 0.5)); }

/// Gaussian decay that reaches 0 at the limit (Dai 2010, "Black residential segregation, disparities in spatial access
/// to health care facilities"): (exp(-x^2/2) - exp(-1/2)) / (1 - exp(-1/2)), x = distance / limit. Never below one
/// unit: who is within the standard's distance can be served.
std::vector<std::uint16_t> gaussian_weights(std::uint32_t limit_dm) {
    std::vector<std::uint16_t> weight(limit_dm + std::size_t{1});
    const double edge = exact_exp(-0.5);
    for (std::uint32_t d = 0; d <= limit_dm; ++d) {
        const double x = limit_dm == 0 ? 0.0 : static_cast<double>(d) / limit_dm;
        const double w = (exact_exp(-0.5 * x * x) - edge) / (1.0 - edge);
        weight[d] = static_cast<std::uint16_t>(std::max(1.0, std::floor(w * (1 << weight_bits) + 0.5)));
    }
    return weight;
}

std::uint32_t index_limit_dm(const District& district, const ServicesAssumptions& assumed) {
    double limit_m = std::max(assumed.walking_m_per_min, assumed.elder_walking_m_per_min) * assumed.composite_min;
    for (const Service& service : district.catalogue.services) limit_m = std::max(limit_m, service.distance_m);
    return decimetres(limit_m);
}

}  // namespace

CoveragePlan::CoveragePlan(const District& district, const Scenario& scenario, std::shared_ptr<const ReachIndex> shared)
    : reach(std::move(shared)) {
    const std::uint32_t limit_dm = index_limit_dm(district, scenario.assumptions.services);
    if (!reach || &reach->network() != &district.network || reach->limit_dm() != limit_dm)
        reach = std::make_shared<const ReachIndex>(district.network, limit_dm);
    const ServicesAssumptions& assumed = scenario.assumptions.services;
    const std::size_t nodes = district.network.nodes();
    const double scale = scenario.run.scale;
    count_ring = assumed.count_ring;
    composite_dm = decimetres(assumed.walking_m_per_min * assumed.composite_min);
    composite_elder_dm = decimetres(assumed.elder_walking_m_per_min * assumed.composite_min);
    off_hours_weight = static_cast<std::int64_t>(std::floor(assumed.off_hours_weight * (1 << supply_bits) + 0.5));
    neutral_satisfaction = static_cast<std::int64_t>(std::floor(assumed.neutral_satisfaction * 1000 + 0.5));
    satisfaction_months = static_cast<std::uint32_t>(std::max(1.0, std::floor(assumed.satisfaction_months + 0.5)));
    const double unit = static_cast<double>(std::int64_t{1} << (2 * supply_bits));
    for (const Service& row : district.catalogue.services) {
        ServicePlan service;
        service.group = static_cast<std::size_t>(row.group);
        service.limit_dm = decimetres(row.distance_m);
        // A standard of nothing is met by any capacity at all: one millionth stands for it.
        const double standard_micro = std::max(1.0, std::floor(row.standard_per_member * 1e6 + 0.5));
        service.supply_per_milli = static_cast<std::int64_t>(std::floor(1000.0 * scale * unit / standard_micro + 0.5));
        service.composite = row.in_composite;
        service.shareable = row.off_hours_shareable;
        const auto same = std::find_if(catchments.begin(), catchments.end(), [&](const CatchmentPlan& one) {
            return one.group == service.group && one.limit_dm == service.limit_dm;
        });
        service.catchment = static_cast<std::uint32_t>(same - catchments.begin());
        if (same == catchments.end()) {
            CatchmentPlan added{service.group, service.limit_dm, {}};
            if (assumed.distance_decay == "gaussian") added.weight = gaussian_weights(service.limit_dm);
            catchments.push_back(std::move(added));
        }
        ++services_of_group[service.group];
        services.push_back(service);
    }
    ring_demand.assign(target_groups * nodes, 0);
    if (!count_ring) return;
    for (const RingDemand& demand : district.ring_demand) {
        for (std::size_t group = 0; group < target_groups; ++group) {
            ring_demand[group * nodes + demand.node.value] += static_cast<std::int32_t>(std::floor(demand.persons[group] * scale + 0.5));
        }
    }
}

void share_reach_lists(const Model& model, World& world) {
    const District& district = model.district;
    auto lists = std::make_shared<const ReachIndex>(district.network, index_limit_dm(district, model.assumptions().services));
    std::vector<std::uint16_t> nodes;
    for (const FacilitySite& site : district.facilities) nodes.push_back(static_cast<std::uint16_t>(site.node.value));
    lists->prepare(model.parallel, nodes);
    world.services.reach = std::move(lists);
}

namespace coverage {

std::int64_t supply_of(const ServicePlan& service, std::int64_t capacity_milli) {
    __extension__ using Wide = __int128;
    const Wide supply = (static_cast<Wide>(capacity_milli) * service.supply_per_milli + (Wide{1} << (supply_bits - 1))) >> supply_bits;
    return supply >= supply_cap ? supply_cap : std::max<std::int64_t>(0, static_cast<std::int64_t>(supply));
}

std::int64_t ratio_of(std::int64_t supply, std::int64_t demand_weight) {
    if (supply <= 0) return 0;
    if (demand_weight <= 0) return ratio_cap;
    constexpr int shift = ratio_bits + weight_bits - supply_bits;
    if (supply < (std::int64_t{1} << (62 - shift))) return std::min(ratio_cap, ((supply << shift) + demand_weight / 2) / demand_weight);
    __extension__ using Wide = __int128;
    const Wide ratio = ((static_cast<Wide>(supply) << shift) + demand_weight / 2) / demand_weight;
    return ratio >= ratio_cap ? ratio_cap : static_cast<std::int64_t>(ratio);
}

std::int64_t demand_weight(const CatchmentPlan& catchment, const ReachList& list, std::size_t size, const std::int32_t* demand) {
    std::int64_t sum = 0;
    if (catchment.weight.empty()) {
        for (std::size_t i = 0; i < size; ++i) sum += demand[list.node[i]];
        return sum * (std::int64_t{1} << weight_bits);
    }
    for (std::size_t i = 0; i < size; ++i) sum += std::int64_t{demand[list.node[i]]} * catchment.weight[list.distance_dm[i]];
    return sum;
}

Counted counted_capacity(const CoveragePlan& plan, const Model& model, const World& world, std::uint32_t facility) {
    const FacilityTable& facilities = world.services.facilities;
    Counted counted{facilities.capacity_milli[facility], 0};
    const std::int64_t off_hours = facilities.off_hours_milli[facility];
    if (off_hours <= 0 || !plan.services[facilities.service[facility]].shareable) return counted;
    const std::uint32_t space = facilities.space[facility];
    const bool industrial = space < model.district.spaces.size() && model.district.spaces[space].category == SpaceCategory::industrial;
    const Levers& levers = model.levers(world.month);
    if (levers.allocation.off_hours_sharing && levers.on(industrial ? Clause::C3_1 : Clause::C3_2)) {
        counted.off_hours_milli = (off_hours * plan.off_hours_weight) >> supply_bits;
    }
    return counted;
}

const CoveragePlan& plan_of(const World& world) {
    const CoverageCache& cache = world.services.cache;
    if (!cache.ready || !cache.plan) {
        throw Error(ErrorKind::internal, msg("service coverage is asked for before it was computed"), {},
                    msg("call restore_services first"));
    }
    return *cache.plan;
}

}  // namespace coverage

}  // namespace hutong
