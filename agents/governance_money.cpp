// The year's money of the district: budget, instalments of large works, operating subsidies, taking space back.
#include <algorithm>
#include <cmath>
#include <tuple>

#include "agents/workflow.h"
#include "core/exact_math.h"
#include "scenarios/purposes.h"

namespace hutong {
namespace {

bool year_opens(const Model& model, Month month) { return month.month_of_year() == 1 || month == model.scenario.run.start; }

/// Legacy projects, then plan-listed ones, then by permanent key.
std::vector<std::uint32_t> in_order(const Model& model, const World& world, std::vector<std::uint32_t> spaces) {
    const Levers& levers = model.levers(world.month);
    const bool legacy_first = levers.on(Clause::P4) && levers.governance.legacy_first;
    auto key = [&](std::uint32_t s) {
        return std::tuple(legacy_first && model.district.spaces[s].legacy ? 0 : 1, world.spaces.in_plan[s] != 0 ? 0 : 1,
                          world.spaces.submitted[s], world.spaces.luck[s]);
    };
    std::sort(spaces.begin(), spaces.end(), [&](std::uint32_t a, std::uint32_t b) { return key(a) < key(b); });
    return spaces;
}

std::int64_t instalment(const Model& model, const World& world, std::int64_t owed) {
    const double most = model.assumptions().governance.tranche_share * static_cast<double>(capital_budget_yuan(model, world.month));
    return std::min(owed, static_cast<std::int64_t>(std::floor(most)));
}

void spend(World& world, std::uint32_t s, std::int64_t yuan) {
    world.governance.capital_left_yuan -= yuan;
    world.governance.capital_year_yuan += yuan;
    world.governance.capital_spent_yuan += yuan;
    world.spaces.owed_yuan[s] -= yuan;
}

void list_plan(const Model& model, World& world) {
    const Levers& levers = model.levers(world.month);
    constexpr int year = 12;
    if (levers.on(Clause::P0) && !levers.on(Clause::M2)) return;  // nobody draws up the yearly plan
    for (std::uint32_t s = 0; s < world.spaces.rows(); ++s) {
        SpacesState& spaces = world.spaces;
        const bool done = spaces.stage[s] == SpaceStage::open;
        const bool empties = spaces.vacated[s] < world.month.index + year;
        if (done || !empties || spaces.in_plan[s]) continue;
        // legacy projects are restarted through the plan; the rest by a permanent draw, so a larger share only adds
        const double draw = model.luck.uniform(Purpose::proposal, luck_key(spaces.luck[s], 2), Month{});
        const bool listed = !levers.on(Clause::P0) ||
                            (levers.on(Clause::P4) && model.district.spaces[s].legacy && levers.governance.plan_share > 0) ||
                            draw < levers.governance.plan_share;
        if (!listed) continue;
        spaces.in_plan[s] = 1;
        record(world, s, spaces.stage[s], SpaceDecision::entered, static_cast<std::uint8_t>(Body::development_and_reform), Clause::P0);
    }
}

void pay_instalments(const Model& model, World& world) {
    std::vector<std::uint32_t> owing;
    for (std::uint32_t s = 0; s < world.spaces.rows(); ++s) {
        if (world.spaces.owed_yuan[s] > 0) owing.push_back(s);
    }
    for (const std::uint32_t s : in_order(model, world, std::move(owing))) {
        const std::int64_t yuan = std::min(instalment(model, world, world.spaces.owed_yuan[s]), world.governance.capital_left_yuan);
        if (yuan > 0) spend(world, s, yuan);
    }
}

/// Takes back space that stays empty, where the price offered meets what the owner asks (P2).
void take_back(const Model& model, World& world) {
    const Levers& levers = model.levers(world.month);
    const GovernanceAssumptions& a = model.assumptions().governance;
    if (!levers.on(Clause::P2)) return;
    std::vector<std::uint32_t> candidates;
    for (std::uint32_t s = 0; s < world.spaces.rows(); ++s) {
        const SpacesState& spaces = world.spaces;
        if (spaces.stage[s] != SpaceStage::vacant || !spaces.in_plan[s] || spaces.taken_back[s]) continue;
        if (decider_of(model, world, s) != Decider::approved) continue;
        if (world.month.index - spaces.entered[s] < a.idle_months_before_buy_back) continue;
        candidates.push_back(s);
    }
    for (const std::uint32_t s : in_order(model, world, std::move(candidates))) {
        const double z = exact_normal_quantile(model.luck.uniform(Purpose::proposal, luck_key(world.spaces.luck[s], 3), Month{}));
        if (levers.money.buy_back_yuan_per_m2 < a.reservation_yuan_m2 * exact_exp(a.reservation_spread * z)) continue;
        const auto price = static_cast<std::int64_t>(std::floor(levers.money.buy_back_yuan_per_m2 * model.district.spaces[s].area_m2));
        if (price > world.governance.buy_back_left_yuan) continue;
        world.governance.buy_back_left_yuan -= price;
        world.governance.buy_back_spent_yuan += price;
        world.spaces.taken_back[s] = 1;
        record(world, s, SpaceStage::vacant, SpaceDecision::approved, static_cast<std::uint8_t>(Body::development_and_reform), Clause::P2,
               price);
    }
}

}  // namespace

std::int64_t capital_budget_yuan(const Model& model, Month month) {
    const Levers& levers = model.levers(month);
    if (!levers.on(Clause::P3)) return 0;
    constexpr int first_full_year = 2018;
    constexpr int year = 12;
    double budget = levers.money.capital_budget_yuan;
    for (int y = first_full_year; y < month.year(); ++y) budget *= 1 + levers.money.capital_growth_per_year;
    const Month start = model.scenario.run.start;
    if (month.year() == start.year()) budget = budget * (year + 1 - start.month_of_year()) / year;
    return static_cast<std::int64_t>(std::floor(budget));
}

void open_year(const Model& model, World& world) {
    GovernanceState& governance = world.governance;
    const Levers& levers = model.levers(world.month);
    const bool opens = year_opens(model, world.month);
    if (opens) {
        governance.capital_year_yuan = 0;
        constexpr int year = 12;
        const double part =
            world.month == model.scenario.run.start ? static_cast<double>(year + 1 - world.month.month_of_year()) / year : 1;
        governance.buy_back_left_yuan = static_cast<std::int64_t>(std::floor(levers.money.buy_back_budget_yuan * part));
        list_plan(model, world);
    }
    // a budget changed within the year holds from the month of the change on
    governance.capital_left_yuan = std::max<std::int64_t>(0, capital_budget_yuan(model, world.month) - governance.capital_year_yuan);
    if (opens) {
        pay_instalments(model, world);
        take_back(model, world);
    }
}

bool commit_money(const Model& model, World& world, std::uint32_t s) {
    const Levers& levers = model.levers(world.month);
    SpacesState& spaces = world.spaces;
    GovernanceState& governance = world.governance;
    const Space& space = model.district.spaces[s];
    const Use& use = model.district.catalogue.uses[spaces.use[s]];
    const OwnerType owner = spaces.taken_back[s] ? OwnerType::district : space.owner;
    const std::int64_t works = works_yuan(use, space.area_m2);
    const std::int64_t share =
        std::min(works, district_yuan(use, owner, space.area_m2, spaces.in_plan[s] != 0, levers, in_historic_block(model.district, space)));
    const std::int64_t operating = above_district(owner) ? 0 : operating_yuan_per_year(use, space.area_m2, levers);
    if (operating > 0 && static_cast<double>(governance.operating_committed_yuan + operating) > levers.money.operating_budget_yuan)
        return false;
    const std::int64_t added = added_dm2(use, space, levers);
    if (added > governance.tie_pool_dm2) return false;  // C1: the tie first
    const std::int64_t now = instalment(model, world, share);
    if (share > 0 && (now <= 0 || now > governance.capital_left_yuan)) return false;
    governance.tie_pool_dm2 -= added;
    governance.operating_committed_yuan += operating;
    spaces.tie_dm2[s] = added;
    spaces.cost_yuan[s] = works;
    spaces.district_yuan[s] = share;
    spaces.owed_yuan[s] = share;
    spend(world, s, now);
    spaces.assessed_milli[s] = std::max<std::int64_t>(0, assessed_milli_persons(use, space.area_m2));
    governance.committed_milli_persons += spaces.assessed_milli[s];
    governance.headroom_committed_persons = governance.committed_milli_persons / 1000;
    return true;
}

void pay_operating(const Model& model, World& world) {
    const Levers& levers = model.levers(world.month);
    std::int64_t committed = 0;
    std::int64_t due = 0;
    for (std::uint32_t s = 0; s < world.spaces.rows(); ++s) {
        const SpacesState& spaces = world.spaces;
        if (spaces.use[s] == no_use || spaces.stage[s] < SpaceStage::procurement) continue;
        const Space& space = model.district.spaces[s];
        if (above_district(space.owner) && !spaces.taken_back[s]) continue;
        const std::int64_t yuan = operating_yuan_per_year(model.district.catalogue.uses[spaces.use[s]], space.area_m2, levers);
        committed += yuan;
        if (spaces.opened[s] != 0) due += yuan;
    }
    constexpr int year = 12;
    world.governance.operating_committed_yuan = committed;
    const auto most = static_cast<std::int64_t>(std::floor(levers.money.operating_budget_yuan / year));
    world.governance.operating_spent_yuan += std::min(due / year, most);
}

}  // namespace hutong
