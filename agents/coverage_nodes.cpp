/// What a node's people have of their own services, and whether their quarter-hour circle is whole.
#include "agents/coverage.h"

namespace hutong::coverage {
namespace {

constexpr int half_word = 32;

/// Own age group of the need profiles, in order (own_services.h); each without and with a car.
constexpr std::array<TargetGroup, need_profiles / 2> own_group{TargetGroup::everyone, TargetGroup::children_3_5, TargetGroup::children_6_11,
                                                               TargetGroup::children_12_14, TargetGroup::elders_65};

}  // namespace

std::uint64_t NodeSums::factor_of(std::size_t profile) const {
    const TargetGroup own = own_group[profile % own_group.size()];
    std::uint64_t count = plan_.services_of_group[static_cast<std::size_t>(TargetGroup::everyone)];
    if (own != TargetGroup::everyone) count += plan_.services_of_group[static_cast<std::size_t>(own)];
    if (profile >= own_group.size()) count += plan_.services_of_group[static_cast<std::size_t>(TargetGroup::car_households)];
    return count == 0 ? 0 : ((std::uint64_t{1} << half_word) + count - 1) / count;
}

/// Whoever has no services of his own lacks none.
inline std::int16_t NodeSums::mean(std::uint64_t total, std::size_t profile) const {
    return factor_[profile] == 0 ? std::int16_t{1000} : static_cast<std::int16_t>((total * factor_[profile]) >> half_word);
}

/// sum[group * stride]: served shares added up over the group's services.
inline void NodeSums::write(const std::int32_t* sum, std::size_t stride, std::int16_t* out) const {
    const auto of = [&](TargetGroup group) { return static_cast<std::uint64_t>(sum[static_cast<std::size_t>(group) * stride]); };
    const std::uint64_t everyone = of(TargetGroup::everyone), car = of(TargetGroup::car_households);
    for (std::size_t own = 0; own < own_group.size(); ++own) {
        const std::uint64_t total = own == 0 ? everyone : everyone + of(own_group[own]);
        out[own] = mean(total, own);
        out[own + own_group.size()] = mean(total + car, own + own_group.size());
    }
}

void NodeSums::update_own_share(ServicesState& state, std::size_t begin, std::size_t end) const {
    constexpr std::size_t together = 256;
    std::array<std::int32_t, target_groups * together> sum;
    for (std::size_t first = begin; first < end; first += together) {
        const std::size_t count = std::min(together, end - first);
        sum.fill(0);
        for (std::size_t s = 0; s < plan_.services.size(); ++s) {
            std::int32_t* out = sum.data() + plan_.services[s].group * together;
            const std::int32_t* served = state.served_permille.data() + s * nodes_ + first;
            for (std::size_t i = 0; i < count; ++i) out[i] += served[i];
        }
        for (std::size_t i = 0; i < count; ++i) write(sum.data() + i, together, state.own_share.data() + (first + i) * need_profiles);
    }
}

void NodeSums::update_own_share_at(ServicesState& state, std::size_t node) const {
    std::array<std::int32_t, target_groups> sum{};
    for (std::size_t s = 0; s < plan_.services.size(); ++s) sum[plan_.services[s].group] += state.served_permille[s * nodes_ + node];
    write(sum.data(), 1, state.own_share.data() + node * need_profiles);
}

std::uint8_t NodeSums::composite_at(const ServicesState& state, std::size_t node) const {
    int bits = 3;
    for (std::size_t s = 0; s < plan_.services.size(); ++s) {
        if (!plan_.services[s].composite) continue;
        bits &= (state.cache.in_composite[s * nodes_ + node] ? 1 : 0) | (state.cache.in_composite_elder[s * nodes_ + node] ? 2 : 0);
    }
    return static_cast<std::uint8_t>(bits);
}

}  // namespace hutong::coverage
