/// The walking network: a compact immutable graph in adjacency-array form (compressed sparse rows), undirected,
/// lengths in decimetres so that every distance is an integer and path lengths are exact.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "core/ids.h"

namespace hutong {

struct WalkingLink {
    NodeId from, to;
    std::uint32_t length_dm = 0;
};

/// Distance of what cannot be reached within the limit.
inline constexpr std::uint32_t out_of_reach = std::numeric_limits<std::uint32_t>::max();

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
    /// Component of every node, numbered by their smallest node in order.
    std::vector<std::uint32_t> component_of_nodes() const;

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
    /// Several starts at once: every node then has the distance to the nearest of them. Doubles and any order are fine.
    Reach& from(std::span<const NodeId> starts);
    /// Nodes in order of distance, then node id; the start itself comes first with distance 0. The limit counts
    /// ("within 500 m" includes 500.0 m). The answer is valid until the next call.
    std::span<const Found> within_m(double limit_m);
    /// The same with the limit in decimetres.
    std::span<const Found> within_dm(std::uint32_t limit_dm);

private:
    struct Entry {
        std::uint32_t node;
        std::uint32_t distance_dm;
    };
    void relax(std::uint32_t node, std::uint32_t distance_dm);

    const WalkingNetwork* network_;
    std::vector<NodeId> starts_;
    std::vector<std::uint32_t> distance_dm_;   ///< out_of_reach between queries
    std::vector<std::uint8_t> listed_;         ///< 1: already among found_; 0 between queries
    std::vector<std::vector<Entry>> buckets_;  ///< by distance / bucket_dm, circular
    std::vector<Found> found_;
    std::uint32_t limit_dm_ = 0;
    std::uint32_t bucket_mask_ = 0;
    std::size_t waiting_ = 0;  ///< entries in all buckets
};

}  // namespace hutong
