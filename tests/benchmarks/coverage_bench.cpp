// Service coverage against its targets: `hutong_coverage_bench [--threads N] [--district PACK]`. A grid of 141 x 141 nodes, 50 m
// apart, 15 % of its links left out at random, 6400 facilities of 15 services, limit 1200 m; then a district pack. Beside it
// Boost.Graph's Dijkstra and one search per node. Prints JSON, milliseconds and microseconds; every answer is checked.
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <iostream>
#include <string>

#include <fmt/format.h>
#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/dijkstra_shortest_paths.hpp>

#include "agents/coverage.h"
#include "agents/services.h"
#include "agents/steps.h"
#include "agents/stocks.h"
#include "core/draw.h"
#include "scenarios/district_pack.h"

namespace {

using namespace hutong;
using Clock = std::chrono::steady_clock;

constexpr std::size_t side = 141, facilities = 6400, services = 15, changes = 2000, residences = 10'000;
constexpr double limit_m = 1200, link_m = 50;

/// The test's own chance.
struct Die {
    std::uint64_t state;
    std::uint64_t below(std::uint64_t n) { return (state = mix64(state)) % n; }
};

double seconds(const std::function<void()>& what) {
    const auto begin = Clock::now();
    what();
    return std::chrono::duration<double>(Clock::now() - begin).count();
}

/// Median of `repeat` times, after one that is thrown away.
double median_seconds(int repeat, const std::function<void()>& what) {
    what();
    std::vector<double> times;
    for (int i = 0; i < repeat; ++i) times.push_back(seconds(what));
    std::nth_element(times.begin(), times.begin() + repeat / 2, times.end());
    return times[static_cast<std::size_t>(repeat / 2)];
}

District grid() {
    District district;
    Die die{1};
    std::vector<double> x, y;
    for (std::size_t r = 0; r < side; ++r) {
        for (std::size_t c = 0; c < side; ++c) x.push_back(link_m * static_cast<double>(c)), y.push_back(link_m * static_cast<double>(r));
    }
    std::vector<WalkingLink> links;
    const auto link = [&](std::size_t a, std::size_t b) {
        constexpr std::uint64_t percent = 100, left_out = 15;
        if (die.below(percent) >= left_out) links.push_back({NodeId(a), NodeId(b), static_cast<std::uint32_t>(link_m * 10)});
    };
    for (std::size_t r = 0; r < side; ++r) {
        for (std::size_t c = 0; c < side; ++c) {
            if (c + 1 < side) link(r * side + c, r * side + c + 1);
            if (r + 1 < side) link(r * side + c, (r + 1) * side + c);
        }
    }
    district.network = WalkingNetwork(x, y, std::vector<BlockId>(side * side, BlockId(0)), links);
    district.blocks.push_back({});
    district.subdistricts.push_back({});
    for (std::size_t s = 0; s < services; ++s) {
        Service service;
        service.code = fmt::format("service_{}", s);
        service.distance_m = limit_m;
        service.standard_per_member = 1;
        district.catalogue.services.push_back(service);
    }
    return district;
}

World grid_world(const District& district) {
    World world;
    world.month = Month::of(2018, 1);
    Die die{2};
    const std::size_t nodes = district.network.nodes();
    world.services.members.assign(target_groups * nodes, 0);
    for (std::size_t i = 0; i < residences; ++i) {
        std::size_t node = die.below(nodes);
        while (world.services.members[node] > 0) node = die.below(nodes);
        world.services.members[node] = static_cast<std::int32_t>(50 + die.below(100));
    }
    for (std::size_t f = 0; f < facilities; ++f) {
        add_facility(world, mix64(f), static_cast<std::uint8_t>(die.below(services)), static_cast<std::uint16_t>(die.below(nodes)),
                     static_cast<double>(100 + die.below(1000)), 0, no_row, no_row, false);
    }
    return world;
}

// ---- nearest service of each type for every node -------------------------------------------------------------------

using Graph = boost::adjacency_list<boost::vecS, boost::vecS, boost::undirectedS, boost::no_property,
                                    boost::property<boost::edge_weight_t, std::uint32_t>>;

/// One Dijkstra of Boost.Graph for every service, from one node more that stands beside all its facilities.
std::vector<std::vector<std::uint32_t>> nearest_by_boost(const District& district, const World& world) {
    const std::size_t nodes = district.network.nodes();
    std::vector<std::vector<std::uint32_t>> all;
    for (std::size_t s = 0; s < district.catalogue.services.size(); ++s) {
        Graph graph(nodes + 1);
        for (std::size_t node = 0; node < nodes; ++node) {
            for (const auto& arc : district.network.arcs(NodeId(node))) {
                if (arc.to > node) boost::add_edge(node, arc.to, arc.length_dm, graph);
            }
        }
        const FacilityTable& table = world.services.facilities;
        for (std::size_t f = 0; f < table.rows(); ++f) {
            if (table.service[f] == s && table.open[f]) boost::add_edge(nodes, table.node[f], 0U, graph);
        }
        std::vector<std::uint32_t> distance(nodes + 1);
        boost::dijkstra_shortest_paths(graph, nodes, boost::distance_map(distance.data()));
        distance.pop_back();
        all.push_back(std::move(distance));
    }
    return all;
}

/// From every node one search, until the limit.
std::vector<std::vector<std::uint32_t>> nearest_by_node(const District& district, const World& world) {
    const std::size_t nodes = district.network.nodes(), kinds = district.catalogue.services.size();
    std::vector<std::vector<std::uint8_t>> here(nodes);
    const FacilityTable& table = world.services.facilities;
    for (std::size_t f = 0; f < table.rows(); ++f) {
        if (table.open[f]) here[table.node[f]].push_back(table.service[f]);
    }
    std::vector<std::vector<std::uint32_t>> all(kinds, std::vector<std::uint32_t>(nodes, out_of_reach));
    Reach reach(district.network);
    for (std::size_t node = 0; node < nodes; ++node) {
        for (const auto& [other, distance] : reach.from(NodeId(node)).within_m(limit_m)) {
            for (const std::uint8_t service : here[other.value]) all[service][node] = std::min(all[service][node], distance);
        }
    }
    return all;
}

void check(bool right, const char* what) {
    if (right) return;
    std::cerr << "wrong answer: " << what << '\n';
    std::exit(1);
}

std::string nearest(const Model& model, const World& world) {
    std::vector<std::vector<std::uint32_t>> ours, boost, plain;
    const double own = median_seconds(9, [&] { ours = distances_to_nearest_dm(model, world, limit_m); });
    const double by_boost = seconds([&] { boost = nearest_by_boost(model.district, world); });
    const double by_node = seconds([&] { plain = nearest_by_node(model.district, world); });
    for (auto& of_service : boost) {
        for (auto& distance : of_service) distance = distance > limit_m * 10 ? out_of_reach : distance;
    }
    check(ours == boost && ours == plain, "nearest service");
    return fmt::format("\"nearest_ms\": {:.2f}, \"nearest_boost_ms\": {:.1f}, \"nearest_one_search_a_node_ms\": {:.1f}", own * 1e3,
                       by_boost * 1e3, by_node * 1e3);
}

// ---- coverage ---------------------------------------------------------------------------------------------------------

bool same(const World& a, const World& b) {
    const ServicesState &x = a.services, &y = b.services;
    return x.served_permille == y.served_permille && x.reached == y.reached && x.own_share == y.own_share && x.composite == y.composite &&
           x.cache.access == y.cache.access;
}

std::string full(const Model& model, const World& world) {
    World other = world;
    const double scratch = median_seconds(5, [&] {
        other.services.cache = CoverageCache{};
        update_coverage(model, other);
    });
    const double stored = median_seconds(9, [&] {
        const auto kept = other.services.cache.plan;
        other.services.cache = CoverageCache{};
        other.services.cache.plan = kept;
        update_coverage(model, other);
    });
    return fmt::format("\"coverage_scratch_ms\": {:.1f}, \"coverage_stored_lists_ms\": {:.2f}", scratch * 1e3, stored * 1e3);
}

/// Opens, closes and resizes facilities at random, one at a time; a new one stands where another does or has stood.
std::string one_by_one(const Model& model, World world, std::size_t most) {
    Die die{3};
    std::vector<double> micro;
    const std::size_t first = world.services.facilities.rows();
    for (std::size_t i = 0; i < most; ++i) {
        auto& table = world.services.facilities;
        auto row = static_cast<std::uint32_t>(die.below(table.rows()));
        const std::uint64_t what = die.below(3);
        if (what == 0) {
            const std::uint16_t node = table.node[row];
            add_facility(world, mix64(first + i), static_cast<std::uint8_t>(die.below(model.district.catalogue.services.size())), node,
                         static_cast<double>(die.below(1000)), 0, no_row, no_row, table.ring[row] != 0);
            row = static_cast<std::uint32_t>(table.rows() - 1);
        } else if (what == 1) {
            table.open[row] ^= 1;
        } else {
            table.capacity_milli[row] = static_cast<std::int64_t>(die.below(1'000'000));
        }
        micro.push_back(1e6 * seconds([&] { update_facility(model, world, row); }));
    }
    World again = world;
    again.services.cache.ready = false;
    update_coverage(model, again);
    check(same(world, again), "one facility at a time");
    std::sort(micro.begin(), micro.end());
    return fmt::format("\"change_median_us\": {:.1f}, \"change_p99_us\": {:.1f}, \"change_max_us\": {:.1f}", micro[micro.size() / 2],
                       micro[micro.size() * 99 / 100], micro.back());
}

/// A month in which `share` of the residents moved from node to node.
std::string months(const Model& model, World world, double share) {
    Die die{4};
    const std::size_t nodes = model.district.network.nodes();
    std::int64_t people = 0;
    for (std::size_t node = 0; node < nodes; ++node) people += world.services.members[node];
    std::vector<double> times;
    for (int month = 0; month < 25; ++month) {
        for (std::int64_t moves = static_cast<std::int64_t>(static_cast<double>(people) * share); moves > 0; --moves) {
            std::size_t from = die.below(nodes), to = die.below(nodes);
            while (world.services.members[from] == 0) from = die.below(nodes);
            while (!model.district.network.block(NodeId(to)).valid()) to = die.below(nodes);
            --world.services.members[from];
            ++world.services.members[to];
        }
        times.push_back(seconds([&] { update_coverage(model, world); }));
    }
    World again = world;
    again.services.cache.ready = false;
    update_coverage(model, again);
    check(same(world, again), "people moved");
    std::sort(times.begin(), times.end());
    return fmt::format("\"month_ms\": {:.2f}, \"month_max_ms\": {:.2f}", times[times.size() / 2] * 1e3, times.back() * 1e3);
}

std::string all(const Model& model, World world) {
    update_coverage(model, world);
    constexpr double moving = 0.012;  // of the residents a month, as in the baseline
    return fmt::format("{{{}, {}, {}, {}}}", nearest(model, world), full(model, world), one_by_one(model, world, changes),
                       months(model, world, moving));
}

}  // namespace

int main(int argc, char** argv) try {
    int threads = 2;
    std::string pack = "scenarios/xicheng";
    for (int i = 1; i + 1 < argc; i += 2) {
        if (std::strcmp(argv[i], "--threads") == 0) threads = std::atoi(argv[i + 1]);
        if (std::strcmp(argv[i], "--district") == 0) pack = argv[i + 1];
    }
    const Parallel parallel(threads);
    const Scenario scenario;
    const District square = grid();
    const Model model{square, scenario, parallel, Luck(1, 0), {}};
    std::cout << fmt::format("{{\"threads\": {}, \"grid\": {}", threads, all(model, grid_world(square))) << std::flush;
    const District real = read_district(pack);
    const Model given{real, scenario, parallel, Luck(1, 0), {}};
    std::cout << fmt::format(", \"district\": {}}}\n", all(given, initial_world(given)));
    return 0;
} catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
}
