/// Streets on their way to a walking network: lines are noded, repaired and cut where places meet them. Access is by the
/// nearest edge: a place stands at its own node on the edge, not at the nearest crossing.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "core/ids.h"
#include "scenarios/district.h"

namespace hutong {

/// What the repair of streets did, for the report.
struct StreetRepairs {
    std::size_t merged = 0;          ///< vertices that lay within the snapping distance of another
    std::size_t without_length = 0;  ///< pieces of no length, left out
    std::size_t joined = 0;          ///< dead ends joined to the street they just miss
    std::size_t crossings = 0;       ///< crossings without a common vertex that were given one
    std::size_t far_off = 0;         ///< pieces beyond the ring, left out
    std::size_t islands = 0;         ///< parts without a way to the rest, left out
    double island_m = 0;             ///< their length
};

class StreetGraph {
public:
    struct Edge {
        std::uint32_t from, to;
        double length_m;
    };
    /// Where a place meets the streets.
    struct Access {
        std::uint32_t edge = 0;
        double along_m = 0;  ///< from the edge's first node, straight
        double away_m = 0;   ///< from the place to the street; not walked
    };

    /// Streets of a network that stands: nodes keep their numbers and blocks.
    explicit StreetGraph(const WalkingNetwork& network);
    /// Streets as lines; vertices closer than `snap_m` become one.
    StreetGraph(const std::vector<std::vector<Point>>& lines, double snap_m, StreetRepairs& repairs);

    /// Gives crossings without a common vertex one (for layers that know no bridges).
    void split_crossings(StreetRepairs& repairs);
    /// Joins dead ends to an edge that they miss by no more than `join_m`.
    void join_dead_ends(double join_m, StreetRepairs& repairs);
    /// Leaves out edges with both ends where `outside` says so.
    template <class F>
    void cut(const F& outside, StreetRepairs& repairs) {
        std::erase_if(edges_, [&](const Edge& edge) {
            const bool out = outside(nodes_[edge.from]) && outside(nodes_[edge.to]);
            repairs.far_off += out ? 1 : 0;
            return out;
        });
        indexed_ = false;
    }
    /// Leaves out all but the longest connected part.
    void keep_largest_part(StreetRepairs& repairs);

    /// The nearest point of any edge. There must be an edge.
    Access nearest(const Point& place);
    /// The node at which the place stands: one end of the edge when it lies there and is of the same block, the node
    /// of an earlier place of the same block within `merge_m`, or a new one that cuts the edge. cut_edges makes the
    /// cuts; until then edges keep their numbers.
    std::uint32_t stand(const Access& access, BlockId block, double merge_m);
    void cut_edges();
    /// Runs edges through nodes with two neighbours at which nothing stands together; then nodes without any edge
    /// are left out. Returns the new number of every node, or 0xffffffff.
    std::vector<std::uint32_t> simplify();

    const std::vector<Point>& nodes() const { return nodes_; }
    const std::vector<Edge>& edges() const { return edges_; }
    BlockId block(std::uint32_t node) const { return block_[node]; }
    void set_block(std::uint32_t node, BlockId block) { block_[node] = block; }
    bool taken(std::uint32_t node) const { return taken_[node] != 0; }

private:
    struct Cut {
        std::uint32_t edge;
        double along_m;
        std::uint32_t node;
    };
    std::uint32_t add_node(const Point& at, BlockId block, bool taken);
    double straight_m(const Edge& edge) const;
    void index();
    template <class F>
    void near(const Point& low, const Point& high, const F& f) const;

    std::vector<Point> nodes_;
    std::vector<BlockId> block_;
    std::vector<std::uint8_t> taken_;  ///< 1: a place stands here, or the node must stay
    std::vector<Edge> edges_;
    std::vector<std::vector<Cut>> cuts_;  ///< by edge
    // grid of edges
    bool indexed_ = false;
    Point low_;
    std::int64_t wide_ = 0, high_ = 0;
    std::vector<std::uint32_t> first_, listed_;
};

}  // namespace hutong
