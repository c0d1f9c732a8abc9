#include "agents/synthesis_place.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numeric>
#include <tuple>

#include "agents/synthesis_stream.h"
#include "core/hash.h"

namespace hutong {
namespace {

constexpr std::uint64_t household_stream = 0x686f'7573'6568'6f6cULL;  // "househol"
constexpr std::uint64_t dwelling_stream = 0x6477'656c'6c69'6e67ULL;   // "dwelling"
constexpr std::uint64_t held_stream = 1, occupied_stream = 2, move_stream = 3, fit_stream = 4;
constexpr double least_area_share = 0.4, largest_area_share = 3, area_unit_m2 = 0.1, largest_area_m2 = 6500;
constexpr int homes = dwelling_types * tenures;

/// One group of the pack in the order of the dwelling table.
struct Group {
    std::uint32_t block, node, type, tenure, space;
    std::uint32_t index;  ///< into District::dwellings
    std::uint32_t count = 0, held = 0, first_row = 0, first_ordinal = 0;
    auto key() const { return std::tuple(block, node, type, tenure, space); }
};

}  // namespace

std::uint32_t ScaledCounts::next(double count, double& carry) const {
    carry += count * scale_;
    const double whole = std::floor(carry);
    carry -= whole;
    return static_cast<std::uint32_t>(whole);
}

void expand_dwellings(const District& district, Month start, double scale, const SynthesisAssumptions& assumptions, const Luck& luck,
                      const Parallel& parallel, DwellingTable& dwellings) {
    std::vector<Group> groups;
    for (std::uint32_t i = 0; i < district.dwellings.size(); ++i) {
        const DwellingGroup& group = district.dwellings[i];
        const BlockId block = district.block_of(group.node);
        if (!block.valid()) continue;
        groups.push_back({block.value, group.node.value, static_cast<std::uint32_t>(group.type), static_cast<std::uint32_t>(group.tenure),
                          group.space.value, i});
    }
    std::sort(groups.begin(), groups.end(), [&](const Group& a, const Group& b) {
        if (a.key() != b.key()) return a.key() < b.key();
        const auto& x = district.dwellings[a.index];
        const auto& y = district.dwellings[b.index];
        return std::tuple(x.count, x.mean_area_m2, x.held_empty_share) < std::tuple(y.count, y.mean_area_m2, y.held_empty_share);
    });
    const std::size_t places = district.subdistricts.size();
    const ScaledCounts scaled(scale), whole(1.0);
    constexpr double half = 0.5;
    std::vector<double> carry(places * homes, half), carry_held(places * homes, half);
    std::uint32_t rows = 0;
    for (std::size_t g = 0; g < groups.size(); ++g) {
        Group& group = groups[g];
        const DwellingGroup& given = district.dwellings[group.index];
        const std::size_t series = district.subdistrict_of(BlockId(group.block)).value * homes + group.type * tenures + group.tenure;
        group.count = scaled.next(given.count, carry[series]);
        group.held = std::min(group.count, whole.next(group.count * given.held_empty_share, carry_held[series]));
        group.first_row = rows;
        if (g > 0 && groups[g - 1].key() == group.key()) group.first_ordinal = groups[g - 1].first_ordinal + groups[g - 1].count;
        rows += group.count;
    }
    dwellings.columns([&](auto& column) { column.resize(rows); });
    auto& lucks = dwellings.luck.change();
    auto& nodes = dwellings.node.change();
    auto& spaces = dwellings.space.change();
    auto& blocks = dwellings.block.change();
    auto& types = dwellings.type.change();

    constexpr std::size_t grain = 256;
    parallel.for_grains(groups.size(), grain, [&](std::size_t, std::size_t begin, std::size_t end) {
        std::vector<std::pair<std::uint64_t, std::uint32_t>> order;
        for (std::size_t g = begin; g < end; ++g) {
            const Group& group = groups[g];
            const DwellingGroup& given = district.dwellings[group.index];
            const bool beds = given.type == DwellingType::dormitory;
            const bool cleared = given.space.valid() && district.spaces[given.space.value].vacated < start;
            order.clear();
            for (std::uint32_t k = 0; k < group.count; ++k) {
                const std::uint32_t row = group.first_row + k;
                const std::uint64_t key = luck_key(mix64(dwelling_stream ^ group.node), group.type * tenures + group.tenure, group.space,
                                                   group.first_ordinal + k);
                const double z = beds ? 0 : exact_normal_quantile(luck.uniform(Purpose::synthesis, key, Month{}));
                const double sigma = beds ? 0 : assumptions.dwelling_area_sigma;
                const double share = std::clamp(exact_exp(sigma * z - sigma * sigma / 2), least_area_share, largest_area_share);
                lucks[row] = key;
                dwellings.household[row] = no_row;
                spaces[row] = given.space.valid() ? given.space.value : no_row;
                nodes[row] = static_cast<std::uint16_t>(group.node);
                dwellings.area_dm2_100[row] =
                    static_cast<std::uint16_t>(std::min(given.mean_area_m2 * share, largest_area_m2) / area_unit_m2);
                blocks[row] = static_cast<std::uint8_t>(group.block);
                types[row] = given.type;
                dwellings.tenure[row] = given.tenure;
                dwellings.state[row] = cleared ? DwellingState::cleared : DwellingState::market;
                order.emplace_back(luck_key(key, held_stream), row);
            }
            if (cleared || group.held == 0) continue;
            std::sort(order.begin(), order.end());
            for (std::uint32_t k = 0; k < group.held; ++k) dwellings.state[order[k].second] = DwellingState::held_empty;
        }
    });
}

namespace {

/// A household that waits for its home.
struct Seeker {
    std::uint64_t luck;
    std::uint32_t candidate;
    std::uint32_t size;
};

/// Homes and seekers of one sub-district by class.
class Placer {
public:
    Placer(const DwellingTable& dwellings, const SynthesisAssumptions& assumptions, const Luck& luck)
        : dwellings_(dwellings), assumptions_(assumptions), luck_(luck) {}

