#include "scenarios/nearest.h"

#include <algorithm>
#include <bit>

namespace hutong {
namespace {

/// Any width gives the same answer: a bucket is worked until it is stable.
constexpr std::uint32_t bucket_shift = 7;  // 128 dm

}  // namespace

Nearest::Nearest(const WalkingNetwork& network) : network_(&network) {
    std::uint32_t longest = 0;
    for (std::size_t node = 0; node < network.nodes(); ++node) {
        for (const auto& arc : network.arcs(NodeId(node))) longest = std::max(longest, arc.length_dm);
    }
    buckets_.resize(std::bit_ceil((longest >> bucket_shift) + 2));
    bucket_mask_ = static_cast<std::uint32_t>(buckets_.size() - 1);
}

std::vector<std::uint32_t> Nearest::from(std::span<const NodeId> starts, std::uint32_t limit_dm) {
    std::vector<std::uint32_t> distance(network_->nodes(), out_of_reach);
    std::size_t waiting = 0;
    for (const NodeId start : starts) {
        if (distance[start.value] == 0) continue;
        distance[start.value] = 0;
        buckets_[0].push_back({start.value, 0});
        ++waiting;
    }
    for (std::uint32_t bucket = 0; waiting > 0; ++bucket) {
        auto& entries = buckets_[bucket & bucket_mask_];
        for (std::size_t i = 0; i < entries.size(); ++i) {  // grows while it is worked
            const Entry entry = entries[i];
            if (entry.distance_dm != distance[entry.node]) continue;  // a shorter way was found since
            for (const auto& arc : network_->arcs(NodeId(entry.node))) {
                const std::uint64_t there = std::uint64_t{entry.distance_dm} + arc.length_dm;
                if (there > limit_dm || there >= distance[arc.to]) continue;
                distance[arc.to] = static_cast<std::uint32_t>(there);
                buckets_[(there >> bucket_shift) & bucket_mask_].push_back({arc.to, static_cast<std::uint32_t>(there)});
                ++waiting;
            }
        }
        waiting -= entries.size();
        entries.clear();
    }
    return distance;
}

}  // namespace hutong
