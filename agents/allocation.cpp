#include "agents/allocation.h"

#include <algorithm>
#include <queue>
#include <tuple>

#include "agents/coverage.h"
#include "agents/keyed_race.h"
#include "agents/workflow.h"
#include "scenarios/purposes.h"

namespace hutong {
namespace {

constexpr double million = 1e6;

std::uint32_t limit_dm(const Service& service) { return static_cast<std::uint32_t>(service.distance_m * 10); }

std::uint32_t longest_limit_dm(const Catalogue& catalogue) {
    std::uint32_t longest = 0;
    for (const Service& service : catalogue.services) longest = std::max(longest, limit_dm(service));
    return std::min<std::uint32_t>(longest, 65535);
}

}  // namespace

Allocation::Allocation(const Model& model, const World& world)
    : model_(model), world_(world), levers_(model.levers(world.month)), scale_(model.scenario.run.scale) {
    const District& district = model.district;
    if (world.services.cache.plan) {
        reach_ = world.services.cache.plan->reach.get();
    } else {
        own_ = std::make_unique<ReachIndex>(district.network, longest_limit_dm(district.catalogue));
        reach_ = own_.get();
    }
    const std::size_t nodes = district.network.nodes();
    const std::size_t services = district.catalogue.services.size();
    const std::size_t uses = district.catalogue.uses.size();
    unserved_.assign(services * nodes, 0.0F);
    group_weight_.assign(target_groups, 0.0);
    const bool known = world.services.members.size() == target_groups * nodes && world.services.served_permille.size() == services * nodes;
    if (known) {
        std::vector<std::int64_t> members(target_groups, 0);
        for (std::size_t g = 0; g < target_groups; ++g) {
            for (std::size_t n = 0; n < nodes; ++n) members[g] += world.services.members[g * nodes + n];
        }
        const auto everyone = static_cast<double>(members[static_cast<std::size_t>(TargetGroup::everyone)]);
        for (std::size_t g = 0; g < target_groups; ++g) group_weight_[g] = members[g] > 0 ? everyone / static_cast<double>(members[g]) : 0;
        model.parallel.for_grains(services, 1, [&](std::size_t s, std::size_t, std::size_t) {
            const std::int32_t* own =
                world.services.members.data() + static_cast<std::size_t>(district.catalogue.services[s].group) * nodes;
            const std::int32_t* served = world.services.served_permille.data() + s * nodes;
            float* unserved = unserved_.data() + s * nodes;
            for (std::size_t n = 0; n < nodes; ++n) {
                unserved[n] = static_cast<float>(own[n]) * static_cast<float>(1000 - served[n]) * 0.001F;
            }
        });
    }
    use_dm2_.assign(district.blocks.size() * uses, 0);
    vacated_dm2_.assign(district.blocks.size(), 0);
    for (std::uint32_t s = 0; s < world.spaces.rows(); ++s) {
        if (world.spaces.stage[s] == SpaceStage::occupied) continue;
        const BlockId block = district.block_of(district.spaces[s].node);
        if (!block) continue;
        const std::int64_t area = area_dm2(district.spaces[s].area_m2);
        vacated_dm2_[block.value] += area;
        if (world.spaces.use[s] != no_use) use_dm2_[block.value * uses + world.spaces.use[s]] += area;
    }
}

double Allocation::shortfall(ServiceId id, NodeId node) {
    const std::size_t services = model_.district.catalogue.services.size();
    if (known_.empty()) {
        place_of_.assign(model_.district.network.nodes(), 0);
        version_.assign(services, 1);
    }
    std::uint32_t& place = place_of_[node.value];
    if (place == 0) {
        known_.resize(known_.size() + services);
        place = static_cast<std::uint32_t>(known_.size() / services);
    }
    Known& known = known_[(place - 1) * services + id.value];
    if (known.version == version_[id.value]) return known.sum;
    const ReachList& list = reach_->of(static_cast<std::uint16_t>(node.value));
    const std::size_t size = list.within_dm(limit_dm(model_.district.catalogue.services[id.value]));
    const float* unserved = unserved_.data() + id.value * model_.district.network.nodes();
    double sum = 0;
    for (std::size_t i = 0; i < size; ++i) sum += unserved[list.node[i]];
    known = {sum, version_[id.value]};
    return sum;
}

double Allocation::newly_served(ServiceId id, NodeId node, double capacity) {
    const Service& service = model_.district.catalogue.services[id.value];
    if (service.standard_per_member <= 0) return 0;
    return std::min(shortfall(id, node), capacity / service.standard_per_member);
}

double Allocation::points(ServiceId id, NodeId node, double capacity) {
    const auto group = static_cast<std::size_t>(model_.district.catalogue.services[id.value].group);
    return newly_served(id, node, capacity * scale_) * group_weight_[group] / scale_;
}

Score Allocation::score(std::uint32_t s, UseId id, const Verdict& verdict) {
    const District& district = model_.district;
    const GovernanceAssumptions& a = model_.assumptions().governance;
    const Space& space = district.spaces[s];
    const Use& use = district.catalogue.uses[id.value];
    double covered = 0;
    if (use.service) {
        const double capacity = capacity_of(use, district.catalogue, space.area_m2);
        covered += points(use.service, space.node, capacity);
        const double share = space.area_m2 / static_cast<double>(1 + use.also.size());
        for (const ServiceId other : use.also)
            covered += points(other, space.node, share * district.catalogue.services[other.value].capacity_per_m2);
    }
    if (use.shares && levers_.allocation.off_hours_sharing) {
        const double capacity = space.area_m2 * a.shared_area_share * district.catalogue.services[use.shares.value].capacity_per_m2;
        covered += points(use.shares, space.node, capacity * model_.assumptions().services.off_hours_weight);  // as coverage counts it
    }
    if (!levers_.on(Clause::C2_0)) covered = 0;  // shortfalls are not made up by block
    Score score;
    const double revenue = use.public_funded ? 0 : use.revenue_yuan_per_m2_year * space.area_m2 / million;
    switch (use.direction) {
        case Direction::green:
            score.green = covered + (use.green ? a.green_points_per_m2 * space.area_m2 : 0);
            break;
        case Direction::convenience:
            score.convenience = covered + a.convenience_points_per_m2 * space.area_m2;
            break;
        case Direction::high_end:
            score.high_end = a.high_end_points_per_post * static_cast<double>(posts_of(use, space.area_m2)) +
                             a.tax_points_per_million * revenue + covered;
            break;
        case Direction::service:
            score.service = covered;
            break;
        case Direction::other:
            score.service = covered + (use.residential && use.residents_per_m2 <= 0 ? a.homes_points_per_m2 * space.area_m2 : 0);
            break;
    }
    const bool in_plan = world_.spaces.in_plan[s] != 0;
    score.cost = a.cost_points_per_million *
                 static_cast<double>(district_yuan(use, space.owner, space.area_m2, in_plan, levers_, in_historic_block(district, space))) /
                 million;
    score.population = a.population_points_per_person * static_cast<double>(assessed_milli_persons(use, space.area_m2)) / 1000;
    if (verdict.main) score.rules *= a.main_factor;
    if (verdict.first) score.rules *= a.first_factor;
    if (verdict.encouraged) score.rules *= a.encouraged_factor;
    if (verdict.standing == Standing::with_reason) score.rules *= a.reason_factor;
    if (verdict.standing == Standing::exception) score.rules *= a.exception_factor;
    const AllocationLevers& w = levers_.allocation;
    const double population_weight = levers_.on(Clause::C4_3) ? w.population_weight : 0;  // C4.1 still binds by the headroom
    if (!levers_.on(Clause::G4)) {  // without the four directions only the shortfall covered counts
        score.total = covered * score.rules - w.cost_weight * score.cost - population_weight * score.population;
        return score;
    }
    const double worth = w.service_weight * score.service + w.green_weight * score.green + w.convenience_weight * score.convenience +
                         w.high_end_weight * score.high_end;
    score.total = worth * score.rules - w.cost_weight * score.cost - population_weight * score.population;
    return score;
}

bool Allocation::open_to(std::uint32_t s, UseId id, const Verdict& verdict, std::int64_t headroom) const {
    if (!verdict.allowed() || world_.spaces.refused_use[s] == id.value) return false;
    const Space& space = model_.district.spaces[s];
    const Use& use = model_.district.catalogue.uses[id.value];
    if (levers_.on(Clause::C4_1) && headroom <= 0 && assessed_milli_persons(use, space.area_m2) > 0) return false;
    if (verdict.ceiling_share < 1) {
        const BlockId block = model_.district.block_of(space.node);
        if (block) {
            const std::int64_t own = use_dm2_[block.value * model_.district.catalogue.uses.size() + id.value] + area_dm2(space.area_m2);
            if (static_cast<double>(own) > verdict.ceiling_share * static_cast<double>(vacated_dm2_[block.value])) return false;
        }
    }
    return true;
}

Allocation::Found Allocation::find_best(std::uint32_t s, const std::vector<Verdict>& verdicts, std::int64_t headroom, std::int64_t budget) {
    Found found, wished;  // within the budget, without it
    const Space& space = model_.district.spaces[s];
    const bool historic = in_historic_block(model_.district, space);
    for (std::size_t u = 0; u < verdicts.size(); ++u) {
        const UseId id(u);
        if (!open_to(s, id, verdicts[u], headroom)) continue;
        const Use& use = model_.district.catalogue.uses[u];
        const double total = score(s, id, verdicts[u]).total;
        if (!wished.use || total > wished.total) wished = {id, total};
        if (district_yuan(use, space.owner, space.area_m2, world_.spaces.in_plan[s] != 0, levers_, historic) > budget) continue;
        if (!found.use || total > found.total) found = {id, total};
    }
    // rather wait for money than settle for much less
    if (found.use && wished.total > 0 && found.total < model_.assumptions().governance.settle_share * wished.total) return {};
    return found;
}

UseId Allocation::best(std::uint32_t space, const std::vector<Verdict>& verdicts, std::int64_t headroom, std::int64_t budget) {
    return find_best(space, verdicts, headroom, budget).use;
}

void Allocation::take(std::uint32_t s, UseId id) {
    const District& district = model_.district;
    const Space& space = district.spaces[s];
    const Use& use = district.catalogue.uses[id.value];
    if (const BlockId block = district.block_of(space.node))
        use_dm2_[block.value * district.catalogue.uses.size() + id.value] += area_dm2(space.area_m2);
    const std::size_t nodes = district.network.nodes();
    auto cover = [&](ServiceId service_id, double capacity) {
        const Service& service = district.catalogue.services[service_id.value];
        const double served = newly_served(service_id, space.node, capacity * scale_);
        if (served <= 0) return;
        const ReachList& list = reach_->of(static_cast<std::uint16_t>(space.node.value));
        const std::size_t size = list.within_dm(limit_dm(service));
        float* unserved = unserved_.data() + service_id.value * nodes;
        const auto left = static_cast<float>(1 - served / shortfall(service_id, space.node));  // shared out in proportion to need
        for (std::size_t i = 0; i < size; ++i) unserved[list.node[i]] *= left;
        ++version_[service_id.value];
    };
    if (!use.service) return;
    cover(use.service, capacity_of(use, district.catalogue, space.area_m2));
    const double share = space.area_m2 / static_cast<double>(1 + use.also.size());
    for (const ServiceId other : use.also) cover(other, share * district.catalogue.services[other.value].capacity_per_m2);
}

/// HeadroomLeft for assessed residents while choices are made.
class HeadroomLeft {
public:
    explicit HeadroomLeft(std::int64_t persons) : milli_(persons * 1000) {}
    void take(std::int64_t milli) { milli_ -= std::max<std::int64_t>(0, milli); }
    std::int64_t persons() const { return milli_ > 0 ? milli_ / 1000 + 1 : 0; }

private:
    std::int64_t milli_;
};

void Allocation::book(std::vector<Choice>& choices, const Choice& choice, std::int64_t& budget, HeadroomLeft& room) {
    const Use& use = model_.district.catalogue.uses[choice.use.value];
    const Space& space = model_.district.spaces[choice.space];
    budget -= district_yuan(use, space.owner, space.area_m2, world_.spaces.in_plan[choice.space] != 0, levers_,
                            in_historic_block(model_.district, space));
    room.take(assessed_milli_persons(use, space.area_m2));
    take(choice.space, choice.use);
    choices.push_back(choice);
}

std::vector<Allocation::Choice> Allocation::greedy(const std::vector<std::uint32_t>& spaces,
                                                   const std::vector<std::vector<Verdict>>& verdicts, std::int64_t budget,
                                                   std::int64_t headroom, std::size_t most, bool by_money) {
    struct Candidate {
        double worth = 0;  ///< the score, or the score for a million yuan
        std::uint64_t luck = 0;
        Choice choice;
        std::size_t round = 0;  ///< number of choices made when it was evaluated
        bool operator<(const Candidate& other) const { return worth != other.worth ? worth < other.worth : luck > other.luck; }
    };
    std::priority_queue<Candidate> queue;
    HeadroomLeft room(headroom);
    std::vector<Choice> choices;
    auto evaluate = [&](std::size_t i) {
        const std::uint32_t s = spaces[i];
        const Found found = find_best(s, verdicts[i], room.persons(), budget);
        if (!found.use) return;
        double worth = found.total;
        if (by_money && worth > 0) {
            const Space& space = model_.district.spaces[s];
            worth /=
                1 + static_cast<double>(district_yuan(model_.district.catalogue.uses[found.use.value], space.owner, space.area_m2,
                                                      world_.spaces.in_plan[s] != 0, levers_, in_historic_block(model_.district, space))) /
                        million;
        }
        queue.push({worth, world_.spaces.luck[s], {s, found.use, found.total, i}, choices.size()});
    };
    for (std::size_t i = 0; i < spaces.size(); ++i) evaluate(i);
    while (!queue.empty() && choices.size() < most) {
        const Candidate top = queue.top();
        queue.pop();
        if (top.round != choices.size()) {  // others were chosen since: its worth can only have fallen
            evaluate(top.choice.index);
            continue;
        }
        book(choices, top.choice, budget, room);
    }
    return choices;
}

std::vector<Allocation::Choice> Allocation::first_come(const std::vector<std::uint32_t>& spaces,
                                                       const std::vector<std::vector<Verdict>>& verdicts, std::int64_t budget,
                                                       std::int64_t headroom, std::size_t most) {
    HeadroomLeft room(headroom);
    std::vector<Choice> choices;
    std::vector<std::size_t> order(spaces.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    auto key = [&](std::size_t i) { return std::tuple(world_.spaces.vacated[spaces[i]], world_.spaces.luck[spaces[i]]); };
    std::sort(order.begin(), order.end(), [&](std::size_t l, std::size_t r) { return key(l) < key(r); });
    for (const std::size_t i : order) {
        if (choices.size() == most) break;
        const Found found = find_best(spaces[i], verdicts[i], room.persons(), budget);
        if (found.use) book(choices, {spaces[i], found.use, found.total, i}, budget, room);
    }
    return choices;
}

std::vector<Allocation::Choice> Allocation::central(const std::vector<std::uint32_t>& spaces, std::int64_t budget, std::int64_t headroom,
                                                    std::size_t most) {
    std::vector<std::vector<Verdict>> verdicts;
    for (const std::uint32_t space : spaces) verdicts.push_back(permitted_now(model_, world_, space));
    const std::vector<float> unserved = unserved_;
    const std::vector<std::int64_t> use_dm2 = use_dm2_;
    auto restore = [&] {
        unserved_ = unserved;
        use_dm2_ = use_dm2;
        for (auto& version : version_) ++version;
    };
    std::vector<Choice> best;
    double most_worth = 0;
    bool any = false;
    enum class Plan : std::uint8_t { by_score, by_money, first_come };
    for (const Plan plan : {Plan::by_score, Plan::by_money, Plan::first_come}) {
        restore();
        auto choices = plan == Plan::first_come ? first_come(spaces, verdicts, budget, headroom, most)
                                                : greedy(spaces, verdicts, budget, headroom, most, plan == Plan::by_money);
        double worth = 0;
        for (const Choice& choice : choices) worth += choice.total;
        if (any && worth <= most_worth) continue;
        any = true;
        most_worth = worth;
        best = std::move(choices);
    }
    restore();
    for (const Choice& choice : best) take(choice.space, choice.use);
    return best;
}

UseId any_use(const Model& model, const World& world, std::uint32_t space, const std::vector<Verdict>& verdicts) {
    KeyedRace race(key_of(model.luck.block(Purpose::proposal, luck_key(world.spaces.luck[space], 1), world.month)));
    for (std::uint32_t u = 0; u < verdicts.size(); ++u) race.enter(u, mix64(u), verdicts[u].allowed() ? 1.0 : 0.0);
    return race.winner() == KeyedRace::nobody ? UseId::none() : UseId(race.winner());
}

}  // namespace hutong
