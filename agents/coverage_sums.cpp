/// What others read from coverage: sums by block and exact what-if answers (agents/services.h). Nothing here writes
/// to the World.
#include <algorithm>
#include <cmath>

#include "agents/coverage.h"
#include "agents/own_services.h"
#include "agents/services.h"
#include "scenarios/nearest.h"

namespace hutong {
namespace {

constexpr std::int64_t all_permille = 1000;

/// Nodes one after the other that lie in the same block.
struct BlockRun {
    std::size_t begin, end;
    std::uint32_t block;
};
std::vector<BlockRun> runs_of_blocks(const District& district) {
    std::vector<BlockRun> runs;
    for (std::size_t node = 0; node < district.network.nodes(); ++node) {
        const BlockId block = district.network.block(NodeId(node));
        if (!block.valid()) continue;
        if (!runs.empty() && runs.back().end == node && runs.back().block == block.value) {
            ++runs.back().end;
        } else {
            runs.push_back({node, node + 1, block.value});
        }
    }
    return runs;
}

/// Calls f(node, block) for every node of the district (not of the ring).
template <class F>
void for_district_nodes(const District& district, F&& f) {
    const std::size_t nodes = district.network.nodes();
    for (std::size_t node = 0; node < nodes; ++node) {
        const BlockId block = district.network.block(NodeId(node));
        if (block.valid()) f(node, block.value);
    }
}

/// Open facilities of every service.
std::vector<std::vector<NodeId>> open_facilities(const Model& model, const World& world) {
    const FacilityTable& facilities = world.services.facilities;
    const bool count_ring = model.assumptions().services.count_ring;
    std::vector<std::vector<NodeId>> starts(model.district.catalogue.services.size());
    for (std::uint32_t row = 0; row < facilities.rows(); ++row) {
        if (facilities.open[row] && (!facilities.ring[row] || count_ring))
            starts[facilities.service[row]].emplace_back(std::uint32_t{facilities.node[row]});
    }
    return starts;
}

std::uint32_t decimetres(double metres) {
    constexpr double dm_per_m = 10, most = 4.0e9;
    return static_cast<std::uint32_t>(std::min(std::floor(std::max(0.0, metres) * dm_per_m + 0.5), most));
}

}  // namespace

void coverage_by_block(const Model& model, const World& world, std::vector<CoverageSums>& out) {
    const District& district = model.district;
    const std::size_t nodes = district.network.nodes(), blocks = district.blocks.size(), services = district.catalogue.services.size();
    const ServicesState& state = world.services;
    out.assign(services * blocks, CoverageSums{});
    const std::vector<BlockRun> runs = runs_of_blocks(district);
    model.parallel.for_grains(services, 1, [&](std::size_t, std::size_t begin, std::size_t end) {
        for (std::size_t s = begin; s < end; ++s) {
            const std::int32_t* members = state.members.data() + static_cast<std::size_t>(district.catalogue.services[s].group) * nodes;
            const std::int32_t* served = state.served_permille.data() + s * nodes;
            const std::uint8_t* reached = state.reached.data() + s * nodes;
            for (const BlockRun& run : runs) {
                std::int64_t people = 0, served_milli = 0, in_reach = 0;
                for (std::size_t node = run.begin; node < run.end; ++node) {
                    people += members[node];
                    served_milli += std::int64_t{members[node]} * served[node];
                    in_reach += reached[node] ? members[node] : 0;
                }
                CoverageSums& sums = out[s * blocks + run.block];
                sums.members += people, sums.served_milli += served_milli, sums.reached += in_reach;
            }
        }
    });
}

void composite_by_block(const Model& model, const World& world, std::vector<CompositeSums>& out) {
    const std::size_t nodes = model.district.network.nodes();
    const ServicesState& state = world.services;
    const std::int32_t* everyone = state.members.data() + static_cast<std::size_t>(TargetGroup::everyone) * nodes;
    const std::int32_t* elders = state.members.data() + static_cast<std::size_t>(TargetGroup::elders_65) * nodes;
    out.assign(model.district.blocks.size(), CompositeSums{});
    for_district_nodes(model.district, [&](std::size_t node, std::uint32_t block) {
        out[block].residents += everyone[node];
        if (state.composite[node] & 1) out[block].inside += everyone[node] - elders[node];
        if (state.composite[node] & 2) out[block].inside += elders[node];
    });
}

void satisfaction_by_block(const Model& model, const World& world, std::vector<SatisfactionSums>& out) {
    const std::size_t nodes = model.district.network.nodes();
    const ServicesState& state = world.services;
    const auto members = [&](TargetGroup group, std::size_t node) {
        return std::int64_t{state.members[static_cast<std::size_t>(group) * nodes + node]};
    };
    out.assign(model.district.blocks.size(), SatisfactionSums{});
    for_district_nodes(model.district, [&](std::size_t node, std::uint32_t block) {
        const std::int16_t* share = state.own_share.data() + node * need_profiles;
        const std::int64_t groups[age_needs] = {0, members(TargetGroup::children_3_5, node), members(TargetGroup::children_6_11, node),
                                                members(TargetGroup::children_12_14, node), members(TargetGroup::elders_65, node)};
        std::int64_t others = members(TargetGroup::everyone, node);
        out[block].residents += others;
        for (std::size_t need = 1; need < age_needs; ++need) {
            out[block].share_permille += groups[need] * share[need];
            others -= groups[need];
        }
        out[block].share_permille += others * share[0];
    });
}

void off_hours_by_block(const Model& model, const World& world, std::vector<OffHoursSums>& out) {
    const District& district = model.district;
    const FacilityTable& facilities = world.services.facilities;
    const CoveragePlan& plan = coverage::plan_of(world);
    out.assign(district.catalogue.services.size() * district.blocks.size(), OffHoursSums{});
    for (std::uint32_t row = 0; row < facilities.rows(); ++row) {
        const BlockId block = district.network.block(NodeId(std::uint32_t{facilities.node[row]}));
        if (!facilities.open[row] || !block.valid()) continue;
        OffHoursSums& sums = out[facilities.service[row] * district.blocks.size() + block.value];
        const coverage::Counted counted = coverage::counted_capacity(plan, model, world, row);
        sums.capacity_milli += counted.regular_milli;
        sums.off_hours_milli += facilities.off_hours_milli[row];
        sums.counted_milli += counted.off_hours_milli;
    }
}

std::int64_t newly_served_milli(const Model& model, const World& world, ServiceId service, NodeId node, double capacity) {
    const CoveragePlan& plan = coverage::plan_of(world);
    const ServicePlan& own = plan.services[service.value];
    const CatchmentPlan& catchment = plan.catchment_of(service.value);
    const std::size_t nodes = model.district.network.nodes();
    const CoverageCache& cache = world.services.cache;
    const ReachList& list = plan.reach->of(static_cast<std::uint16_t>(node.value));
    const std::size_t size = list.within_dm(own.limit_dm);
    // The same arithmetic as a real opening: catchment ratios of other facilities do not depend on a new one.
    const std::int64_t supply = coverage::supply_of(own, static_cast<std::int64_t>(std::floor(capacity * 1000.0)));
    const std::int64_t ratio =
        coverage::ratio_of(supply, coverage::demand_weight(catchment, list, size, cache.demand.data() + own.group * nodes));
    const std::int32_t* members = world.services.members.data() + own.group * nodes;
    const std::int64_t* access = cache.access.data() + service.value * nodes;
    const std::int32_t* served = world.services.served_permille.data() + service.value * nodes;
    std::int64_t gained = 0;
    for (std::size_t i = 0; i < size; ++i) {
        const std::size_t at = list.node[i];
        if (members[at] == 0 || served[at] == all_permille || !model.district.network.block(NodeId(at)).valid()) continue;
        const std::int64_t weight =
            catchment.weight.empty() ? std::int64_t{1} << coverage::weight_bits : catchment.weight[list.distance_dm[i]];
        gained += std::int64_t{members[at]} * (coverage::permille(access[at] + ratio * weight) - served[at]);
    }
    return gained;
}

std::int64_t newly_served(const Model& model, const World& world, ServiceId service, NodeId node, double capacity) {
    return newly_served_milli(model, world, service, node, capacity) / all_permille;
}

std::int64_t shortfall_in_reach_milli(const Model& model, const World& world, ServiceId service, NodeId node) {
    const CoveragePlan& plan = coverage::plan_of(world);
    const ServicePlan& own = plan.services[service.value];
    const std::size_t nodes = model.district.network.nodes();
    const ReachList& list = plan.reach->of(static_cast<std::uint16_t>(node.value));
    const std::int32_t* members = world.services.members.data() + own.group * nodes;
    const std::int32_t* served = world.services.served_permille.data() + service.value * nodes;
    std::int64_t missing = 0;
    for (std::size_t i = 0, size = list.within_dm(own.limit_dm); i < size; ++i) {
        const std::size_t at = list.node[i];
        if (model.district.network.block(NodeId(at)).valid()) missing += std::int64_t{members[at]} * (all_permille - served[at]);
    }
    return missing;
}

std::vector<std::uint32_t> distance_to_nearest_dm(const Model& model, const World& world, ServiceId service, double limit_m) {
    return Nearest(model.district.network).from(open_facilities(model, world)[service.value], decimetres(limit_m));
}

std::vector<std::vector<std::uint32_t>> distances_to_nearest_dm(const Model& model, const World& world, double limit_m) {
    constexpr std::size_t services_per_grain = 2;
    const auto starts = open_facilities(model, world);
    std::vector<std::vector<std::uint32_t>> all(starts.size());
    model.parallel.for_grains(all.size(), services_per_grain, [&](std::size_t, std::size_t begin, std::size_t end) {
        Nearest nearest(model.district.network);
        for (std::size_t s = begin; s < end; ++s) all[s] = nearest.from(starts[s], decimetres(limit_m));
    });
    return all;
}

}  // namespace hutong
