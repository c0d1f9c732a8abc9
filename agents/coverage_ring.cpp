/// Coverage as it would be without the ring (agents/services.h): from the kept sums, by taking out what the ring adds.
/// Only facilities in the ring and those whose catchment reaches into it differ, so this costs a fraction of a second run,
/// and being sums of whole numbers it gives the bits of one.
#include <algorithm>

#include "agents/coverage.h"
#include "agents/services.h"

namespace hutong {
namespace {

using namespace coverage;

/// What one service loses at every node.
struct Difference {
    std::vector<std::int64_t> access;                 ///< unit of CoverageCache::access
    std::vector<std::uint16_t> reach;                 ///< ring facilities within the standard's distance
    std::vector<std::uint16_t> circle, circle_elder;  ///< ... within 15 minutes; empty: not of the circle
};

void take_out(std::vector<std::uint16_t>& counts, const ReachList& list, std::uint32_t limit_dm) {
    for (std::size_t i = 0, size = list.within_dm(limit_dm); i < size; ++i) ++counts[list.node[i]];
}

Difference without_ring(const World& world, const CoveragePlan& plan, std::size_t nodes, std::size_t index) {
    const ServicesState& state = world.services;
    const CoverageCache& cache = state.cache;
    const ServicePlan& service = plan.services[index];
    const CatchmentPlan& catchment = plan.catchment_of(index);
    const std::int32_t* outside = plan.ring_demand.data() + service.group * nodes;
    Difference difference{std::vector<std::int64_t>(nodes, 0), std::vector<std::uint16_t>(nodes, 0), {}, {}};
    if (service.composite) difference.circle.assign(nodes, 0), difference.circle_elder.assign(nodes, 0);
    for (const std::uint32_t row : cache.facilities[index]) {
        if (cache.supply[row] < 0) continue;
        const ReachList& list = *cache.list[row];
        const std::size_t size = list.within_dm(service.limit_dm);
        std::int64_t change = -cache.ratio[row];
        if (state.facilities.ring[row]) {
            take_out(difference.reach, list, service.limit_dm);
            if (service.composite) {
                take_out(difference.circle, list, plan.composite_dm);
                take_out(difference.circle_elder, list, plan.composite_elder_dm);
            }
        } else {
            const std::int64_t competing = demand_weight(catchment, list, size, outside);
            if (competing == 0) continue;
            const std::int64_t all = cache.catchments[service.catchment].demand_weight[cache.place[row]];
            change += ratio_of(cache.supply[row], all - competing);
        }
        if (change == 0) continue;
        for (std::size_t i = 0; i < size; ++i) {
            const std::int64_t weight = catchment.weight.empty() ? std::int64_t{1} << weight_bits : catchment.weight[list.distance_dm[i]];
            difference.access[list.node[i]] += change * weight;
        }
    }
    return difference;
}

}  // namespace

void coverage_without_ring(const Model& model, const World& world, std::vector<CoverageSums>& out, std::vector<CompositeSums>& circle) {
    const CoveragePlan& plan = plan_of(world);
    const WalkingNetwork& network = model.district.network;
    const ServicesState& state = world.services;
    const std::size_t nodes = network.nodes(), services = plan.services.size(), blocks = model.district.blocks.size();
    out.assign(services * blocks, CoverageSums{});
    std::vector<std::vector<std::uint8_t>> bits(services);  // of the circle, by node; empty: not of the circle
    model.parallel.for_grains(services, 1, [&](std::size_t s, std::size_t, std::size_t) {
        const Difference difference = without_ring(world, plan, nodes, s);
        const std::int32_t* members = state.members.data() + plan.services[s].group * nodes;
        if (plan.services[s].composite) bits[s].assign(nodes, 0);
        for (std::size_t node = 0; node < nodes; ++node) {
            const BlockId block = network.block(NodeId(node));
            if (!block.valid()) continue;
            const std::size_t at = s * nodes + node;
            CoverageSums& sums = out[s * blocks + block.value];
            sums.members += members[node];
            sums.served_milli += std::int64_t{members[node]} * permille(state.cache.access[at] + difference.access[node]);
            sums.reached += state.cache.in_reach[at] > difference.reach[node] ? members[node] : 0;
            if (!plan.services[s].composite) continue;
            bits[s][node] = static_cast<std::uint8_t>((state.cache.in_composite[at] > difference.circle[node] ? 1 : 0) |
                                                      (state.cache.in_composite_elder[at] > difference.circle_elder[node] ? 2 : 0));
        }
    });
    const std::int32_t* everyone = state.members.data() + static_cast<std::size_t>(TargetGroup::everyone) * nodes;
    const std::int32_t* elders = state.members.data() + static_cast<std::size_t>(TargetGroup::elders_65) * nodes;
    circle.assign(blocks, CompositeSums{});
    for (std::size_t node = 0; node < nodes; ++node) {
        const BlockId block = network.block(NodeId(node));
        if (!block.valid()) continue;
        int inside = 3;
        for (const auto& of_service : bits) {
            if (!of_service.empty()) inside &= of_service[node];
        }
        CompositeSums& sums = circle[block.value];
        sums.residents += everyone[node];
        if (inside & 1) sums.inside += everyone[node] - elders[node];
        if (inside & 2) sums.inside += elders[node];
    }
}

}  // namespace hutong
