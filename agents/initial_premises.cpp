/// expand_premises: groups of the pack become single premises, businesses and posts.
#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>

#include "agents/initial_jobs.h"
#include "agents/stocks.h"
#include "agents/synthesis_place.h"
#include "core/exact_math.h"
#include "core/hash.h"

namespace hutong {
namespace {

constexpr std::uint64_t premises_stream = 0x7072'656d'6973ULL, business_stream = 0x6275'7369'6e65ULL, size_stream = 0x7369'7a65ULL;
constexpr std::uint64_t facility_stream = 0x6661'6369'6c69'7479ULL;  // "facility"
constexpr double area_unit_m2 = 0.1, half = 0.5;
constexpr std::uint8_t no_sector = 255;

struct Group {
    std::uint32_t block, node, use, sector, space, funded, index;
    std::uint32_t count = 0, jobs = 0, first_ordinal = 0, first_premises = 0, first_business = 0, first_job = 0;
    double area_m2 = 0;
    bool closed = false;  ///< vacated before the start
    auto key() const { return std::tuple(block, node, use, sector, space, funded); }
    bool let() const { return sector != no_row && !closed; }
};

std::vector<Group> sorted_groups(const District& district, Month start) {
    std::vector<Group> groups;
    for (std::uint32_t i = 0; i < district.premises.size(); ++i) {
        const PremisesGroup& given = district.premises[i];
        const BlockId block = district.block_of(given.node);
        if (!block.valid() || given.count == 0) continue;
        Group group{block.value,
                    given.node.value,
                    static_cast<std::uint32_t>(given.use),
                    given.sector.value,
                    given.space.value,
                    given.public_funded,
                    i};
        group.closed = given.space.valid() && district.spaces[given.space.value].vacated < start;
        groups.push_back(group);
    }
    std::sort(groups.begin(), groups.end(), [&](const Group& a, const Group& b) {
        if (a.key() != b.key()) return a.key() < b.key();
        const auto& x = district.premises[a.index];
        const auto& y = district.premises[b.index];
        return std::tuple(x.count, x.jobs, x.area_m2) < std::tuple(y.count, y.jobs, y.area_m2);
    });
    return groups;
}

/// Whole numbers by weight that add up to `total`: running sums are rounded.
void split_running(const std::vector<double>& weights, std::uint64_t total, std::vector<std::uint64_t>& out) {
    double sum = 0;
    for (const double w : weights) sum += w;
    out.resize(weights.size());
    double passed = 0;
    std::uint64_t before = 0;
    for (std::size_t k = 0; k < weights.size(); ++k) {
        passed += weights[k];
        const std::uint64_t now =
            k + 1 == weights.size()
                ? total
                : std::min<std::uint64_t>(total, static_cast<std::uint64_t>(static_cast<double>(total) * (passed / sum)));
        out[k] = now - before;
        before = now;
    }
}

/// Premises, posts and floor area times `scale`, carried along the groups of a sector: a group too small for one whole
/// business hands its posts and floor area to the next, so sizes and totals stay as they are. At scale 1 nothing moves.
void scale_groups(const District& district, double scale, std::vector<Group>& groups) {
    const std::size_t kinds = district.catalogue.sectors.size() + 1;
    const ScaledCounts scaled(scale), whole(1.0);
    std::vector<double> carry_count(2 * kinds, half), carry_jobs(2 * kinds, half), carry_area(2 * kinds, 0.0);
    std::vector<Group*> last(2 * kinds, nullptr);
    for (Group& group : groups) {
        const PremisesGroup& given = district.premises[group.index];
        const std::size_t kind = (group.sector == no_row ? kinds - 1 : group.sector) * 2 + (group.closed ? 1 : 0);
        group.count = scaled.next(given.count, carry_count[kind]);
        carry_jobs[kind] += given.jobs * scale;
        carry_area[kind] += given.area_m2 * scale;
        if (group.count == 0) continue;
        last[kind] = &group;
        if (group.let()) group.jobs = whole.next(0, carry_jobs[kind]);
        group.area_m2 = std::exchange(carry_area[kind], 0.0);
        if (given.jobs > 0 && group.count > group.jobs && group.let()) {  // no business without a post where they had some
            const std::uint32_t keep = std::max<std::uint32_t>(group.jobs, 1);
            carry_count[kind] += group.count - keep;
            group.count = keep;
        }
    }
    for (std::size_t kind = 0; kind < last.size(); ++kind) {
        if (!last[kind]) continue;
        if (last[kind]->let()) last[kind]->jobs += whole.next(0, carry_jobs[kind]);
        last[kind]->area_m2 += carry_area[kind];
    }
}

Funding funding_of(const Sector& sector, bool funded, const SynthesisAssumptions& assumptions) {
    if (sector.exogenous) return Funding::state;
    if (!funded) return Funding::private_capital;
    // Small publicly funded services are livelihood projects of residential areas (C4.4); schools and hospitals are institutions.
    return sector.mean_jobs <= assumptions.livelihood_mean_jobs ? Funding::livelihood_project : Funding::district;
}

}  // namespace

void expand_premises(const JobsSetting& setting, World& world) {
    const District& district = setting.district;
    const auto& assumptions = setting.assumptions;
    const auto& sectors = district.catalogue.sectors;
    std::vector<std::uint64_t> sector_key;
    for (const Sector& sector : sectors) sector_key.push_back(Hash{}.text(sector.code).value());
    std::vector<Group> groups = sorted_groups(district, setting.start);

    scale_groups(district, setting.scale, groups);
    std::uint32_t premises = 0, businesses = 0, posts = 0;
    for (std::size_t g = 0; g < groups.size(); ++g) {
        Group& group = groups[g];
        group.first_premises = premises;
        group.first_business = businesses;
        group.first_job = posts;
        if (g > 0 && groups[g - 1].key() == group.key()) group.first_ordinal = groups[g - 1].first_ordinal + groups[g - 1].count;
        premises += group.count;
        if (group.let()) {
            businesses += group.count;
            posts += group.jobs;
        }
    }

    auto& p = world.premises;
    auto& b = world.businesses;
    auto& j = world.jobs;
    p.columns([&](auto& column) { column.assign(premises, {}); });
    b.columns([&](auto& column) { column.assign(businesses, {}); });
    j.columns([&](auto& column) { column.assign(posts, {}); });
    constexpr std::size_t grain = 128;
    setting.parallel.for_grains(groups.size(), grain, [&](std::size_t, std::size_t begin, std::size_t end) {
        std::vector<double> weights, areas;
        std::vector<std::uint64_t> sizes, units;
        for (std::size_t g = begin; g < end; ++g) {
            const Group& group = groups[g];
            if (group.count == 0) continue;
            const std::uint64_t kind = group.sector == no_row ? 0 : sector_key[group.sector];
            weights.assign(group.count, 1.0);
            areas.assign(group.count, 1.0);
            const auto luck_of = [&](std::uint64_t stream, std::uint32_t k) {
                return luck_key(mix64(stream ^ group.node), mix64(kind) ^ (group.use << 1 | group.funded), group.space,
                                group.first_ordinal + k);
            };
            for (std::uint32_t k = 0; k < group.count; ++k) {
                const Word4 words = setting.luck.block(Purpose::expand, luck_key(luck_of(business_stream, k), size_stream), Month{});
                weights[k] = exact_exp(assumptions.business_size_sigma * exact_normal_quantile(unit_open(words[0])));
                areas[k] = exact_exp(assumptions.premises_size_sigma * exact_normal_quantile(unit_open(words[1])));
            }
            const bool staffed = group.let() && group.jobs >= group.count;
            split_running(weights, staffed ? group.jobs - group.count : 0, sizes);
            for (std::uint32_t k = 0; k < group.count; ++k) {
                if (staffed) ++sizes[k];
                areas[k] *= staffed ? static_cast<double>(sizes[k]) : weights[k];
            }
            split_running(areas, static_cast<std::uint64_t>(group.area_m2 / area_unit_m2 + half), units);

            std::uint32_t job = group.first_job;
            for (std::uint32_t k = 0; k < group.count; ++k) {
                const std::uint32_t row = group.first_premises + k;
                p.luck[row] = luck_of(premises_stream, k);
                p.business[row] = group.let() ? group.first_business + k : no_row;
                p.space[row] = group.space;
                p.area_dm2_100[row] = static_cast<std::uint32_t>(units[k]);
                p.node[row] = static_cast<std::uint16_t>(group.node);
                p.block[row] = static_cast<std::uint8_t>(group.block);
                p.use[row] = static_cast<PremisesUse>(group.use);
                p.only_sector[row] = no_sector;
                p.state[row] = group.closed ? PremisesState::closed : PremisesState::on_market;
                if (!group.let()) continue;
                const std::uint32_t business = group.first_business + k;
                const Sector& sector = sectors[group.sector];
                const auto size = static_cast<std::uint32_t>(sizes[k]);
                b.luck[business] = luck_of(business_stream, k);
                b.premises[business] = row;
                b.first_job[business] = size > 0 ? job : no_row;
                b.posts[business] = size;
                b.next_ordinal[business] = size;
                b.founded[business] = setting.start.index;  // init_businesses_market draws the age from the sector's exit hazard
                b.sector[business] = static_cast<std::uint8_t>(group.sector);
                b.block[business] = static_cast<std::uint8_t>(group.block);
                b.funding[business] = funding_of(sector, group.funded != 0, assumptions);
                for (std::uint32_t ordinal = 0; ordinal < size; ++ordinal, ++job) {
                    j.luck[job] = luck_key(b.luck[business], ordinal);
                    j.business[job] = business;
                    j.worker[job] = no_row;
                    j.next_job[job] = ordinal + 1 < size ? job + 1 : no_row;
                    j.block[job] = static_cast<std::uint8_t>(group.block);
                    j.sector[job] = static_cast<std::uint8_t>(group.sector);
                    const double u = setting.luck.uniform(Purpose::expand, j.luck[job], Month{});
                    j.skill[job] = u < sector.skill_share[0]                           ? Skill::low
                                   : u < sector.skill_share[0] + sector.skill_share[1] ? Skill::middle
                                                                                       : Skill::high;
                }
            }
        }
    });
}

void expand_facilities(const District& district, World& world) {
    // Luck from service, node and order among the same at the same node: rows of the pack may come in any order of nodes.
    std::vector<std::uint32_t> ordinal(district.catalogue.services.size() * district.network.nodes(), 0);
    for (const FacilitySite& site : district.facilities) {
        std::uint32_t& order = ordinal[site.service.value * district.network.nodes() + site.node.value];
        add_facility(world, luck_key(facility_stream, site.service.value, site.node.value, order++),
                     static_cast<std::uint8_t>(site.service.value), static_cast<std::uint16_t>(site.node.value), site.capacity,
                     site.off_hours_capacity, no_row, no_row, site.ring);
    }
}

}  // namespace hutong
