/// Which nodes lie within walking reach of a node, kept for the nodes that need it (facilities, candidate spaces).
/// The content depends on the network alone, so all copies of a World share one index.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "core/ids.h"
#include "core/parallel.h"
#include "scenarios/walking_network.h"

namespace hutong {

/// The nodes within reach of one node in order of distance, then node; a shorter limit is a prefix.
struct ReachList {
    std::vector<std::uint16_t> node;
    std::vector<std::uint16_t> distance_dm;

    /// Number of nodes within the distance.
    std::size_t within_dm(std::uint32_t limit_dm) const;
};

class ReachIndex {
public:
    /// Lists reach up to `limit_dm`, at most 65 535 dm. The network must outlive the index.
    ReachIndex(const WalkingNetwork& network, std::uint32_t limit_dm);
    ~ReachIndex();
    ReachIndex(const ReachIndex&) = delete;
    ReachIndex& operator=(const ReachIndex&) = delete;

    const WalkingNetwork& network() const { return *network_; }
    std::uint32_t limit_dm() const { return limit_dm_; }

    /// Makes the lists of many nodes at once, in parallel.
    void prepare(const Parallel& parallel, const std::vector<std::uint16_t>& nodes) const;
    /// The list of a node; made by one search when it is not there yet. May be called from several threads.
    const ReachList& of(std::uint16_t node) const;
    /// Bytes held by the lists.
    std::size_t bytes() const;

private:
    const WalkingNetwork* network_;
    std::uint32_t limit_dm_;
    mutable std::vector<std::atomic<const ReachList*>> lists_;  ///< by node, null until made
    mutable std::mutex making_;
    mutable std::unique_ptr<Reach> reach_;  ///< for single lists, guarded by making_
};

}  // namespace hutong
