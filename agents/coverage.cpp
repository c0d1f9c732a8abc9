#include "agents/coverage.h"

#include <algorithm>
#include <cmath>

#include "agents/services.h"
#include "core/error.h"
#include "core/exact_math.h"

namespace hutong {
namespace {

using namespace coverage;

/// Tables of this length are worked in one grain.
constexpr std::size_t facilities_per_grain = 128;
constexpr std::size_t nodes_per_grain = 2048;
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

/// What one call of update_coverage finds out before it changes anything.
struct Changes {
    std::array<bool, target_groups> group{};       ///< demand of the group changed somewhere
    std::vector<std::vector<std::uint32_t>> rows;  ///< by service: facilities to look at
    std::vector<std::int64_t> supply;              ///< by facility: what it should be now
    std::vector<std::int64_t> ratio;               ///< by facility: what it should be now
    std::vector<std::uint8_t> composite;           ///< by service: a node gained its first or lost its last in 15 minutes
    bool any = false;
};

void start_cache(const Model& model, World& world) {
    ServicesState& state = world.services;
    CoverageCache& cache = state.cache;
    if (!cache.plan) cache.plan = std::make_shared<const CoveragePlan>(model.district, model.scenario);
    const std::size_t nodes = model.district.network.nodes();
    const std::size_t cells = cache.plan->services.size() * nodes;
    cache.demand.assign(target_groups * nodes, 0);
    cache.access.assign(cells, 0);
    cache.in_reach.assign(cells, 0);
    cache.in_composite.assign(cells, 0);
    cache.in_composite_elder.assign(cells, 0);
    cache.supply.clear();
    cache.demand_weight.clear();
    cache.ratio.clear();
    cache.list.clear();
    cache.list_size.clear();
    state.members.resize(target_groups * nodes, 0);
    state.served_permille.assign(cells, 0);
    state.reached.assign(cells, 0);
    state.facilities_changed.resize(cache.plan->services.size(), 1);
    state.composite.assign(nodes, 0);
    state.own_share.assign(nodes * need_profiles, 0);
}

void find_demand_changes(World& world, std::size_t nodes, Changes& changes) {
    ServicesState& state = world.services;
    const CoveragePlan& plan = *state.cache.plan;
    for (std::size_t group = 0; group < target_groups; ++group) {
        const std::size_t first = group * nodes;
        std::int32_t different = 0;
        for (std::size_t i = first; i < first + nodes; ++i) {
            const std::int32_t now = state.members[i] + plan.ring_demand[i];
            different |= now ^ state.cache.demand[i];
            state.cache.demand[i] = now;
        }
        changes.group[group] = different != 0;
        changes.any = changes.any || different != 0;
    }
}

/// What the facility should supply now; -1: it does not count.
std::int64_t supply_now(const Model& model, const World& world, std::uint32_t row) {
    const ServicesState& state = world.services;
    const CoveragePlan& plan = *state.cache.plan;
    if (!state.facilities.open[row] || (!plan.count_ring && state.facilities.ring[row])) return -1;
    const Counted counted = counted_capacity(plan, model, world, row);
    return supply_of(plan.services[state.facilities.service[row]], counted.regular_milli + counted.off_hours_milli);
}

void make_room(ServicesState& state) {
    CoverageCache& cache = state.cache;
    const std::size_t rows = state.facilities.rows();
    cache.supply.resize(rows, -1);
    cache.demand_weight.resize(rows, 0);
    cache.ratio.resize(rows, 0);
    cache.list.resize(rows, nullptr);
    cache.list_size.resize(rows, 0);
}

void list_facility(ServicesState& state, std::uint32_t row) {
    const CoveragePlan& plan = *state.cache.plan;
    state.cache.list[row] = &plan.reach.of(state.facilities.node[row]);
    state.cache.list_size[row] =
        static_cast<std::uint32_t>(state.cache.list[row]->within_dm(plan.services[state.facilities.service[row]].limit_dm));
}

void find_facility_changes(const Model& model, World& world, Changes& changes) {
    ServicesState& state = world.services;
    CoverageCache& cache = state.cache;
    const CoveragePlan& plan = *cache.plan;
    const std::size_t rows = state.facilities.rows();
    make_room(state);
    changes.supply.resize(rows);
    changes.ratio.assign(rows, 0);
    changes.rows.resize(plan.services.size());
    std::vector<std::uint32_t> unlisted;
    for (std::uint32_t row = 0; row < rows; ++row) {
        const std::size_t service = state.facilities.service[row];
        const std::int64_t supply = supply_now(model, world, row);
        changes.supply[row] = supply;
        const bool changed = supply != cache.supply[row];
        changes.any = changes.any || changed;
        if (changed || (supply >= 0 && changes.group[plan.services[service].group])) changes.rows[service].push_back(row);
        if (supply >= 0 && !cache.list[row]) unlisted.push_back(row);
    }
    std::vector<std::uint16_t> nodes;
    nodes.reserve(unlisted.size());
    for (const std::uint32_t row : unlisted) nodes.push_back(state.facilities.node[row]);
    plan.reach.prepare(model.parallel, nodes);
    for (const std::uint32_t row : unlisted) list_facility(state, row);
}

/// First step of the catchment areas: D_j and R_j of every facility to look at. Each row writes only its own.
void weigh_facilities(const Model& model, World& world, std::size_t nodes, Changes& changes) {
    CoverageCache& cache = world.services.cache;
    const CoveragePlan& plan = *cache.plan;
    std::vector<std::uint32_t> rows;
    for (const auto& of_service : changes.rows) rows.insert(rows.end(), of_service.begin(), of_service.end());
    const auto weigh = [&](std::size_t, std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) {
            const std::uint32_t row = rows[i];
            const ServicePlan& service = plan.services[world.services.facilities.service[row]];
            if (changes.supply[row] < 0) continue;
            if (cache.supply[row] < 0 || changes.group[service.group]) {
                cache.demand_weight[row] =
                    demand_weight(service, *cache.list[row], cache.list_size[row], cache.demand.data() + service.group * nodes);
            }
            changes.ratio[row] = ratio_of(changes.supply[row], cache.demand_weight[row]);
        }
    };
    if (rows.size() <= facilities_per_grain) {
        weigh(0, 0, rows.size());
    } else {
        model.parallel.for_grains(rows.size(), facilities_per_grain, weigh);
    }
}

/// Counts a facility in or out of the nodes from which it is reached; true when a node gained its first or lost its last.
bool count_in(std::uint16_t* count, const ReachList& list, std::size_t size, bool in) {
    bool turned = false;
    for (std::size_t i = 0; i < size; ++i) {
        std::uint16_t& at = count[list.node[i]];
        at = static_cast<std::uint16_t>(in ? at + 1 : at - 1);
        turned = turned || at == (in ? 1 : 0);
    }
    return turned;
}

void add_access(const ServicePlan& service, const ReachList& list, std::size_t size, std::int64_t difference, std::int64_t* access) {
    if (service.weight.empty()) {
        const std::int64_t add = difference * (std::int64_t{1} << weight_bits);
        for (std::size_t i = 0; i < size; ++i) access[list.node[i]] += add;
    } else {
        for (std::size_t i = 0; i < size; ++i) access[list.node[i]] += difference * service.weight[list.distance_dm[i]];
    }
}

/// Second step for one facility: brings access and counts of the nodes in its reach to the new supply and ratio. True
/// when the quarter-hour circle of a node may have changed.
bool apply_facility(ServicesState& state, std::size_t nodes, std::uint32_t row, std::int64_t supply, std::int64_t ratio) {
    CoverageCache& cache = state.cache;
    const CoveragePlan& plan = *cache.plan;
    const std::size_t index = state.facilities.service[row];
    const ServicePlan& service = plan.services[index];
    const ReachList& list = *cache.list[row];
    const std::size_t size = cache.list_size[row];
    const bool in = supply >= 0;
    bool turned = false;
    if (in != (cache.supply[row] >= 0)) {
        std::uint16_t* in_reach = cache.in_reach.data() + index * nodes;
        std::uint8_t* reached = state.reached.data() + index * nodes;
        count_in(in_reach, list, size, in);
        for (std::size_t i = 0; i < size; ++i) reached[list.node[i]] = in_reach[list.node[i]] > 0 ? 1 : 0;
        if (service.composite) {
            turned |= count_in(cache.in_composite.data() + index * nodes, list, list.within_dm(plan.composite_dm), in);
            turned |= count_in(cache.in_composite_elder.data() + index * nodes, list, list.within_dm(plan.composite_elder_dm), in);
        }
    }
    if (ratio != cache.ratio[row]) add_access(service, list, size, ratio - cache.ratio[row], cache.access.data() + index * nodes);
    cache.supply[row] = supply;
    cache.ratio[row] = ratio;
    return turned;
}

void update_served(ServicesState& state, std::size_t nodes, std::uint32_t row) {
    const std::size_t first = state.facilities.service[row] * nodes;
    const ReachList& list = *state.cache.list[row];
    for (std::size_t i = 0; i < state.cache.list_size[row]; ++i) {
        state.served_permille[first + list.node[i]] = permille(state.cache.access[first + list.node[i]]);
    }
}

/// One service; services do not touch each other's cells.
void update_service(ServicesState& state, std::size_t nodes, std::size_t index, Changes& changes) {
    for (const std::uint32_t row : changes.rows[index]) {
        if (apply_facility(state, nodes, row, changes.supply[row], changes.ratio[row])) changes.composite[index] = 1;
    }
    if (changes.group[state.cache.plan->services[index].group]) {
        for (std::size_t i = index * nodes; i < (index + 1) * nodes; ++i) state.served_permille[i] = permille(state.cache.access[i]);
    } else {
        for (const std::uint32_t row : changes.rows[index]) update_served(state, nodes, row);
    }
}

/// Bits of ServicesState::composite for one node.
std::uint8_t composite_at(const ServicesState& state, std::size_t nodes, std::size_t node) {
    const CoveragePlan& plan = *state.cache.plan;
    int bits = 3;
    for (std::size_t s = 0; s < plan.services.size(); ++s) {
        if (!plan.services[s].composite) continue;
        bits &= (state.cache.in_composite[s * nodes + node] ? 1 : 0) | (state.cache.in_composite_elder[s * nodes + node] ? 2 : 0);
    }
    return static_cast<std::uint8_t>(bits);
}

/// Own age group of the need profiles, in order (own_services.h); each without and with a car.
constexpr std::array<TargetGroup, need_profiles / 2> own_group{TargetGroup::everyone, TargetGroup::children_3_5, TargetGroup::children_6_11,
                                                               TargetGroup::children_12_14, TargetGroup::elders_65};

/// Number of services of each profile as a factor: mean = sum * factor >> 32, exact for sums below 2^16 (256 services of
/// 1000) because the factor is the rounded-up reciprocal.
struct OwnShare {
    std::array<std::uint64_t, need_profiles> factor{};
    explicit OwnShare(const CoveragePlan& plan) {
        for (std::size_t profile = 0; profile < need_profiles; ++profile) {
            const TargetGroup own = own_group[profile % own_group.size()];
            std::uint64_t count = plan.services_of_group[static_cast<std::size_t>(TargetGroup::everyone)];
            if (own != TargetGroup::everyone) count += plan.services_of_group[static_cast<std::size_t>(own)];
            if (profile >= own_group.size()) count += plan.services_of_group[static_cast<std::size_t>(TargetGroup::car_households)];
            if (count > 0) factor[profile] = ((std::uint64_t{1} << half_word) + count - 1) / count;
        }
    }
    /// sum[group * stride]: served shares added up over the group's services.
    void write(const std::int32_t* sum, std::size_t stride, std::int16_t* out) const {
        const auto of = [&](TargetGroup group) { return static_cast<std::uint64_t>(sum[static_cast<std::size_t>(group) * stride]); };
        const std::uint64_t everyone = of(TargetGroup::everyone), car = of(TargetGroup::car_households);
        for (std::size_t own = 0; own < own_group.size(); ++own) {
            const std::uint64_t total = own == 0 ? everyone : everyone + of(own_group[own]);
            out[own] = mean(total, own);
            out[own + own_group.size()] = mean(total + car, own + own_group.size());
        }
    }

private:
    static constexpr int half_word = 32;
    /// Whoever has no services of his own lacks none.
    std::int16_t mean(std::uint64_t total, std::size_t profile) const {
        return factor[profile] == 0 ? std::int16_t{1000} : static_cast<std::int16_t>((total * factor[profile]) >> half_word);
    }
};

void update_own_share_at(ServicesState& state, const OwnShare& own_share, std::size_t nodes, std::size_t node) {
    const CoveragePlan& plan = *state.cache.plan;
    std::array<std::int32_t, target_groups> sum{};
    for (std::size_t s = 0; s < plan.services.size(); ++s) sum[plan.services[s].group] += state.served_permille[s * nodes + node];
    own_share.write(sum.data(), 1, state.own_share.data() + node * need_profiles);
}

/// Mean served share of the own services of each kind of person, for the nodes from `begin` to `end`.
void update_own_share(ServicesState& state, const OwnShare& own_share, std::size_t nodes, std::size_t begin, std::size_t end) {
    const CoveragePlan& plan = *state.cache.plan;
    const std::size_t stride = end - begin;
    std::vector<std::int32_t> sum(target_groups * stride, 0);
    for (std::size_t s = 0; s < plan.services.size(); ++s) {
        std::int32_t* out = sum.data() + plan.services[s].group * stride;
        const std::int32_t* served = state.served_permille.data() + s * nodes + begin;
        for (std::size_t i = 0; i < stride; ++i) out[i] += served[i];
    }
    for (std::size_t i = 0; i < stride; ++i) own_share.write(sum.data() + i, stride, state.own_share.data() + (begin + i) * need_profiles);
}

}  // namespace