    std::array<std::vector<std::uint32_t>, homes> empty;  ///< lettable dwellings by class
    std::array<std::vector<Seeker>, homes> seekers;
    std::uint64_t other_class = 0;

    /// Writes seeker positions into `home_of` (by dwelling row); false when homes do not suffice.
    bool place(std::vector<Seeker>& placed, std::vector<std::uint32_t>& dwelling_of) {
        std::vector<Seeker> left;
        for (std::size_t h = 0; h < homes; ++h) {
            by_luck(seekers[h]);
            if (seekers[h].size() > empty[h].size()) {
                left.insert(left.end(), seekers[h].begin() + static_cast<std::ptrdiff_t>(empty[h].size()), seekers[h].end());
                seekers[h].resize(empty[h].size());
            }
        }
        other_class = left.size();
        for (std::size_t h = 0; h < homes; ++h) settle(h, placed, dwelling_of);
        // Who found no home of the own class takes one of the roomiest class left, beds last.
        by_luck(left);
        for (std::size_t k = 0; k < left.size(); ++k) {
            std::size_t best = homes;
            for (std::size_t h = 0; h < homes; ++h) {
                const bool beds = h / tenures == static_cast<std::size_t>(DwellingType::dormitory);
                if (empty[h].empty() || (beds && left[k].size > 1)) continue;
                if (best == homes || empty[h].size() > empty[best].size()) best = h;
            }
            if (best == homes) return false;
            placed.push_back(left[k]);
            dwelling_of.push_back(empty[best].back());
            empty[best].pop_back();
        }
        return true;
    }

private:
    static void by_luck(std::vector<Seeker>& list) {
        std::sort(list.begin(), list.end(), [](const Seeker& a, const Seeker& b) { return a.luck < b.luck; });
    }

    /// The homes with the smallest keys are lived in; larger households take larger homes, with noise.
    void settle(std::size_t h, std::vector<Seeker>& placed, std::vector<std::uint32_t>& dwelling_of) {
        auto& rows = empty[h];
        auto& list = seekers[h];
        std::vector<std::pair<std::uint64_t, std::uint32_t>> order;
        order.reserve(rows.size());
        for (const std::uint32_t row : rows) order.emplace_back(luck_key(dwellings_.luck[row], occupied_stream), row);
        std::sort(order.begin(), order.end());
        std::vector<std::uint32_t> taken;
        taken.reserve(list.size());
        for (std::size_t k = 0; k < list.size(); ++k) taken.push_back(order[k].second);
        rows.clear();
        for (std::size_t k = order.size(); k > list.size(); --k) rows.push_back(order[k - 1].second);
        std::sort(taken.begin(), taken.end(), [&](std::uint32_t a, std::uint32_t b) {
            if (dwellings_.area_dm2_100[a] != dwellings_.area_dm2_100[b]) return dwellings_.area_dm2_100[a] < dwellings_.area_dm2_100[b];
            return dwellings_.luck[a] < dwellings_.luck[b];
        });
        std::vector<std::pair<double, std::uint32_t>> by_size;
        by_size.reserve(list.size());
        for (std::uint32_t k = 0; k < list.size(); ++k) {
            const double z = exact_normal_quantile(luck_.uniform(Purpose::synthesis, luck_key(list[k].luck, fit_stream), Month{}));
            by_size.emplace_back(list[k].size + assumptions_.size_noise * z, k);
        }
        std::sort(by_size.begin(), by_size.end());  // equal sizes: the list's order, which is by luck
        for (std::size_t k = 0; k < by_size.size(); ++k) {
            placed.push_back(list[by_size[k].second]);
            dwelling_of.push_back(taken[k]);
        }
        list.clear();
        list.shrink_to_fit();
    }

