#include "agents/vote.h"

#include <algorithm>
#include <cmath>

#include "agents/coverage.h"
#include "core/exact_math.h"

namespace hutong {
namespace {

// the ages of the three declared turnouts
constexpr int middle_age_months = 35 * 12;
constexpr int old_age_months = 60 * 12;

/// The nodes of one vote, by distance.
struct Around {
    std::vector<std::uint16_t> node;
    std::vector<std::uint32_t> distance_dm;
};

struct Poll {
    std::uint32_t space = 0;
    std::vector<std::uint32_t> households;
    std::vector<std::uint16_t> place;      ///< of each household: index into the thresholds
    std::vector<std::uint32_t> yes_needy;  ///< by place: threshold of an aye when the household needs the use
    std::vector<std::uint32_t> yes_other;
};

/// How the households at each node in reach think of the use, with and without need of their own.
void weigh(const Model& model, const World& world, Poll& poll, const Around& around) {
    const GovernanceAssumptions& a = model.assumptions().governance;
    const Use& use = model.district.catalogue.uses[world.spaces.use[poll.space]];
    const std::size_t nodes = model.district.network.nodes();
    const double mood =
        a.vote_mood_spread * exact_normal_quantile(model.luck.uniform(Purpose::vote, world.spaces.luck[poll.space], world.month, 1));
    const bool known = use.service && world.services.served_permille.size() == model.district.catalogue.services.size() * nodes;
    const bool commercial = use.direction == Direction::high_end || use.direction == Direction::other;
    for (std::size_t i = 0; i < around.node.size(); ++i) {
        const double distance_m = around.distance_dm[i] * 0.1;
        const double nearness = a.vote_near_m / std::max(a.vote_near_m, distance_m);
        double lean = a.vote_base + mood - a.vote_nuisance * use.nuisance * nearness;
        if (commercial) lean -= a.vote_commercial;
        const double unserved = known       ? (1000 - world.services.served_permille[use.service.value * nodes + around.node[i]]) * 0.001
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
    // Often answer and turnout are the same whoever lives there: then nobody needs to be looked at.
    std::vector<std::uint32_t> unsure(n);
    std::size_t left = 0;
    for (std::size_t i = 0; i < n; ++i) {
        const std::uint32_t turn = words[i], opinion = words[n + i];
        const bool needy = opinion < poll.yes_needy[poll.place[i]], other = opinion < poll.yes_other[poll.place[i]];
        const bool sure = needy == other && turn < least;
        result.ayes += static_cast<std::uint32_t>(sure & other);
        result.noes += static_cast<std::uint32_t>(sure & !other);
        unsure[left] = static_cast<std::uint32_t>(i);
        left += static_cast<std::uint32_t>(!sure & (turn < most));
    }
    constexpr std::size_t ahead = 8;  // households are asked for this many before they are read
    for (std::size_t k = 0; k < left; ++k) {
        if (k + 2 * ahead < left) __builtin_prefetch(&world.households.first_member[poll.households[unsure[k + 2 * ahead]]]);
        if (k + ahead < left) {
            const std::uint32_t later = world.households.first_member[poll.households[unsure[k + ahead]]];
            __builtin_prefetch(&world.people.birth_month[later]);
            __builtin_prefetch(&world.people.role[later]);
            __builtin_prefetch(&world.people.next_member[later]);
        }
        const std::size_t i = unsure[k];
        const std::uint32_t household = poll.households[i];
        const std::uint32_t needy_limit = poll.yes_needy[poll.place[i]];
        const std::uint32_t other_limit = poll.yes_other[poll.place[i]];
        const std::uint32_t opinion = words[n + i];
        const bool decided = (opinion < needy_limit) == (opinion < other_limit);
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

/// Nodes within the radius of a vote: from the lists that coverage keeps, or by a search of its own.
Around nodes_around(const Model& model, const World& world, NodeId node) {
    constexpr double dm = 10, half = 0.5;
    const double radius_m = model.levers(world.month).governance.vote_radius_m;
    const double radius_dm = std::floor(radius_m * dm + half);  // as Reach::within_m rounds
    Around around;
    const CoveragePlan* plan = world.services.cache.plan.get();
    if (plan && radius_dm >= 0 && radius_dm <= plan->reach->limit_dm()) {
        const ReachList& list = plan->reach->of(static_cast<std::uint16_t>(node.value));
        const auto size = static_cast<std::ptrdiff_t>(list.within_dm(static_cast<std::uint32_t>(radius_dm)));
        around.node.assign(list.node.begin(), list.node.begin() + size);
        around.distance_dm.assign(list.distance_dm.begin(), list.distance_dm.begin() + size);
        return around;
    }
    Reach reach(model.district.network);
    for (const auto& [found, distance_dm] : reach.from(node).within_m(radius_m)) {
        around.node.push_back(static_cast<std::uint16_t>(found.value));
        around.distance_dm.push_back(distance_dm);
    }
    return around;
}

std::shared_ptr<const DwellingsByNode> make_lists(const Model& model, const World& world) {
    const auto& node = world.dwellings.node;
    auto lists = std::make_shared<DwellingsByNode>();
    lists->first.assign(model.district.network.nodes() + 1, 0);
    for (const std::uint16_t n : node) ++lists->first[n + std::size_t{1}];
    for (std::size_t n = 0; n + 1 < lists->first.size(); ++n) lists->first[n + 1] += lists->first[n];
    lists->rows.resize(node.size());
    std::vector<std::uint32_t> next(lists->first.begin(), lists->first.end() - 1);
    for (std::uint32_t row = 0; row < node.size(); ++row) lists->rows[next[node[row]]++] = row;
    return lists;
}

/// The lawful households at these nodes. Written always and kept when lawful: no branch to guess.
void ask(const World& world, const DwellingsByNode& lists, const Around& around, Poll& poll) {
    std::size_t most = 0;
    for (const std::uint16_t node : around.node) most += lists.first[node + std::size_t{1}] - lists.first[node];
    poll.households.resize(most);
    poll.place.resize(most);
    std::size_t living = 0, lawful = 0;
    for (std::size_t i = 0; i < around.node.size(); ++i) {
        const std::uint16_t node = around.node[i];
        for (std::uint32_t at = lists.first[node]; at < lists.first[node + std::size_t{1}]; ++at) {
            const std::uint32_t household = world.dwellings.household[lists.rows[at]];
            poll.households[living] = household;
            poll.place[living] = static_cast<std::uint16_t>(i);
            living += household != no_row ? 1U : 0U;
        }
    }
    for (std::size_t i = 0; i < living; ++i) {
        const std::uint32_t household = poll.households[i];
        poll.households[lawful] = household;
        poll.place[lawful] = poll.place[i];
        lawful += (world.households.flags[household] & household_flag::unauthorised) == 0 ? 1U : 0U;
    }
    poll.households.resize(lawful);
    poll.place.resize(lawful);
}

}  // namespace

void list_dwellings_by_node(const Model& model, World& world) {
    auto& lists = world.governance.dwellings_by_node;
    if (!lists || lists->rows.size() != world.dwellings.rows()) lists = make_lists(model, world);
}

std::vector<VoteResult> hold_votes(const Model& model, const World& world, const std::vector<std::uint32_t>& spaces) {
    std::vector<VoteResult> results(spaces.size());
    if (spaces.empty()) return results;
    auto lists = world.governance.dwellings_by_node;
    if (!lists || lists->rows.size() != world.dwellings.rows()) lists = make_lists(model, world);
    model.parallel.for_grains(spaces.size(), 1, [&](std::size_t i, std::size_t, std::size_t) {
        Poll poll;
        poll.space = spaces[i];
        const Around around = nodes_around(model, world, model.district.spaces[poll.space].node);
        weigh(model, world, poll, around);
        ask(world, *lists, around, poll);
        results[i] = count(model, world, poll);
    });
    return results;
}

}  // namespace hutong
