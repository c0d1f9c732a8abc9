#include "scenarios/nearest.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace hutong {
namespace {

// The nearest start by one search is what a list of reach from all starts at once says; nothing is left behind between
// queries. Islands, links without length, doubled links and doubled starts are among the graphs.
RC_GTEST_PROP(Nearest, AgreesWithReach, ()) {
    const auto nodes = *rc::gen::inRange<std::size_t>(1, 60);
    std::vector<WalkingLink> links;
    for (int i = *rc::gen::inRange(0, 150); i > 0; --i) {
        const auto length = *rc::gen::oneOf(rc::gen::just(0), rc::gen::inRange(1, 40), rc::gen::inRange(40, 3000));
        links.push_back({NodeId(*rc::gen::inRange<std::size_t>(0, nodes)), NodeId(*rc::gen::inRange<std::size_t>(0, nodes)),
                         static_cast<std::uint32_t>(length)});
    }
    const WalkingNetwork network(std::vector<double>(nodes, 0.0), std::vector<double>(nodes, 0.0), std::vector<BlockId>(nodes, BlockId(0)),
                                 links);
    Nearest nearest(network);
    Reach reach(network);
    for (int query = 0; query < 3; ++query) {
        std::vector<NodeId> starts;
        for (int i = *rc::gen::inRange(0, 8); i > 0; --i) starts.emplace_back(*rc::gen::inRange<std::size_t>(0, nodes));
        const auto limit = *rc::gen::inRange<std::uint32_t>(0, 9000);
        std::vector<std::uint32_t> expected(nodes, out_of_reach);
        for (const auto& [node, distance] : reach.from(std::span<const NodeId>(starts)).within_dm(limit)) expected[node.value] = distance;
        RC_ASSERT(nearest.from(starts, limit) == expected);
    }
}

}  // namespace
}  // namespace hutong
