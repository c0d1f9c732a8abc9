#include "agents/reach_index.h"

#include <algorithm>

#include "core/error.h"

namespace hutong {
namespace {

constexpr std::size_t nodes_per_grain = 64;

ReachList make_list(Reach& reach, std::uint16_t node, std::uint32_t limit_dm) {
    const auto found = reach.from(NodeId(std::uint32_t{node})).within_dm(limit_dm);
    ReachList list;
    list.node.reserve(found.size());
    list.distance_dm.reserve(found.size());
    for (const auto& [other, distance] : found) {
        list.node.push_back(static_cast<std::uint16_t>(other.value));
        list.distance_dm.push_back(static_cast<std::uint16_t>(distance));
    }
    return list;
}

}  // namespace

std::size_t ReachList::within_dm(std::uint32_t limit_dm) const {
    return static_cast<std::size_t>(std::upper_bound(distance_dm.begin(), distance_dm.end(), limit_dm) - distance_dm.begin());
}

ReachIndex::ReachIndex(const WalkingNetwork& network, std::uint32_t limit_dm)
    : network_(&network), limit_dm_(limit_dm), lists_(network.nodes()), reach_(std::make_unique<Reach>(network)) {
    if (network.nodes() > 65535 || limit_dm > 65535) {
        throw Error(ErrorKind::too_large, msg("the walking network has {0} nodes and services reach {1} m", network.nodes(), limit_dm / 10),
                    msg("at most 65535 nodes and 6553 m are possible"), msg("simplify the network or lower the distance"));
    }
}

ReachIndex::~ReachIndex() {
    for (auto& list : lists_) delete list.load();
}

void ReachIndex::prepare(const Parallel& parallel, const std::vector<std::uint16_t>& nodes) const {
    std::vector<std::uint16_t> missing;
    for (const std::uint16_t node : nodes) {
        if (!lists_[node].load(std::memory_order_acquire)) missing.push_back(node);
    }
    std::sort(missing.begin(), missing.end());
    missing.erase(std::unique(missing.begin(), missing.end()), missing.end());
    if (missing.size() < nodes_per_grain) {
        for (const std::uint16_t node : missing) of(node);
        return;
    }
    parallel.for_grains(missing.size(), nodes_per_grain, [&](std::size_t, std::size_t begin, std::size_t end) {
        Reach reach(*network_);
        for (std::size_t i = begin; i < end; ++i) {
            auto list = std::make_unique<const ReachList>(make_list(reach, missing[i], limit_dm_));
            const ReachList* expected = nullptr;
            if (lists_[missing[i]].compare_exchange_strong(expected, list.get(), std::memory_order_acq_rel)) list.release();
        }
    });
}

const ReachList& ReachIndex::of(std::uint16_t node) const {
    if (const ReachList* list = lists_[node].load(std::memory_order_acquire)) return *list;
    const std::lock_guard lock(making_);
    if (const ReachList* list = lists_[node].load(std::memory_order_acquire)) return *list;
    auto made = std::make_unique<const ReachList>(make_list(*reach_, node, limit_dm_));
    const ReachList* expected = nullptr;
    if (lists_[node].compare_exchange_strong(expected, made.get(), std::memory_order_acq_rel)) return *made.release();
    return *expected;
}

std::size_t ReachIndex::bytes() const {
    std::size_t total = lists_.size() * sizeof(lists_[0]);
    for (const auto& entry : lists_) {
        if (const ReachList* list = entry.load(std::memory_order_acquire)) total += sizeof(ReachList) + list->node.size() * 4;
    }
    return total;
}

}  // namespace hutong