    const DwellingTable& dwellings_;
    const SynthesisAssumptions& assumptions_;
    const Luck& luck_;
};

void fill_household(const Pool& pool, const Seeker& seeker, std::uint32_t row, std::uint32_t first, std::uint32_t dwelling, Month start,
                    const SynthesisAssumptions& assumptions, const Luck& luck, World& world) {
    const Candidate& candidate = pool.households[seeker.candidate];
    auto& h = world.households;
    auto& p = world.people;
    const auto members = pool.members(candidate);
    const double years = world.dwellings.tenure[dwelling] == Tenure::private_rent || world.dwellings.tenure[dwelling] == Tenure::collective
                             ? assumptions.years_in_home_rent
                             : assumptions.years_in_home_other;
    const auto stayed =
        static_cast<int>(years * 12 * -exact_log(luck.uniform(Purpose::synthesis, luck_key(seeker.luck, move_stream), Month{})));
    h.luck[row] = seeker.luck;
    h.dwelling[row] = dwelling;
    h.first_member[row] = first;
    h.moved_in[row] = static_cast<std::int16_t>(start.index - std::min<int>(stayed, members[0].age_months));
    h.size[row] = candidate.size;
    h.flags[row] = candidate.kind == HouseholdKind::collective ? household_flag::collective : std::uint8_t{0};
    world.dwellings.household[dwelling] = row;
    for (std::uint32_t k = 0; k < members.size(); ++k) {
        const std::uint32_t person = first + k;
        p.luck[person] = luck_key(seeker.luck, k + 1);
        p.household[person] = row;
        p.next_member[person] = k + 1 < members.size() ? person + 1 : no_row;
        p.job[person] = no_row;
        p.birth_month[person] = static_cast<std::int16_t>(start.index - members[k].age_months);
        p.home_node[person] = world.dwellings.node[dwelling];
        p.sex[person] = members[k].sex;
        p.registration[person] = members[k].registration;
        p.education[person] = members[k].education;
        p.role[person] = members[k].role;
    }
}

}  // namespace

PlacementSummary place_households(const Pool& pool, const FittedHouseholds& fitted, const District& district, Month start,
                                  const SynthesisAssumptions& assumptions, const Luck& luck, const Parallel& parallel, World& world) {
    const std::size_t places = district.subdistricts.size();
    std::vector<Placer> placers(places, Placer(world.dwellings, assumptions, luck));
    for (std::uint32_t row = 0; row < world.dwellings.rows(); ++row) {
        if (!world.dwellings.vacant(row)) continue;
        const auto place = district.subdistrict_of(BlockId(static_cast<std::uint32_t>(world.dwellings.block[row]))).value;
        placers[place].empty[static_cast<std::size_t>(home_class(world.dwellings.type[row], world.dwellings.tenure[row]))].push_back(row);
    }
    std::vector<std::vector<Seeker>> placed(places);
    std::vector<std::vector<std::uint32_t>> dwelling_of(places);
    std::vector<char> enough(places, 0);
    parallel.for_grains(places, 1, [&](std::size_t s, std::size_t, std::size_t) {
        const std::uint64_t place = Hash{}.text(district.subdistricts[s].code).value();
        for (const ChosenHousehold& chosen : fitted.by_subdistrict[s]) {
            const Candidate& candidate = pool.households[chosen.candidate];
            placers[s].seekers[static_cast<std::size_t>(home_class(candidate.type, candidate.tenure))].push_back(
                {luck_key(household_stream, place, candidate.number, chosen.copy), chosen.candidate, candidate.size});
        }
        enough[s] = placers[s].place(placed[s], dwelling_of[s]);
    });

    PlacementSummary summary;
    std::size_t households = 0;
    for (std::size_t s = 0; s < places; ++s) {
        if (!enough[s]) {
            throw Error(ErrorKind::bad_district, msg("too few dwellings in {}", district.subdistricts[s].name_en),
                        msg("its households do not fit into the dwellings of the pack"), msg("add dwellings or lower the control totals"));
        }
        summary.other_class += placers[s].other_class;
        households += placed[s].size();
    }
    placers.clear();
    summary.households = households;

    // Households in the order of their dwellings: neighbours in the district are neighbours in memory.
    struct Home {
        Seeker seeker;
        std::uint32_t dwelling, first_person;
    };
    std::vector<std::uint32_t> at(world.dwellings.rows() + 1, 0);
    for (const auto& list : dwelling_of) {
        for (const std::uint32_t row : list) at[row + 1] = 1;
    }
    std::partial_sum(at.begin(), at.end(), at.begin());
    std::vector<Home> order(households);
    for (std::size_t s = 0; s < places; ++s) {
        for (std::size_t k = 0; k < placed[s].size(); ++k) order[at[dwelling_of[s][k]]] = {placed[s][k], dwelling_of[s][k], 0};
        std::vector<Seeker>().swap(placed[s]);
        std::vector<std::uint32_t>().swap(dwelling_of[s]);
    }
    std::uint32_t people = 0;
    for (Home& home : order) {
        home.first_person = people;
        people += home.seeker.size;
    }
    world.households.columns([&](auto& column) { column.assign(households, {}); });
    world.people.columns([&](auto& column) { column.assign(people, {}); });
    constexpr std::size_t grain = 4096;
    parallel.for_grains(households, grain, [&](std::size_t, std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) {
            fill_household(pool, order[i].seeker, static_cast<std::uint32_t>(i), order[i].first_person, order[i].dwelling, start,
                           assumptions, luck, world);
        }
    });
    return summary;
}

}  // namespace hutong
