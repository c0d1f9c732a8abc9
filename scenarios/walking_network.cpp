#include "scenarios/walking_network.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "core/error.h"

namespace hutong {
namespace {

/// Width of a bucket of the queue. Any width gives the same answer (a bucket is worked until it is stable); this
/// one, a fifth of a usual link, keeps buckets short.
constexpr std::uint32_t bucket_shift = 6;  // 64 dm

/// A longer link is a mistake of the data (100 km); it would also make the queue needlessly wide.
constexpr std::uint32_t longest_link_dm = 1'000'000;

}  // namespace

WalkingNetwork::WalkingNetwork(std::vector<double> x_m, std::vector<double> y_m, std::vector<BlockId> block,
                               const std::vector<WalkingLink>& links)
    : x_m_(std::move(x_m)), y_m_(std::move(y_m)), block_(std::move(block)) {
    struct Directed {
        std::uint32_t from, to, length_dm;
    };
    std::vector<Directed> directed;
    directed.reserve(links.size() * 2);
    for (const WalkingLink& link : links) {
        if (link.from.value >= block_.size() || link.to.value >= block_.size()) {
            throw Error(ErrorKind::bad_district, msg("a walking link ends at a node that does not exist"),
                        msg("the network has {} nodes", block_.size()), msg("correct the link or add the node"));
        }
        if (link.length_dm > longest_link_dm) {
            throw Error(
                ErrorKind::bad_district,
                msg("the walking link between nodes {0} and {1} is {2} m long", link.from.value, link.to.value, link.length_dm / 10),
                msg("no link may be longer than {} m", longest_link_dm / 10), msg("check the units of the link's length"));
        }
        if (link.from == link.to) continue;
        directed.push_back({link.from.value, link.to.value, link.length_dm});
        directed.push_back({link.to.value, link.from.value, link.length_dm});
    }
    std::sort(directed.begin(), directed.end(), [](const Directed& a, const Directed& b) {
        if (a.from != b.from) return a.from < b.from;
        if (a.to != b.to) return a.to < b.to;
        return a.length_dm < b.length_dm;
    });
    first_arc_.assign(block_.size() + 1, 0);
    arcs_.reserve(directed.size());
    for (std::size_t i = 0; i < directed.size(); ++i) {
        if (i > 0 && directed[i].from == directed[i - 1].from && directed[i].to == directed[i - 1].to) continue;
        arcs_.push_back({directed[i].to, directed[i].length_dm});
        ++first_arc_[directed[i].from + 1];
    }
    for (std::size_t node = 0; node < block_.size(); ++node) first_arc_[node + 1] += first_arc_[node];
}

std::vector<std::uint32_t> WalkingNetwork::component_of_nodes() const {
    std::vector<std::uint32_t> component(nodes(), out_of_reach);
    std::vector<std::uint32_t> stack;
    std::uint32_t count = 0;
    for (std::uint32_t start = 0; start < nodes(); ++start) {
        if (component[start] != out_of_reach) continue;
        component[start] = count;
        stack.assign(1, start);
        while (!stack.empty()) {
            const NodeId node(stack.back());
            stack.pop_back();
            for (const Arc& arc : arcs(node)) {
                if (component[arc.to] != out_of_reach) continue;
                component[arc.to] = count;
                stack.push_back(arc.to);
            }
        }
        ++count;
    }
    return component;
}

std::size_t WalkingNetwork::components() const {
    const auto component = component_of_nodes();
    return component.empty() ? 0 : *std::max_element(component.begin(), component.end()) + std::size_t{1};
}

Reach::Reach(const WalkingNetwork& network) : network_(&network), distance_dm_(network.nodes(), out_of_reach), listed_(network.nodes(), 0) {
    // The queue is circular: it must span the longest link, so that a new entry never meets the bucket being worked
    // from behind.
    std::uint32_t longest = 0;
    for (std::size_t node = 0; node < network.nodes(); ++node) {
        for (const auto& arc : network.arcs(NodeId(node))) longest = std::max(longest, arc.length_dm);
    }
    const std::uint32_t size = std::bit_ceil((longest >> bucket_shift) + 2);
    bucket_mask_ = size - 1;
    buckets_.resize(size);
}

Reach& Reach::from(NodeId start) {
    starts_.assign(1, start);
    return *this;
}

Reach& Reach::from(std::span<const NodeId> starts) {
    starts_.assign(starts.begin(), starts.end());
    return *this;
}

inline void Reach::relax(std::uint32_t node, std::uint32_t distance_dm) {
    if (distance_dm >= distance_dm_[node]) return;
    distance_dm_[node] = distance_dm;
    buckets_[(distance_dm >> bucket_shift) & bucket_mask_].push_back({node, distance_dm});
    ++waiting_;
}

std::span<const Reach::Found> Reach::within_m(double limit_m) {
    if (!(limit_m >= 0)) {
        found_.clear();
        return found_;
    }
    return within_dm(static_cast<std::uint32_t>(std::min(std::floor(limit_m * 10.0 + 0.5), 4.0e9)));
}

std::span<const Reach::Found> Reach::within_dm(std::uint32_t limit_dm) {
    found_.clear();
    waiting_ = 0;
    for (const NodeId start : starts_) relax(start.value, 0);
    const auto before = [](const Found& a, const Found& b) {
        return a.distance_dm != b.distance_dm ? a.distance_dm < b.distance_dm : a.node < b.node;
    };
    for (std::uint32_t bucket = 0; waiting_ > 0; ++bucket) {
        auto& entries = buckets_[bucket & bucket_mask_];
        // Short links may add to the bucket while it is worked, and may improve what was already worked: then the
        // node comes again with its better distance.
        for (std::size_t i = 0; i < entries.size(); ++i) {
            const Entry entry = entries[i];
            if (entry.distance_dm != distance_dm_[entry.node]) continue;
            for (const auto& arc : network_->arcs(NodeId(entry.node))) {
                const std::uint64_t distance = std::uint64_t{entry.distance_dm} + arc.length_dm;
                if (distance <= limit_dm) relax(arc.to, static_cast<std::uint32_t>(distance));
            }
        }
        const std::size_t first = found_.size();
        for (const Entry& entry : entries) {
            if (entry.distance_dm != distance_dm_[entry.node] || listed_[entry.node]) continue;
            listed_[entry.node] = 1;
            found_.push_back({NodeId(entry.node), entry.distance_dm});
        }
        std::sort(found_.begin() + static_cast<std::ptrdiff_t>(first), found_.end(), before);
        waiting_ -= entries.size();
        entries.clear();
    }
    for (const Found& found : found_) {
        distance_dm_[found.node.value] = out_of_reach;
        listed_[found.node.value] = 0;
    }
    return found_;
}

}  // namespace hutong
