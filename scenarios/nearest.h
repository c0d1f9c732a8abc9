/// Distance of every node to the nearest of many starts: one search, without a list of what was found.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "scenarios/walking_network.h"

namespace hutong {

/// Reusable query; one object per thread. The network must outlive it.
class Nearest {
public:
    explicit Nearest(const WalkingNetwork& network);
    /// By node, decimetres to the nearest start, or out_of_reach beyond the limit (which counts).
    std::vector<std::uint32_t> from(std::span<const NodeId> starts, std::uint32_t limit_dm);

private:
    struct Entry {
        std::uint32_t node;
        std::uint32_t distance_dm;
    };
    const WalkingNetwork* network_;
    std::vector<std::vector<Entry>> buckets_;  ///< by distance, circular
    std::uint32_t bucket_mask_ = 0;
};

}  // namespace hutong
