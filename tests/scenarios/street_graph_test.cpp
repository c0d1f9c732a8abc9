#include "scenarios/street_graph.h"

#include <gtest/gtest.h>

namespace hutong {
namespace {

double total_m(const StreetGraph& graph) {
    double sum = 0;
    for (const auto& edge : graph.edges()) sum += edge.length_m;
    return sum;
}

WalkingNetwork network_of(const StreetGraph& graph) {
    std::vector<double> x, y;
    std::vector<BlockId> block;
    std::vector<WalkingLink> links;
    for (std::uint32_t node = 0; node < graph.nodes().size(); ++node) {
        x.push_back(graph.nodes()[node].x_m), y.push_back(graph.nodes()[node].y_m), block.push_back(graph.block(node));
    }
    for (const auto& edge : graph.edges())
        links.push_back(
            {NodeId(std::size_t{edge.from}), NodeId(std::size_t{edge.to}), static_cast<std::uint32_t>(edge.length_m * 10 + 0.5)});
    return {x, y, block, links};
}

std::uint32_t way_dm(const StreetGraph& graph, std::uint32_t from, std::uint32_t to) {
    const WalkingNetwork network = network_of(graph);
    Reach reach(network);
    for (const auto& [node, distance] : reach.from(NodeId(std::size_t{from})).within_m(1e5)) {
        if (node.value == to) return distance;
    }
    return out_of_reach;
}

//     (0,100)--------------(1000,100)
//        |                     |        the shop stands at (500, 130): 30 m off the middle of the long street. The nearest
//        |                     |        crossing is 500 m away; by the nearest edge it is reached in 500 m from either end.
//      (0,0)                (1000,0)
TEST(StreetGraph, APlaceStandsOnTheNearestEdgeNotAtTheNearestNode) {
    StreetRepairs repairs;
    StreetGraph graph({{{0, 0}, {0, 100}, {1000, 100}, {1000, 0}}}, 0.5, repairs);
    const auto access = graph.nearest({500, 130});
    EXPECT_DOUBLE_EQ(access.along_m, 500);
    EXPECT_DOUBLE_EQ(access.away_m, 30);
    const std::uint32_t shop = graph.stand(access, BlockId(0), 10);
    const std::uint32_t home = graph.stand(graph.nearest({300, 90}), BlockId(0), 10);
    const std::uint32_t end = graph.stand(graph.nearest({1004, -3}), BlockId(0), 10);
    graph.cut_edges();
    EXPECT_EQ(way_dm(graph, shop, home), 2000U);
    EXPECT_EQ(way_dm(graph, shop, end), 6000U);
    EXPECT_DOUBLE_EQ(graph.nodes()[shop].x_m, 500);
    EXPECT_DOUBLE_EQ(graph.nodes()[shop].y_m, 100);
    EXPECT_EQ(end, 3U) << "at the end of the street the end itself is taken";
    EXPECT_DOUBLE_EQ(total_m(graph), 1200) << "cutting changes no length";
}

TEST(StreetGraph, NeighboursShareANodeButNotAcrossBlocks) {
    StreetRepairs repairs;
    StreetGraph graph({{{0, 0}, {1000, 0}}}, 0.5, repairs);
    const auto stand = [&](double x, std::size_t block) { return graph.stand(graph.nearest({x, 5}), BlockId(block), 10); };
    const std::uint32_t one = stand(400, 0);
    EXPECT_EQ(stand(407, 0), one);
    EXPECT_NE(stand(401, 1), one) << "the other side of the street is another block";
    EXPECT_NE(stand(415, 0), one);
    graph.cut_edges();
    EXPECT_EQ(graph.edges().size(), 4U);
    EXPECT_DOUBLE_EQ(total_m(graph), 1000);
}

TEST(StreetGraph, RepairsWhatDoesNotMeet) {
    StreetRepairs repairs;
    // two streets that miss each other by 0.3 m, a dead end 2 m short of the first, a crossing without a vertex, an island
    StreetGraph graph({{{0, 0}, {200, 0}},
                       {{200.3, 0}, {400, 0}},
                       {{100, 50}, {100, 2}},
                       {{300, -50}, {300, 50}},
                       {{0, 900}, {50, 900}},
                       {{7, 7}, {7.1, 7}}},
                      0.5, repairs);
    EXPECT_EQ(repairs.merged, 1U + 1U) << "the gap, and the end of the piece without length";
    EXPECT_EQ(repairs.without_length, 1U);
    graph.split_crossings(repairs);
    EXPECT_EQ(repairs.crossings, 1U);
    graph.join_dead_ends(5, repairs);
    EXPECT_EQ(repairs.joined, 1U);
    graph.keep_largest_part(repairs);
    EXPECT_EQ(repairs.islands, 1U);
    EXPECT_DOUBLE_EQ(repairs.island_m, 50);
    const std::uint32_t a = graph.stand(graph.nearest({100, 50}), BlockId(0), 1), b = graph.stand(graph.nearest({300, 50}), BlockId(0), 1);
    graph.cut_edges();
    const auto number = graph.simplify();
    EXPECT_EQ(way_dm(graph, number[a], number[b]), 500U + 2000U + 500U);
}

TEST(StreetGraph, SimplifyKeepsLengthsAndPlaces) {
    StreetRepairs repairs;
    StreetGraph graph({{{0, 0}, {100, 0}, {100, 100}, {0, 100}}, {{0, 0}, {-50, 0}}}, 0.5, repairs);
    const std::uint32_t a = graph.stand({3, 50, 0}, BlockId(0), 1), b = graph.stand(graph.nearest({10, 101}), BlockId(0), 1);
    graph.cut_edges();
    const std::uint32_t before = way_dm(graph, a, b);
    const double length = total_m(graph);
    const auto number = graph.simplify();
    EXPECT_EQ(way_dm(graph, number[a], number[b]), before);
    EXPECT_EQ(before, 500U + 1000U + 1000U + 900U);
    EXPECT_DOUBLE_EQ(total_m(graph), length);
    EXPECT_LT(graph.nodes().size(), 7U);
}

}  // namespace
}  // namespace hutong
