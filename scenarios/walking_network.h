/// The walking network: a compact immutable graph in adjacency-array form (compressed sparse rows), undirected,
/// lengths in decimetres so that every distance is an integer and path lengths are exact.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/ids.h"

namespace hutong {

struct WalkingLink {
    NodeId from, to;
    std::uint32_t length_dm = 0;
};

class WalkingNetwork {
public:
    struct Arc {
        std::uint32_t to;
        std::uint32_t length_dm;
    };

    WalkingNetwork() = default;
    /// Builds the graph. x, y: local metres per node; block: block of the node or none (ring). Parallel links keep
    /// the shortest; self-loops are dropped; arcs are sorted by target so that the layout depends on content only.
    WalkingNetwork(std::vector<double> x_m, std::vector<double> y_m, std::vector<BlockId> block, const std::vector<WalkingLink>& links);

    std::size_t nodes() const { return block_.size(); }
    std::size_t links() const { return arcs_.size() / 2; }
    BlockId block(NodeId node) const { return block_[node.value]; }
    double x_m(NodeId node) const { return x_m_[node.value]; }
    double y_m(NodeId node) const { return y_m_[node.value]; }
    std::span<const Arc> arcs(NodeId node) const {
        return {arcs_.data() + first_arc_[node.value], arcs_.data() + first_arc_[node.value + 1]};
    }
    /// Number of connected components.
    std::size_t components() const;

private:
    std::vector<double> x_m_, y_m_;
    std::vector<BlockId> block_;
    std::vector<std::uint32_t> first_arc_;
    std::vector<Arc> arcs_;
};

/// Reusable query: all nodes within a walking distance of one node. One object per thread.
///     Reach reach(network);
///     for (auto [node, distance_dm] : reach.from(start).within_m(500)) ...
class Reach {
public:
    struct Found {
        NodeId node;
        std::uint32_t distance_dm;
    };

    explicit Reach(const WalkingNetwork& network);
    Reach& from(NodeId start);
    /// Nodes in order of distance, then node id; the start itself comes first with distance 0.
    std::span<const Found> within_m(double limit_m);

private:
    const WalkingNetwork* network_;
    NodeId start_;
    std::vector<std::uint32_t> distance_dm_;
    std::vector<std::uint32_t> touched_;
    std::vector<std::vector<std::uint32_t>> buckets_;
    std::vector<Found> found_;
};

}  // namespace hutong
