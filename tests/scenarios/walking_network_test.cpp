#include "scenarios/walking_network.h"

#include <algorithm>
#include <set>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/dijkstra_shortest_paths.hpp>

#include "core/error.h"

namespace hutong {
namespace {

WalkingNetwork network_of(std::size_t nodes, const std::vector<WalkingLink>& links) {
    return WalkingNetwork(std::vector<double>(nodes, 0.0), std::vector<double>(nodes, 0.0), std::vector<BlockId>(nodes, BlockId(0)), links);
}

WalkingLink link(int from, int to, std::uint32_t length_dm) { return {NodeId(from), NodeId(to), length_dm}; }

std::vector<std::uint32_t> distances(Reach& reach, std::size_t nodes, NodeId start, std::uint32_t limit_dm) {
    std::vector<std::uint32_t> result(nodes, out_of_reach);
    for (const auto& [node, distance] : reach.from(start).within_dm(limit_dm)) {
        EXPECT_EQ(result[node.value], out_of_reach) << "listed twice";
        result[node.value] = distance;
    }
    return result;
}

/// Random graphs with islands, zero-length links, doubled links, self-loops, short and long links.
struct RandomGraph {
    std::size_t nodes;
    std::vector<WalkingLink> links;
};

RandomGraph random_graph() {
    RandomGraph graph;
    graph.nodes = *rc::gen::inRange<std::size_t>(1, 60);
    const auto count = *rc::gen::inRange<std::size_t>(0, 150);
    for (std::size_t i = 0; i < count; ++i) {
        const auto from = *rc::gen::inRange<int>(0, static_cast<int>(graph.nodes));
        const auto to = *rc::gen::inRange<int>(0, static_cast<int>(graph.nodes));
        const auto length = *rc::gen::oneOf(rc::gen::just(0), rc::gen::inRange(1, 40), rc::gen::inRange(40, 3000));
        graph.links.push_back(link(from, to, static_cast<std::uint32_t>(length)));
    }
    return graph;
}

std::vector<std::uint32_t> boost_distances(const RandomGraph& graph, std::size_t start) {
    using Graph = boost::adjacency_list<boost::vecS, boost::vecS, boost::undirectedS, boost::no_property,
                                        boost::property<boost::edge_weight_t, std::uint64_t>>;
    Graph boost_graph(graph.nodes);
    for (const auto& l : graph.links) boost::add_edge(l.from.value, l.to.value, l.length_dm, boost_graph);
    std::vector<std::uint64_t> distance(graph.nodes);
    boost::dijkstra_shortest_paths(boost_graph, start, boost::distance_map(distance.data()));
    std::vector<std::uint32_t> result;
    for (const auto d : distance) result.push_back(d > 4'000'000'000ULL ? out_of_reach : static_cast<std::uint32_t>(d));
    return result;
}

RC_GTEST_PROP(WalkingNetwork, AgreesWithBoostDijkstra, ()) {
    const RandomGraph graph = random_graph();
    const WalkingNetwork network = network_of(graph.nodes, graph.links);
    Reach reach(network);
    const auto limit = *rc::gen::inRange<std::uint32_t>(0, 9000);
    for (std::size_t start = 0; start < graph.nodes; start += 3) {  // one object for all queries: nothing may be left behind
        auto expected = boost_distances(graph, start);
        for (auto& d : expected) d = d > limit ? out_of_reach : d;
        RC_ASSERT(distances(reach, graph.nodes, NodeId(start), limit) == expected);
    }
}

RC_GTEST_PROP(WalkingNetwork, ListsByDistanceThenNode, ()) {
    const RandomGraph graph = random_graph();
    const WalkingNetwork network = network_of(graph.nodes, graph.links);
    Reach reach(network);
    const auto found = reach.from(NodeId(0)).within_dm(5000);
    RC_ASSERT(!found.empty());
    RC_ASSERT(found[0].distance_dm == 0U);
    for (std::size_t i = 1; i < found.size(); ++i) {
        RC_ASSERT(found[i - 1].distance_dm < found[i].distance_dm ||
                  (found[i - 1].distance_dm == found[i].distance_dm && found[i - 1].node < found[i].node));
    }
}

RC_GTEST_PROP(WalkingNetwork, IsSymmetricAndObeysTheTriangle, ()) {
    const RandomGraph graph = random_graph();
    const WalkingNetwork network = network_of(graph.nodes, graph.links);
    Reach reach(network);
    std::vector<std::vector<std::uint32_t>> all;
    for (std::size_t start = 0; start < graph.nodes; ++start) all.push_back(distances(reach, graph.nodes, NodeId(start), 1'000'000));
    for (std::size_t a = 0; a < graph.nodes; ++a) {
        for (std::size_t b = 0; b < graph.nodes; ++b) {
            RC_ASSERT(all[a][b] == all[b][a]);
            const std::size_t c = (a * 7 + b * 3) % graph.nodes;
            if (all[a][c] == out_of_reach || all[c][b] == out_of_reach) continue;
            RC_ASSERT(all[a][b] <= all[a][c] + all[c][b]);
        }
    }
}

RC_GTEST_PROP(WalkingNetwork, ManyStartsGiveTheNearest, ()) {
    const RandomGraph graph = random_graph();
    const WalkingNetwork network = network_of(graph.nodes, graph.links);
    Reach reach(network);
    std::vector<NodeId> starts;
    for (int i = 0, count = *rc::gen::inRange(0, 6); i < count; ++i)
        starts.emplace_back(*rc::gen::inRange<int>(0, static_cast<int>(graph.nodes)));
    std::vector<std::uint32_t> expected(graph.nodes, out_of_reach);
    for (const NodeId start : starts) {
        const auto one = distances(reach, graph.nodes, start, 4000);
        for (std::size_t node = 0; node < graph.nodes; ++node) expected[node] = std::min(expected[node], one[node]);
    }
    std::vector<std::uint32_t> together(graph.nodes, out_of_reach);
    for (const auto& [node, distance] : reach.from(std::span<const NodeId>(starts)).within_dm(4000)) together[node.value] = distance;
    RC_ASSERT(together == expected);
}

// 0 --100 m-- 1 --0 m-- 2      3 --50 m-- 4 (island)      5 (alone)
TEST(WalkingNetwork, IslandsZeroLengthAndDoubledLinks) {
    const WalkingNetwork network = network_of(6, {link(0, 1, 1500), link(1, 0, 1000), link(1, 2, 0), link(3, 4, 500), link(4, 4, 10)});
    EXPECT_EQ(network.links(), 3U);  // the doubled link once, the self-loop never
    EXPECT_EQ(network.components(), 3U);
    EXPECT_EQ(network.component_of_nodes(), (std::vector<std::uint32_t>{0, 0, 0, 1, 1, 2}));
    Reach reach(network);
    EXPECT_EQ(distances(reach, 6, NodeId(0), 1000), (std::vector<std::uint32_t>{0, 1000, 1000, out_of_reach, out_of_reach, out_of_reach}));
    EXPECT_EQ(distances(reach, 6, NodeId(0), 999),
              (std::vector<std::uint32_t>{0, out_of_reach, out_of_reach, out_of_reach, out_of_reach, out_of_reach}));
    EXPECT_EQ(distances(reach, 6, NodeId(5), 9999)[5], 0U);
    const auto found = reach.from(NodeId(2)).within_m(100);
    ASSERT_EQ(found.size(), 3U);
    EXPECT_EQ(found[0].node, NodeId(1)) << "equal distance: smaller id first";
    EXPECT_EQ(found[1].node, NodeId(2));
    EXPECT_EQ(found[2].node, NodeId(0));
}

TEST(WalkingNetwork, LayoutDependsOnContentOnly) {
    std::vector<WalkingLink> links{link(0, 1, 10), link(2, 1, 20), link(0, 2, 30)};
    const WalkingNetwork first = network_of(3, links);
    std::reverse(links.begin(), links.end());
    for (auto& l : links) std::swap(l.from, l.to);
    const WalkingNetwork second = network_of(3, links);
    for (int node = 0; node < 3; ++node) {
        const auto a = first.arcs(NodeId(node)), b = second.arcs(NodeId(node));
        ASSERT_EQ(a.size(), b.size());
        for (std::size_t i = 0; i < a.size(); ++i) EXPECT_TRUE(a[i].to == b[i].to && a[i].length_dm == b[i].length_dm);
    }
}

TEST(WalkingNetwork, LimitCountsAndOddLimitsAreHarmless) {
    const WalkingNetwork network = network_of(2, {link(0, 1, 5000)});
    Reach reach(network);
    EXPECT_EQ(reach.from(NodeId(0)).within_m(500).size(), 2U);
    EXPECT_EQ(reach.from(NodeId(0)).within_m(499.9).size(), 1U);
    EXPECT_EQ(reach.from(NodeId(0)).within_m(0).size(), 1U);
    EXPECT_EQ(reach.from(NodeId(0)).within_m(-1).size(), 0U);
    EXPECT_EQ(reach.from(NodeId(0)).within_m(1e30).size(), 2U);
}

TEST(WalkingNetwork, RefusesLinksToNowhereAndAbsurdLengths) {
    EXPECT_THROW(network_of(2, {link(0, 2, 10)}), Error);
    EXPECT_THROW(network_of(2, {link(0, 1, 1'000'001)}), Error);
    EXPECT_EQ(WalkingNetwork().components(), 0U);
}

}  // namespace
}  // namespace hutong