CoveragePlan::CoveragePlan(const District& district, const Scenario& scenario)
    : reach(district.network, index_limit_dm(district, scenario.assumptions.services)) {
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
        if (assumed.distance_decay == "gaussian") service.weight = gaussian_weights(service.limit_dm);
        ++services_of_group[service.group];
        services.push_back(std::move(service));
    }
    ring_demand.assign(target_groups * nodes, 0);
    if (!count_ring) return;
    for (const RingDemand& demand : district.ring_demand) {
        for (std::size_t group = 0; group < target_groups; ++group) {
            ring_demand[group * nodes + demand.node.value] += static_cast<std::int32_t>(std::floor(demand.persons[group] * scale + 0.5));
        }
    }
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

std::int64_t demand_weight(const ServicePlan& service, const ReachList& list, std::size_t size, const std::int32_t* demand) {
    std::int64_t sum = 0;
    if (service.weight.empty()) {
        for (std::size_t i = 0; i < size; ++i) sum += demand[list.node[i]];
        return sum * (std::int64_t{1} << weight_bits);
    }
    for (std::size_t i = 0; i < size; ++i) sum += std::int64_t{demand[list.node[i]]} * service.weight[list.distance_dm[i]];
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

void update_coverage(const Model& model, World& world) {
    const std::size_t nodes = model.district.network.nodes();
    ServicesState& state = world.services;
    const bool fresh = !state.cache.ready;
    if (fresh) start_cache(model, world);
    Changes changes;
    find_demand_changes(world, nodes, changes);
    find_facility_changes(model, world, changes);
    if (changes.any || fresh) {
        const std::size_t services = state.cache.plan->services.size();
        changes.composite.assign(services, 0);
        weigh_facilities(model, world, nodes, changes);
        model.parallel.for_grains(services, 1, [&](std::size_t, std::size_t begin, std::size_t end) {
            for (std::size_t s = begin; s < end; ++s) update_service(state, nodes, s, changes);
        });
        const bool circle = fresh || std::find(changes.composite.begin(), changes.composite.end(), 1) != changes.composite.end();
        const OwnShare own_share(*state.cache.plan);
        model.parallel.for_grains(nodes, nodes_per_grain, [&](std::size_t, std::size_t begin, std::size_t end) {
            update_own_share(state, own_share, nodes, begin, end);
            if (!circle) return;
            for (std::size_t node = begin; node < end; ++node) state.composite[node] = composite_at(state, nodes, node);
        });
    }
    std::fill(state.facilities_changed.begin(), state.facilities_changed.end(), std::uint8_t{0});
    state.cache.ready = true;
}

void update_facility(const Model& model, World& world, std::uint32_t row) {
    const std::size_t nodes = model.district.network.nodes();
    ServicesState& state = world.services;
    CoverageCache& cache = state.cache;
    if (!cache.ready) return update_coverage(model, world);
    make_room(state);
    const std::int64_t supply = supply_now(model, world, row);
    if (supply == cache.supply[row]) return;
    if (!cache.list[row]) list_facility(state, row);
    const ReachList& list = *cache.list[row];
    const ServicePlan& service = cache.plan->services[state.facilities.service[row]];
    if (cache.supply[row] < 0) {
        cache.demand_weight[row] = demand_weight(service, list, cache.list_size[row], cache.demand.data() + service.group * nodes);
    }
    const bool circle = apply_facility(state, nodes, row, supply, supply < 0 ? 0 : ratio_of(supply, cache.demand_weight[row]));
    update_served(state, nodes, row);
    const OwnShare own_share(*cache.plan);
    for (std::size_t i = 0; i < cache.list_size[row]; ++i) update_own_share_at(state, own_share, nodes, list.node[i]);
    if (!circle) return;
    const std::size_t within = list.within_dm(std::max(cache.plan->composite_dm, cache.plan->composite_elder_dm));
    for (std::size_t i = 0; i < within; ++i) state.composite[list.node[i]] = composite_at(state, nodes, list.node[i]);
}

}  // namespace hutong
