#include "agents/vote.h"

#include <algorithm>

#include "core/exact_math.h"

namespace hutong {
namespace {

// the ages of the three declared turnouts
constexpr int middle_age_months = 35 * 12;
constexpr int old_age_months = 60 * 12;
constexpr std::size_t batch = 64;  // votes walked through together: one bit each

struct Poll {
    std::uint32_t space = 0;
    std::vector<std::uint32_t> households;
    std::vector<std::uint16_t> place;      ///< of each household: index into the thresholds
    std::vector<std::uint32_t> yes_needy;  ///< by place: threshold of an aye when the household needs the use
    std::vector<std::uint32_t> yes_other;
};

/// How the households at each node in reach think of the use, with and without need of their own.
void weigh(const Model& model, const World& world, Poll& poll, std::span<const Reach::Found> found) {
    const GovernanceAssumptions& a = model.assumptions().governance;
    const Use& use = model.district.catalogue.uses[world.spaces.use[poll.space]];
    const std::size_t nodes = model.district.network.nodes();
    const double mood =
        a.vote_mood_spread * exact_normal_quantile(model.luck.uniform(Purpose::vote, world.spaces.luck[poll.space], world.month, 1));
    const bool known = use.service && world.services.served_permille.size() == model.district.catalogue.services.size() * nodes;
    const bool commercial = use.direction == Direction::high_end || use.direction == Direction::other;
    for (const Reach::Found& place : found) {
        const double distance_m = place.distance_dm * 0.1;
        const double nearness = a.vote_near_m / std::max(a.vote_near_m, distance_m);
        double lean = a.vote_base + mood - a.vote_nuisance * use.nuisance * nearness;
        if (commercial) lean -= a.vote_commercial;
        const double unserved = known       ? (1000 - world.services.served_permille[use.service.value * nodes + place.node.value]) * 0.001
                                : use.green ? 1.0
                                            : 0.0;
        poll.yes_needy.push_back(threshold(exact_logistic(lean + a.vote_need * unserved)));
        poll.yes_other.push_back(threshold(exact_logistic(lean - a.vote_no_need)));
    }
}

struct AgeRange {
    int low = 0, high = 0;  ///< months, [low, high)
    bool cars = false, everyone = false;
};

AgeRange who_needs(TargetGroup group) {
    constexpr int year = 12;
    switch (group) {
        case TargetGroup::everyone:
            return {0, 0, false, true};
        case TargetGroup::children_3_5:
            return {3 * year, 6 * year};
        case TargetGroup::children_6_11:
            return {6 * year, 12 * year};
        case TargetGroup::children_12_14:
            return {12 * year, 15 * year};
        case TargetGroup::elders_65:
            return {65 * year, 200 * year};
        case TargetGroup::car_households:
            return {0, 0, true, false};
        case TargetGroup::workers:
            return {};
    }
    return {};
}

VoteResult count(const Model& model, const World& world, const Poll& poll) {
    const GovernanceAssumptions& a = model.assumptions().governance;
    const Use& use = model.district.catalogue.uses[world.spaces.use[poll.space]];
    const AgeRange needs = use.service ? who_needs(model.district.catalogue.services[use.service.value].group)
                                       : AgeRange{0, 0, false, use.green || use.direction == Direction::convenience};
    const std::uint32_t turnout[3] = {threshold(a.turnout_under_35), threshold(a.turnout_35_59), threshold(a.turnout_60)};
    const std::uint32_t most = std::max({turnout[0], turnout[1], turnout[2]});
    const std::uint32_t least = std::min({turnout[0], turnout[1], turnout[2]});
    const std::size_t n = poll.households.size();
    // opinion and turnout belong to this household and this space
    std::vector<std::uint64_t> lucks(n);
    const std::uint64_t space_luck = world.spaces.luck[poll.space];
    for (std::size_t i = 0; i < n; ++i) lucks[i] = mix64(world.households.luck[poll.households[i]] ^ space_luck);
    std::vector<std::uint32_t> words(4 * n);
    model.luck.blocks(Purpose::vote, lucks.data(), n, world.month, words.data(), words.data() + n, words.data() + 2 * n,
                      words.data() + 3 * n);

    VoteResult result{poll.space, static_cast<std::uint32_t>(n), 0, 0, false};
    for (std::size_t i = 0; i < n; ++i) {
        if (words[i] >= most) continue;
        const std::uint32_t household = poll.households[i];
        const std::uint32_t needy_limit = poll.yes_needy[poll.place[i]];
        const std::uint32_t other_limit = poll.yes_other[poll.place[i]];
        // often the answer is the same whoever lives there: then nobody needs to be looked at
        const std::uint32_t opinion = words[n + i];
        const bool decided = (opinion < needy_limit) == (opinion < other_limit);
        if (decided && words[i] < least) {
            opinion < other_limit ? ++result.ayes : ++result.noes;
            continue;
        }
        bool needy = needs.everyone || (needs.cars && world.households.cars[household] > 0);
        int head_months = 0;
        for (std::uint32_t person = world.households.first_member[household]; person != no_row; person = world.people.next_member[person]) {
            const int months = world.month.index - world.people.birth_month[person];
            if (months >= needs.low && months < needs.high) needy = true;
            if (world.people.role[person] != Role::head) continue;
            head_months = months;
            if (decided) break;
        }
        if (words[i] >= turnout[head_months < middle_age_months ? 0 : head_months < old_age_months ? 1 : 2]) continue;
        opinion < (needy ? needy_limit : other_limit) ? ++result.ayes : ++result.noes;
    }
    const double voters = static_cast<double>(result.ayes) + static_cast<double>(result.noes);
    result.passed = static_cast<double>(result.ayes) >= model.levers(world.month).governance.vote_threshold * voters;
    return result;
}

}  // namespace

std::vector<VoteResult> hold_votes(const Model& model, const World& world, const std::vector<std::uint32_t>& spaces) {
    std::vector<VoteResult> results;
    results.reserve(spaces.size());
    if (spaces.empty()) return results;
    const std::size_t nodes = model.district.network.nodes();
    const double radius_m = model.levers(world.month).governance.vote_radius_m;
    Reach reach(model.district.network);
    for (std::size_t first = 0; first < spaces.size(); first += batch) {
        const std::size_t n = std::min(batch, spaces.size() - first);
        std::vector<Poll> polls(n);
        std::vector<std::uint64_t> asked(nodes, 0);           // bit i: the node is in reach of vote i
        std::vector<std::vector<std::uint16_t>> place_of(n);  // [vote][node] index into its thresholds
        for (std::size_t i = 0; i < n; ++i) {
            polls[i].space = spaces[first + i];
            const auto found = reach.from(model.district.spaces[polls[i].space].node).within_m(radius_m);
            place_of[i].assign(nodes, 0);
            for (std::size_t k = 0; k < found.size(); ++k) {
                asked[found[k].node.value] |= std::uint64_t{1} << i;
                place_of[i][found[k].node.value] = static_cast<std::uint16_t>(k);
            }
            weigh(model, world, polls[i], found);
        }
        const DwellingTable& dwellings = world.dwellings;
        for (std::size_t d = 0; d < dwellings.rows(); ++d) {
            std::uint64_t bits = asked[dwellings.node[d]];
            if (bits == 0) continue;
            const std::uint32_t household = dwellings.household[d];
            if (household == no_row || (world.households.flags[household] & household_flag::unauthorised)) continue;
            for (; bits != 0; bits &= bits - 1) {
                const auto i = static_cast<std::size_t>(__builtin_ctzll(bits));
                polls[i].households.push_back(household);
                polls[i].place.push_back(place_of[i][dwellings.node[d]]);
            }
        }
        std::vector<VoteResult> counted(n);
        model.parallel.for_grains(n, 1, [&](std::size_t i, std::size_t, std::size_t) { counted[i] = count(model, world, polls[i]); });
        results.insert(results.end(), counted.begin(), counted.end());
    }
    return results;
}

}  // namespace hutong
