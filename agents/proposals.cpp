// Who proposes what (G3, G5, Authority): the user, history, the plan the space waits for, the district's allocation,
// or the owner by the behaviour of his type and the incentives he is given.
#include <algorithm>
#include <memory>
#include <tuple>

#include "agents/allocation.h"
#include "agents/keyed_race.h"
#include "agents/workflow.h"
#include "core/exact_math.h"
#include "scenarios/purposes.h"

namespace hutong {
namespace {

double readiness(const GovernanceAssumptions& a, OwnerType owner) {
    switch (owner) {
        case OwnerType::central:
            return a.propose_central;
        case OwnerType::municipal:
            return a.propose_municipal;
        case OwnerType::military:
            return a.propose_military;
        case OwnerType::district_soe:
            return a.propose_district_soe;
        case OwnerType::private_owner:
            return a.propose_private_owner;
        case OwnerType::direct_managed:
            return a.propose_direct_managed;
        case OwnerType::district:
            return a.propose_district;
    }
    return 0;
}

/// Monthly probability that the owner proposes, with the incentives he has.
double proposal_probability(const Model& model, const World& world, std::uint32_t s) {
    const GovernanceAssumptions& a = model.assumptions().governance;
    const Levers& levers = model.levers(world.month);
    const OwnerType owner = model.district.spaces[s].owner;
    double p = readiness(a, owner);
    if (!model.active(Behaviour::owners) || !levers.on(Clause::G5)) return p;  // nothing mobilises them
    if (above_district(owner)) return levers.on(Clause::M4) ? p * (1 + a.follow_up_effect * levers.owners.follow_up) : p;
    if (levers.on(Clause::P2)) p *= levers.owners.self_upgrade_uptake * (1 - a.held_effect * levers.owners.held_share);
    if (world.spaces.in_plan[s]) {
        if (levers.on(Clause::P0)) p *= 1 + a.plan_effect;
        if (levers.on(Clause::P3)) p *= 1 + a.relief_effect * levers.money.tax_relief;
    }
    return p;
}

/// What an owner thinks of a use: profit, the district's guidance, the tastes of his kind, reluctance to need exceptions.
double owner_value(const Model& model, const World& world, Allocation& allocation, std::uint32_t s, UseId id, const Verdict& verdict) {
    const GovernanceAssumptions& a = model.assumptions().governance;
    const Levers& levers = model.levers(world.month);
    const Space& space = model.district.spaces[s];
    const Use& use = model.district.catalogue.uses[id.value];
    const bool in_plan = world.spaces.in_plan[s] != 0;
    constexpr double thousand = 1000;
    const double paid =
        static_cast<double>(district_yuan(use, space.owner, space.area_m2, in_plan, levers, in_historic_block(model.district, space))) /
        std::max(1.0, space.area_m2);
    const bool mobilised = levers.on(Clause::G5);
    const double relief = mobilised && in_plan && levers.on(Clause::P3) ? levers.money.tax_relief : 0;
    double profit = use.revenue_yuan_per_m2_year * (1 + relief) - a.works_annuity * (use.conversion_yuan_per_m2 - paid);
    if (!use.public_funded) profit -= use.operating_yuan_per_m2_year;  // a public facility is run by its operator
    double value = a.profit_weight * profit / thousand;
    const double reach = above_district(space.owner) ? levers.owners.follow_up : 1;  // central and municipal owners are only followed up
    if (levers.on(Clause::M4) && mobilised)
        value +=
            levers.allocation.guidance * reach * a.guidance_weight * allocation.score(s, id, verdict).total / std::max(1.0, space.area_m2);
    if (above_district(space.owner) && use.other_clause == clause_name(Clause::C2_1)) value += a.state_office_taste;
    if (space.owner == OwnerType::direct_managed && use.other_clause == clause_name(Clause::C3_4)) value += a.homes_taste;
    if (verdict.standing == Standing::with_reason) value -= a.reason_reluctance;
    if (verdict.standing == Standing::exception) value -= a.exception_reluctance;
    return value;
}

UseId owners_choice(const Model& model, const World& world, Allocation& allocation, std::uint32_t s, const std::vector<Verdict>& verdicts,
                    std::int64_t headroom, Decider decider) {
    if (!model.active(Behaviour::owners)) return any_use(model, world, s, verdicts);
    // owners who are only followed up are not bound by the red line (C4.1 binds allocation)
    const std::int64_t room = decider == Decider::informed ? std::max<std::int64_t>(1, headroom) : headroom;
    KeyedRace race(key_of(model.luck.block(Purpose::proposal, luck_key(world.spaces.luck[s], 1), world.month)));
    for (std::uint32_t u = 0; u < verdicts.size(); ++u) {
        if (!allocation.open_to(s, UseId(u), verdicts[u], room)) continue;
        race.enter(u, mix64(u), exact_exp(owner_value(model, world, allocation, s, UseId(u), verdicts[u])));
    }
    return race.winner() == KeyedRace::nobody ? UseId::none() : UseId(race.winner());
}

/// District money of plans that are on their way but not yet agreed.
std::int64_t money_under_way(const Model& model, const World& world) {
    std::int64_t yuan = 0;
    for (std::uint32_t s = 0; s < world.spaces.rows(); ++s) {
        const SpacesState& spaces = world.spaces;
        if (spaces.stage[s] < SpaceStage::proposal || spaces.stage[s] > SpaceStage::agreement || spaces.use[s] == no_use) continue;
        const Space& space = model.district.spaces[s];
        yuan += district_yuan(model.district.catalogue.uses[spaces.use[s]], space.owner, space.area_m2, spaces.in_plan[s] != 0,
                              model.levers(world.month), in_historic_block(model.district, space));
    }
    return yuan;
}

/// A use known from history opens in the month known; the rules have no say in it.
bool follow_history(const Model& model, World& world, std::uint32_t s) {
    const Space& space = model.district.spaces[s];
    if (!model.scenario.use_history || !space.known_use) return false;
    start_plan(model, world, s, space.known_use, 1, decider_of(model, world, s), Verdict{});
    if (space.known_opening.index == 0) return true;
    world.spaces.temporary[s] = 0;
    world.spaces.stage[s] = SpaceStage::works;
    world.spaces.ready[s] = std::max(space.known_opening.index, static_cast<std::int16_t>(world.month.index + 1));
    return true;
}

bool follow_user(const Model& model, World& world, std::uint32_t s) {
    const Decision* decision = decision_on(model, world, s);
    if (!decision) return false;
    const UseId use = model.district.catalogue.use(decision->use);
    if (!use) return false;  // refused by check_scenario before the run
    const Verdict verdict = permitted_now(model, world, s, use);
    if (!verdict.allowed() && !decision->experiment) {
        record(world, s, SpaceStage::vacant, SpaceDecision::refused, no_agency, verdict.clause);
        world.spaces.ready[s] = static_cast<std::int16_t>(world.month.index + model.assumptions().governance.agreement_patience_months);
        return true;
    }
    start_plan(model, world, s, use, 2, Decider::decided, verdict);
    return true;
}

/// A decision of the user that is taken and begins later: nobody else plans for the space until then.
bool kept_for_user(const Model& model, const World& world, std::uint32_t s) {
    const auto& decisions = model.scenario.decisions;
    return std::any_of(decisions.begin(), decisions.end(), [&](const Decision& one) {
        const bool taken = !one.decided || *one.decided <= world.month;
        return taken && !one.use.empty() && one.from && *one.from > world.month && one.space == model.district.spaces[s].code;
    });
}

/// Temporary use while the planned one cannot start (C3.7): the best that may be temporary, rooms and short times left blank.
UseId temporary_use(const Model& model, const World& world, Allocation& allocation, std::uint32_t s, std::int64_t headroom) {
    const Levers& levers = model.levers(world.month);
    const Space& space = model.district.spaces[s];
    const bool short_time = space.planned_start - world.month < model.assumptions().governance.least_temporary_months;
    auto verdicts = permitted_now(model, world, s);
    for (std::size_t u = 0; u < verdicts.size(); ++u) {
        const Use& use = model.district.catalogue.uses[u];
        const bool may = use.temporary && ((levers.allocation.temporary_use && !short_time) || leaves_blank(use));
        if (!may) verdicts[u].standing = Standing::excluded;
    }
    return allocation.best(s, verdicts, headroom, std::max<std::int64_t>(0, world.governance.capital_left_yuan));
}

}  // namespace

void propose(const Model& model, World& world) {
    const Levers& levers = model.levers(world.month);
    const GovernanceAssumptions& a = model.assumptions().governance;
    const std::int64_t headroom = headroom_persons(model, world);
    std::unique_ptr<Allocation> made;
    auto allocation = [&]() -> Allocation& {
        if (!made) made = std::make_unique<Allocation>(model, world);
        return *made;
    };
    std::vector<std::uint32_t> to_decide;
    struct Start {
        std::uint32_t space;
        UseId use;
        Decider decider;
    };
    std::vector<Start> starts;
    for (std::uint32_t s = 0; s < world.spaces.rows(); ++s) {
        if (world.spaces.stage[s] != SpaceStage::vacant || world.spaces.ready[s] > world.month.index) continue;
        if (follow_user(model, world, s) || kept_for_user(model, world, s) || follow_history(model, world, s)) continue;
        const Space& space = model.district.spaces[s];
        const Decider decider = decider_of(model, world, s);
        if (awaits_planned_use(model, world, s)) {
            if (const UseId use = temporary_use(model, world, allocation(), s, headroom)) starts.push_back({s, use, decider});
            continue;
        }
        if (space.planned_use && world.spaces.refused_use[s] != space.planned_use.value) {
            starts.push_back({s, space.planned_use, decider});
            continue;
        }
        if (decider == Decider::decided) {
            to_decide.push_back(s);
            continue;
        }
        const double p = proposal_probability(model, world, s);
        if (model.luck.word(Purpose::proposal, world.spaces.luck[s], world.month) >= threshold(p)) continue;
        const auto verdicts = permitted_now(model, world, s);
        if (const UseId use = owners_choice(model, world, allocation(), s, verdicts, headroom, decider))
            starts.push_back({s, use, decider});
    }
    const bool central = levers.allocation.mode == "central" && levers.on(Clause::G3);
    if (!model.active(Behaviour::allocation)) {
        for (const std::uint32_t s : to_decide) {
            if (const UseId use = any_use(model, world, s, permitted_now(model, world, s))) starts.push_back({s, use, Decider::decided});
        }
    } else if (central) {
        if (world.month.month_of_year() % levers.allocation.round_months == 0 && !to_decide.empty()) {
            const std::int64_t money = std::max<std::int64_t>(0, capital_budget_yuan(model, world.month) - money_under_way(model, world));
            for (const auto& choice : allocation().central(to_decide, money, headroom, static_cast<std::size_t>(a.plans_per_round))) {
                starts.push_back({choice.space, choice.use, Decider::decided});
            }
        }
    } else {
        // each space by itself in the order in which they empty
        std::sort(to_decide.begin(), to_decide.end(), [&](std::uint32_t l, std::uint32_t r) {
            return std::tuple(world.spaces.vacated[l], world.spaces.luck[l]) < std::tuple(world.spaces.vacated[r], world.spaces.luck[r]);
        });
        const auto most = static_cast<std::size_t>(a.plans_per_round / static_cast<double>(levers.allocation.round_months)) + 1;
        std::size_t made_now = 0;
        std::int64_t money = std::max<std::int64_t>(0, capital_budget_yuan(model, world.month) - money_under_way(model, world));
        for (const std::uint32_t s : to_decide) {
            if (made_now == most) break;
            const Space& space = model.district.spaces[s];
            const UseId use = allocation().best(s, permitted_now(model, world, s), headroom, money);
            if (!use) {
                world.spaces.ready[s] = static_cast<std::int16_t>(world.month.index + levers.allocation.round_months);
                continue;
            }
            ++made_now;
            money -= district_yuan(model.district.catalogue.uses[use.value], space.owner, space.area_m2, world.spaces.in_plan[s] != 0,
                                   levers, in_historic_block(model.district, space));
            allocation().take(s, use);
            starts.push_back({s, use, Decider::decided});
        }
    }
    for (const Start& start : starts) {
        start_plan(model, world, start.space, start.use, 0, start.decider, permitted_now(model, world, start.space, start.use));
    }
}

}  // namespace hutong
