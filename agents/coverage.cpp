/// Brings coverage up to date (agents/services.h). A month changes the demand of nearly every node, so the work is
/// laid out as three sweeps over short lists that lie one after the other in memory:
///     catchments   D of every place with a facility: demand added up over the nodes in reach
///     services     R of every facility, and its change spread over the nodes in reach
///     nodes        served shares, own services, quarter-hour circle
/// Where all nodes in reach weigh the same (step) the first two go by runs of node numbers, a fifth as many as nodes:
/// demand is the difference of two running sums, a change is written where a run begins and where it has ended.
/// Where little changed, the sweeps touch only what the change reaches. Every figure is a sum of whole numbers, so both
/// ways give the same bits.
#include "agents/coverage.h"

#include <algorithm>
#include <bit>
#include <optional>

#include "agents/services.h"

namespace hutong {
namespace {

using namespace coverage;

constexpr std::size_t places_per_grain = 512;
constexpr std::size_t nodes_per_grain = 1024;
constexpr std::uint32_t no_place = no_row;

struct DemandChange {
    std::uint16_t node;
    std::int32_t by;
};

/// What one call of update_coverage finds out.
struct Changes {
    std::array<std::vector<DemandChange>, target_groups> demand;
    std::array<std::vector<std::int64_t>, target_groups> running;  ///< [node (+1)] demand of the nodes before; empty: not needed
    std::vector<std::uint8_t> catchment;                           ///< 0: unchanged, 1: at the places of `touched`, 2: anywhere
    std::vector<std::vector<std::uint8_t>> touched;                ///< [catchment][place] 1: its demand changed
    std::vector<std::uint8_t> service;                             ///< 0: unchanged, 1: at the nodes of `nodes`, 2: anywhere
    std::vector<std::vector<std::uint16_t>> nodes;                 ///< [service] nodes whose access changed
    std::vector<std::vector<std::uint16_t>> circle;  ///< [service] nodes that gained their first or lost their last in 15 minutes
};

void start_cache(const Model& model, World& world) {
    ServicesState& state = world.services;
    CoverageCache& cache = state.cache;
    if (!cache.plan) cache.plan = std::make_shared<const CoveragePlan>(model.district, model.scenario, state.reach);
    const std::size_t nodes = model.district.network.nodes();
    const std::size_t services = cache.plan->services.size(), cells = services * nodes;
    cache.demand.assign(target_groups * nodes, 0);
    cache.catchments.assign(cache.plan->catchments.size(), Catchments{});
    for (Catchments& one : cache.catchments) {
        one.slot.assign(nodes, no_place);
        one.first.assign(1, 0);
    }
    cache.access.assign(cells, 0);
    cache.in_reach.assign(cells, 0);
    cache.in_composite.assign(cells, 0);
    cache.in_composite_elder.assign(cells, 0);
    cache.supply.clear();
    cache.ratio.clear();
    cache.list.clear();
    cache.place.clear();
    cache.facilities.assign(services, {});
    state.members.resize(target_groups * nodes, 0);
    state.served_permille.assign(cells, 0);
    state.reached.assign(cells, 0);
    state.facilities_changed.resize(services, 1);
    state.composite.assign(nodes, 0);
    state.own_share.assign(nodes * need_profiles, 0);
}

/// Sums of the first n values, n from 0.
std::vector<std::int64_t> running_sums(const std::int32_t* value, std::size_t count) {
    std::vector<std::int64_t> sums(count + 1);
    for (std::size_t i = 0; i < count; ++i) sums[i + 1] = sums[i] + value[i];
    return sums;
}

/// D of a place, summed anew.
std::int64_t gather(const Catchments& catchments, std::size_t place, const std::int32_t* demand, const std::int64_t* running) {
    const std::uint16_t* node = catchments.node.data();
    const std::size_t begin = catchments.first[place], end = catchments.first[place + 1];
    std::int64_t sum = 0;
    if (catchments.weight.empty()) {
        for (std::size_t i = begin; i < end; i += 2) sum += running[node[i + 1] + std::size_t{1}] - running[node[i]];
        return sum * (std::int64_t{1} << weight_bits);
    }
    const std::uint16_t* weight = catchments.weight.data();
    for (std::size_t i = begin; i < end; ++i) sum += std::int64_t{demand[node[i]]} * weight[i];
    return sum;
}

/// A place on its way into the catchments.
struct NewPlace {
    std::size_t catchment;
    std::uint16_t node;
    std::vector<std::uint16_t> nodes, weight;
    std::int64_t demand_weight = 0;
};

/// The runs of node numbers of a list: bits are set, then read in order. `bits` is left empty for the next list.
void find_runs(const std::uint16_t* node, std::size_t size, std::vector<std::uint64_t>& bits, std::vector<std::uint16_t>& runs) {
    constexpr std::size_t word = 64;
    std::size_t low = bits.size(), high = 0;
    for (std::size_t i = 0; i < size; ++i) {
        const std::size_t at = node[i] / word;
        bits[at] |= std::uint64_t{1} << (node[i] % word);
        low = std::min(low, at), high = std::max(high, at);
    }
    for (std::size_t at = low; at < bits.size() && at <= high; ++at) {
        std::uint64_t left = bits[at];
        bits[at] = 0;
        while (left != 0) {
            const auto begin = static_cast<std::size_t>(std::countr_zero(left));
            const auto length = static_cast<std::size_t>(std::countr_one(left >> begin));
            const std::size_t first = at * word + begin, last = first + length - 1;
            if (!runs.empty() && runs.back() + std::size_t{1} == first) {
                runs.back() = static_cast<std::uint16_t>(last);
            } else {
                runs.push_back(static_cast<std::uint16_t>(first));
                runs.push_back(static_cast<std::uint16_t>(last));
            }
            if (begin + length == word) break;
            left &= ~std::uint64_t{0} << (begin + length);
        }
    }
}

void describe_place(const CoverageCache& cache, std::size_t nodes, std::vector<std::uint64_t>& bits, NewPlace& place) {
    const CatchmentPlan& plan = cache.plan->catchments[place.catchment];
    const ReachList& list = cache.plan->reach->of(place.node);
    const std::size_t size = list.within_dm(plan.limit_dm);
    if (plan.weight.empty()) {
        find_runs(list.node.data(), size, bits, place.nodes);
    } else {
        place.nodes.assign(list.node.begin(), list.node.begin() + static_cast<std::ptrdiff_t>(size));
        place.weight.reserve(size);
        for (std::size_t i = 0; i < size; ++i) place.weight.push_back(plan.weight[list.distance_dm[i]]);
    }
    place.demand_weight = demand_weight(plan, list, size, cache.demand.data() + plan.group * nodes);
}

/// Room for what the places bring, and a thirty-second more: a vector would double it.
void make_room(const std::vector<NewPlace>& places, std::vector<Catchments>& catchments) {
    std::vector<std::size_t> nodes(catchments.size(), 0), weights(catchments.size(), 0);
    for (const NewPlace& place : places) {
        nodes[place.catchment] += place.nodes.size();
        weights[place.catchment] += place.weight.size();
    }
    const auto make = [](std::vector<std::uint16_t>& column, std::size_t more) {
        const std::size_t size = column.size() + more;
        if (size > column.capacity()) column.reserve(size + size / 32);
    };
    for (std::size_t c = 0; c < catchments.size(); ++c) {
        make(catchments[c].node, nodes[c]);
        make(catchments[c].weight, weights[c]);
    }
}

/// Gives new rows of the facility table their places and lists.
void take_in_facilities(const Model& model, ServicesState& state, std::size_t nodes) {
    CoverageCache& cache = state.cache;
    const CoveragePlan& plan = *cache.plan;
    const std::size_t known = cache.supply.size(), rows = state.facilities.rows();
    if (known == rows) return;
    cache.supply.resize(rows, -1);
    cache.ratio.resize(rows, 0);
    cache.list.resize(rows, nullptr);
    cache.place.resize(rows, no_place);
    plan.reach->prepare(model.parallel, {state.facilities.node.begin() + static_cast<std::ptrdiff_t>(known), state.facilities.node.end()});
    std::vector<NewPlace> places;
    for (std::size_t row = known; row < rows; ++row) {
        const std::size_t service = state.facilities.service[row];
        const std::uint16_t node = state.facilities.node[row];
        const std::uint32_t catchment = plan.services[service].catchment;
        Catchments& own = cache.catchments[catchment];
        std::uint32_t& slot = own.slot[node];
        if (slot == no_place) {
            slot = static_cast<std::uint32_t>(own.places());
            own.demand_weight.push_back(0);
            places.push_back({catchment, node, {}, {}});
        }
        cache.list[row] = &plan.reach->of(node);
        cache.place[row] = slot;
        cache.facilities[service].push_back(static_cast<std::uint32_t>(row));
    }
    const auto describe = [&](std::size_t, std::size_t begin, std::size_t end) {
        std::vector<std::uint64_t> bits(nodes / 64 + 1, 0);
        for (std::size_t i = begin; i < end; ++i) describe_place(cache, nodes, bits, places[i]);
    };
    if (places.size() < places_per_grain) {
        describe(0, 0, places.size());
    } else {
        model.parallel.for_grains(places.size(), places_per_grain, describe);
    }
    make_room(places, cache.catchments);
    for (const NewPlace& place : places) {
        Catchments& own = cache.catchments[place.catchment];
        own.node.insert(own.node.end(), place.nodes.begin(), place.nodes.end());
        own.weight.insert(own.weight.end(), place.weight.begin(), place.weight.end());
        own.first.push_back(static_cast<std::uint32_t>(own.node.size()));
        own.demand_weight[own.slot[place.node]] = place.demand_weight;
    }
}

/// Demand of one group as it is now; what is different, node by node.
void find_demand_changes(ServicesState& state, std::size_t nodes, std::size_t group, std::vector<DemandChange>& changes) {
    const std::int32_t* members = state.members.data() + group * nodes;
    const std::int32_t* ring = state.cache.plan->ring_demand.data() + group * nodes;
    std::int32_t* demand = state.cache.demand.data() + group * nodes;
    changes.resize(nodes);
    std::size_t found = 0;
    for (std::size_t node = 0; node < nodes; ++node) {
        const std::int32_t by = members[node] + ring[node] - demand[node];
        demand[node] += by;
        changes[found] = {static_cast<std::uint16_t>(node), by};
        found += by != 0;
    }
    changes.resize(found);
}

/// Adds what changed to D of the places in reach of it: distances are the same both ways.
void spread_demand(const CoverageCache& cache, std::size_t index, const std::vector<DemandChange>& demand, Catchments& catchments,
                   std::vector<std::uint8_t>& touched) {
    const CatchmentPlan& plan = cache.plan->catchments[index];
    touched.assign(catchments.places(), 0);
    for (const DemandChange& change : demand) {
        const ReachList& list = cache.plan->reach->of(change.node);
        for (std::size_t i = 0, size = list.within_dm(plan.limit_dm); i < size; ++i) {
            const std::uint32_t place = catchments.slot[list.node[i]];
            if (place == no_place) continue;
            const std::int64_t weight = plan.weight.empty() ? std::int64_t{1} << weight_bits : plan.weight[list.distance_dm[i]];
            catchments.demand_weight[place] += change.by * weight;
            touched[place] = 1;
        }
    }
}

/// First step of the catchment areas: D of every place with a facility.
void update_catchments(const Model& model, World& world, std::size_t nodes, Changes& changes) {
    CoverageCache& cache = world.services.cache;
    const std::size_t count = cache.catchments.size();
    changes.catchment.assign(count, 0);
    changes.touched.resize(count);
    struct Task {
        std::size_t catchment, begin, end;
        bool spread;
    };
    std::vector<Task> tasks;
    std::array<bool, target_groups> by_runs{};
    for (std::size_t c = 0; c < count; ++c) {
        const std::size_t changed = changes.demand[cache.plan->catchments[c].group].size(), places = cache.catchments[c].places();
        if (changed == 0) continue;
        const bool spread = 2 * changed < places;  // cheaper than looking at every place
        changes.catchment[c] = spread ? 1 : 2;
        by_runs[cache.plan->catchments[c].group] |= !spread && cache.plan->catchments[c].weight.empty();
        if (spread) tasks.push_back({c, 0, places, true});
        for (std::size_t begin = 0; begin < places && !spread; begin += places_per_grain)
            tasks.push_back({c, begin, std::min(places, begin + places_per_grain), false});
    }
    for (std::size_t group = 0; group < target_groups; ++group) {
        if (by_runs[group]) changes.running[group] = running_sums(cache.demand.data() + group * nodes, nodes);
    }
    model.parallel.for_grains(tasks.size(), 1, [&](std::size_t index, std::size_t, std::size_t) {
        const Task& task = tasks[index];
        Catchments& own = cache.catchments[task.catchment];
        const std::size_t group = cache.plan->catchments[task.catchment].group;
        if (task.spread) return spread_demand(cache, task.catchment, changes.demand[group], own, changes.touched[task.catchment]);
        const std::int32_t* demand = cache.demand.data() + group * nodes;
        const std::int64_t* running = changes.running[group].data();
        for (std::size_t place = task.begin; place < task.end; ++place) own.demand_weight[place] = gather(own, place, demand, running);
    });
}

/// What the facility should supply now; -1: it does not count.
std::int64_t supply_now(const Model& model, const World& world, std::uint32_t row) {
    const ServicesState& state = world.services;
    const CoveragePlan& plan = *state.cache.plan;
    if (!state.facilities.open[row] || (!plan.count_ring && state.facilities.ring[row])) return -1;
    const Counted counted = counted_capacity(plan, model, world, row);
    return supply_of(plan.services[state.facilities.service[row]], counted.regular_milli + counted.off_hours_milli);
}

/// Counts a facility in or out of the nodes from which it is reached; adds the nodes that gained their first or lost
/// their last to `turned`.
void count_in(std::uint16_t* count, const std::uint16_t* node, std::size_t size, bool in, std::vector<std::uint16_t>& turned) {
    for (std::size_t i = 0; i < size; ++i) {
        std::uint16_t& at = count[node[i]];
        at = static_cast<std::uint16_t>(in ? at + 1 : at - 1);
        if (at == (in ? 1 : 0)) turned.push_back(node[i]);
    }
}

/// The nodes in reach of a facility.
struct Span {
    const std::uint16_t* node;
    const std::uint16_t* weight;  ///< null: all weigh the same
    std::size_t size;
};
Span span_of(const CoverageCache& cache, std::size_t service, std::uint32_t row) {
    const CatchmentPlan& plan = cache.plan->catchment_of(service);
    const ReachList& list = *cache.list[row];
    if (plan.weight.empty()) return {list.node.data(), nullptr, list.within_dm(plan.limit_dm)};
    const Catchments& catchments = cache.catchments[cache.plan->services[service].catchment];
    const std::size_t begin = catchments.first[cache.place[row]];
    return {catchments.node.data() + begin, catchments.weight.data() + begin, catchments.first[cache.place[row] + std::size_t{1}] - begin};
}

void add_access(const Span& span, std::int64_t difference, std::int64_t* access) {
    if (!span.weight) {
        const std::int64_t add = difference * (std::int64_t{1} << weight_bits);
        for (std::size_t i = 0; i < span.size; ++i) access[span.node[i]] += add;
    } else {
        for (std::size_t i = 0; i < span.size; ++i) access[span.node[i]] += difference * span.weight[i];
    }
}

/// Changes of access of one service, written where a run of nodes begins and where it has ended.
class Slopes {
public:
    explicit Slopes(std::size_t nodes) : at_(nodes + 1, 0) {}
    void add(const Catchments& catchments, std::size_t place, std::int64_t difference) {
        const std::uint16_t* run = catchments.node.data();
        for (std::size_t i = catchments.first[place], end = catchments.first[place + 1]; i < end; i += 2) {
            at_[run[i]] += difference;
            at_[run[i + 1] + std::size_t{1}] -= difference;
        }
    }
    void add_to(std::int64_t* access) const {
        std::int64_t sum = 0;
        for (std::size_t node = 0; node + 1 < at_.size(); ++node) {
            sum += at_[node];
            access[node] += sum * (std::int64_t{1} << weight_bits);
        }
    }

private:
    std::vector<std::int64_t> at_;
};

/// Counts a facility that opened or closed in or out of the nodes in its reach. Adds the nodes whose quarter-hour circle
/// may have changed to `turned`.
void count_facility(ServicesState& state, std::size_t nodes, std::uint32_t row, bool in, std::vector<std::uint16_t>& turned) {
    CoverageCache& cache = state.cache;
    const CoveragePlan& plan = *cache.plan;
    const std::size_t service = state.facilities.service[row];
    const Span span = span_of(cache, service, row);
    std::uint16_t* in_reach = cache.in_reach.data() + service * nodes;
    std::uint8_t* reached = state.reached.data() + service * nodes;
    for (std::size_t i = 0; i < span.size; ++i) {
        std::uint16_t& at = in_reach[span.node[i]];
        at = static_cast<std::uint16_t>(in ? at + 1 : at - 1);
        reached[span.node[i]] = at > 0 ? 1 : 0;
    }
    if (!plan.services[service].composite) return;
    const ReachList& list = *cache.list[row];
    count_in(cache.in_composite.data() + service * nodes, list.node.data(), list.within_dm(plan.composite_dm), in, turned);
    count_in(cache.in_composite_elder.data() + service * nodes, list.node.data(), list.within_dm(plan.composite_elder_dm), in, turned);
}

/// One service; services do not touch each other's cells.
void update_service(const Model& model, World& world, std::size_t nodes, std::size_t index, Changes& changes) {
    ServicesState& state = world.services;
    CoverageCache& cache = state.cache;
    const std::uint32_t catchment = cache.plan->services[index].catchment;
    const Catchments& catchments = cache.catchments[catchment];
    const bool all = changes.catchment[catchment] == 2, some = changes.catchment[catchment] == 1;
    std::optional<Slopes> slopes;
    if (all && cache.plan->catchments[catchment].weight.empty()) slopes.emplace(nodes);
    std::int64_t* access = cache.access.data() + index * nodes;
    std::vector<std::uint16_t>& reached = changes.nodes[index];
    if (all) changes.service[index] = 2;
    for (const std::uint32_t row : cache.facilities[index]) {
        const std::int64_t supply = supply_now(model, world, row);
        const std::uint32_t place = cache.place[row];
        if (supply == cache.supply[row] && (supply < 0 || !(all || (some && changes.touched[catchment][place])))) continue;
        const std::int64_t ratio = supply < 0 ? 0 : ratio_of(supply, catchments.demand_weight[place]);
        const std::int64_t difference = ratio - cache.ratio[row];
        const bool turns = (supply < 0) != (cache.supply[row] < 0);
        cache.supply[row] = supply;
        cache.ratio[row] = ratio;
        if (turns) count_facility(state, nodes, row, supply >= 0, changes.circle[index]);
        if (difference == 0) continue;
        if (slopes) {
            slopes->add(catchments, place, difference);
            continue;
        }
        const Span span = span_of(cache, index, row);
        add_access(span, difference, access);
        if (changes.service[index] == 2) continue;
        // A list of more entries than there are nodes is no shorter than all nodes.
        changes.service[index] = reached.size() + span.size > nodes ? 2 : 1;
        if (changes.service[index] == 1) reached.insert(reached.end(), span.node, span.node + span.size);
    }
    if (slopes) slopes->add_to(access);
}

/// Quarter-hour circle of the nodes where it may have changed.
void update_circle(ServicesState& state, std::size_t nodes, const Changes& changes, bool fresh) {
    const NodeSums sums(*state.cache.plan, nodes);
    if (fresh) {
        for (std::size_t node = 0; node < nodes; ++node) state.composite[node] = sums.composite_at(state, node);
        return;
    }
    for (const auto& of_service : changes.circle) {
        for (const std::uint16_t node : of_service) state.composite[node] = sums.composite_at(state, node);
    }
}

/// Served shares and own services of the nodes whose access changed.
void update_nodes(const Model& model, ServicesState& state, std::size_t nodes, const Changes& changes) {
    const std::size_t services = state.cache.plan->services.size();
    const NodeSums sums(*state.cache.plan, nodes);
    const auto any = [&](std::uint8_t kind) {
        return std::find(changes.service.begin(), changes.service.end(), kind) != changes.service.end();
    };
    if (!any(2)) {
        std::vector<std::uint8_t> seen(nodes, 0);
        for (std::size_t s = 0; s < services; ++s) {
            for (const std::uint16_t node : changes.nodes[s]) {
                state.served_permille[s * nodes + node] = permille(state.cache.access[s * nodes + node]);
                seen[node] = 1;
            }
        }
        for (std::size_t node = 0; node < nodes; ++node) {
            if (seen[node]) sums.update_own_share_at(state, node);
        }
        return;
    }
    model.parallel.for_grains(nodes, nodes_per_grain, [&](std::size_t, std::size_t begin, std::size_t end) {
        for (std::size_t s = 0; s < services; ++s) {
            if (changes.service[s] == 0) continue;
            const std::int64_t* access = state.cache.access.data() + s * nodes;
            std::int32_t* served = state.served_permille.data() + s * nodes;
            for (std::size_t node = begin; node < end; ++node) served[node] = permille(access[node]);
        }
        sums.update_own_share(state, begin, end);
    });
}

}  // namespace

void update_coverage(const Model& model, World& world) {
    const std::size_t nodes = model.district.network.nodes();
    ServicesState& state = world.services;
    const bool fresh = !state.cache.ready;
    if (fresh) start_cache(model, world);
    const std::size_t services = state.cache.plan->services.size();
    Changes changes;
    model.parallel.for_grains(target_groups, 1, [&](std::size_t group, std::size_t, std::size_t) {
        find_demand_changes(state, nodes, group, changes.demand[group]);
    });
    update_catchments(model, world, nodes, changes);
    take_in_facilities(model, state, nodes);  // their demand is summed up as they come
    changes.service.assign(services, fresh ? 2 : 0);
    changes.circle.resize(services);
    changes.nodes.resize(services);
    model.parallel.for_grains(services, 1,
                              [&](std::size_t s, std::size_t, std::size_t) { update_service(model, world, nodes, s, changes); });
    if (std::any_of(changes.service.begin(), changes.service.end(), [](auto one) { return one != 0; }))
        update_nodes(model, state, nodes, changes);
    update_circle(state, nodes, changes, fresh);
    std::fill(state.facilities_changed.begin(), state.facilities_changed.end(), std::uint8_t{0});
    state.cache.ready = true;
}

void update_facility(const Model& model, World& world, std::uint32_t row) {
    const std::size_t nodes = model.district.network.nodes();
    ServicesState& state = world.services;
    CoverageCache& cache = state.cache;
    if (!cache.ready) return update_coverage(model, world);
    take_in_facilities(model, state, nodes);
    const std::int64_t supply = supply_now(model, world, row);
    if (supply == cache.supply[row]) return;
    const std::size_t service = state.facilities.service[row];
    const Catchments& catchments = cache.catchments[cache.plan->services[service].catchment];
    const std::int64_t ratio = supply < 0 ? 0 : ratio_of(supply, catchments.demand_weight[cache.place[row]]);
    const Span span = span_of(cache, service, row);
    std::vector<std::uint16_t> turned;
    if ((supply < 0) != (cache.supply[row] < 0)) count_facility(state, nodes, row, supply >= 0, turned);
    add_access(span, ratio - cache.ratio[row], cache.access.data() + service * nodes);
    cache.supply[row] = supply;
    cache.ratio[row] = ratio;
    const NodeSums sums(*cache.plan, nodes);
    for (std::size_t i = 0; i < span.size; ++i) {
        const std::size_t at = service * nodes + span.node[i];
        const std::int32_t served = permille(cache.access[at]);
        if (served == state.served_permille[at]) continue;
        state.served_permille[at] = served;
        sums.update_own_share_at(state, span.node[i]);
    }
    for (const std::uint16_t node : turned) state.composite[node] = sums.composite_at(state, node);
}

}  // namespace hutong
