#include "agents/surrender.h"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "agents/homes.h"
#include "agents/homes_market.h"
#include "agents/residents.h"
#include "agents/workflow.h"
#include "core/exact_math.h"
#include "scenarios/purposes.h"

namespace hutong {
namespace {

constexpr int year = 12;

/// Opinion, draw and order belong to this household and this space.
std::uint64_t key_of(const World& world, std::uint32_t household, std::uint32_t space) {
    return mix64(world.households.luck[household] ^ world.spaces.luck[space]);
}

bool applied(const World& world, std::uint32_t household) { return (world.households.flags[household] & household_flag::applied) != 0; }

struct Application {
    std::uint32_t order = 0;
    std::uint64_t luck = 0;
    std::uint32_t household = 0, dwelling = 0, space = 0;
    std::int64_t yuan = 0;
    auto key() const { return std::tie(order, luck); }
};

/// Calls f(dwelling) for every dwelling of the space.
template <class F>
void each_dwelling(const World& world, std::uint32_t space, F&& f) {
    const auto& first = world.housing.space_dwelling_first;
    if (space + std::size_t{1} >= first.size()) return;
    for (std::uint32_t i = first[space]; i < first[space + 1]; ++i) f(world.housing.space_dwellings[i]);
}

struct Leases {
    std::uint32_t left = 0, freed = 0, waiting = 0;
};
Leases leases_of(const World& world, std::uint32_t space) {
    Leases leases;
    each_dwelling(world, space, [&](std::uint32_t d) {
        const std::uint32_t household = world.dwellings.household[d];
        const bool let = household != no_row && world.dwellings.state[d] != DwellingState::cleared;
        ++(let ? leases.left : leases.freed);
        if (let && applied(world, household)) ++leases.waiting;
    });
    return leases;
}

void open_call(World& world, std::uint32_t s) {
    world.spaces.call[s] = LeaseCall::open;
    world.spaces.vacated[s] = world.month.index;  // later than foreseen where calls were suspended
    record(world, s, SpaceStage::occupied, SpaceDecision::called, world.spaces.agency[s], Clause::C3_4, 0, leases_of(world, s).left);
}

/// Rooms nobody lets are held for the call; households that have not applied yet may do so now.
void hear(const Model& model, World& world, std::uint32_t s, std::vector<Application>& applications) {
    const double rate = model.levers(world.month).money.surrender_yuan_per_m2;
    each_dwelling(world, s, [&](std::uint32_t d) {
        auto& state = world.dwellings.state[d];
        const std::uint32_t household = world.dwellings.household[d];
        if (household == no_row) state = DwellingState::cleared;
        if (household == no_row || state == DwellingState::cleared) return;
        const std::uint64_t luck = key_of(world, household, s);
        const Word4 words = model.luck.block(Purpose::surrender, luck, world.month);
        if (!applied(world, household)) {
            if (words[0] >= threshold(application_probability(model, world, household, s))) return;
            world.households.flags[household] |= household_flag::applied;
            world.flows.add(Flow::surrender_applications, world.dwellings.block[d]);
        }
        applications.push_back({words[1], luck, household, d, s, static_cast<std::int64_t>(std::floor(rate * world.dwellings.area_m2(d)))});
    });
}

/// The household gives up the lease: it looks for another home this month, here or outside.
void surrender(World& world, const Application& one) {
    auto& flags = world.households.flags[one.household];
    flags = static_cast<std::uint8_t>((flags & ~household_flag::applied) | household_flag::must_move);
    world.dwellings.state[one.dwelling] = DwellingState::cleared;
    world.flows.add(Flow::surrendered_leases, world.dwellings.block[one.dwelling]);
    ++world.spaces.leases_surrendered[one.space];
    world.spaces.compensation_yuan[one.space] += one.yuan;
    world.governance.surrender_left_yuan -= one.yuan;
    world.governance.surrender_spent_yuan += one.yuan;
}

void grant(const Model& model, World& world) {
    GovernanceState& governance = world.governance;
    if (world.month.month_of_year() == 1) governance.surrender_granted_yuan = governance.surrender_left_yuan = 0;
    const std::int64_t yuan = surrender_grant_yuan(model, world.month);
    governance.surrender_granted_yuan += yuan;
    governance.surrender_left_yuan += yuan;
}

bool ends(const Model& model, const World& world, std::uint32_t s) {
    const Leases leases = leases_of(world, s);
    if (leases.left == 0) return true;
    const bool lasted = world.month.index - world.spaces.vacated[s] >= model.assumptions().homes.surrender_call_months;
    return lasted && leases.waiting == 0 && leases.freed > 0;
}

}  // namespace

bool surrendered_by_application(const Model& model, const World& world, std::uint32_t s) {
    if (world.spaces.call[s] == LeaseCall::open) return true;
    const Space& space = model.district.spaces[s];
    const bool courtyard = space.form == SpaceForm::courtyard_complete || space.form == SpaceForm::courtyard_partial;
    if (!courtyard || space.category != SpaceCategory::public_housing || space.owner != OwnerType::direct_managed) return false;
    const auto from = Month::parse(model.assumptions().homes.surrender_from);
    // what was foreseen for an earlier month is recovered from sub-letting, however late
    return from && Month{world.spaces.vacated[s]} - *from >= 0 && leases_of(world, s).left > 0;
}

double application_probability(const Model& model, const World& world, std::uint32_t household, std::uint32_t s) {
    const HomesAssumptions& a = model.assumptions().homes;
    if (!model.active(Behaviour::surrender) || a.surrender_base <= 0 || a.surrender_base >= 1) return a.surrender_base;
    const std::uint32_t dwelling = world.households.dwelling[household];
    const int rented = market_class(world.dwellings.type[dwelling], Tenure::private_rent);
    const double value = class_rent(world, world.dwellings.block[dwelling], rented) * year * a.surrender_price_rent_years;
    const double offer = model.levers(world.month).money.surrender_yuan_per_m2;
    const double room = world.dwellings.area_m2(dwelling) / world.households.size[household];
    double u = exact_log(a.surrender_base / (1 - a.surrender_base));
    if (value > 0) u += a.surrender_compensation_weight * offer / value;
    if (a.crowded_below_m2 > 0) u += a.surrender_crowding_weight * std::max(0.0, 1 - room / a.crowded_below_m2);
    constexpr double permille = 0.001;
    u += a.surrender_services_weight * (1 - world.households.satisfaction[household] * permille);
    if (age_months(world.people, head_of(world, household), world.month) >= a.old_from_age * year) u -= a.surrender_old_weight;
    constexpr double decade = 120, most_decades = 3;
    u -= a.surrender_years_weight * std::clamp((world.month.index - world.households.moved_in[household]) / decade, 0.0, most_decades);
    u += a.surrender_taste_spread * exact_normal_quantile(model.luck.uniform(Purpose::surrender, key_of(world, household, s), Month{}, 1));
    return exact_logistic(u);
}

std::int64_t surrender_grant_yuan(const Model& model, Month month) {
    if (month - model.scenario.run.start < 0) return 0;
    const Levers& levers = model.levers(month);
    if (!levers.on(Clause::C3_4)) return 0;
    return static_cast<std::int64_t>(std::floor(levers.money.surrender_budget_yuan * model.scenario.run.scale / year));
}

std::vector<std::uint32_t> answer_calls(const Model& model, World& world) {
    std::vector<std::uint32_t> ended;
    SpacesState& spaces = world.spaces;
    grant(model, world);
    if (!model.levers(world.month).on(Clause::C3_4)) return ended;  // nobody calls
    std::vector<std::uint32_t> called;
    std::vector<Application> applications;
    for (std::uint32_t s = 0; s < spaces.rows(); ++s) {
        if (spaces.stage[s] != SpaceStage::occupied || spaces.vacated[s] > world.month.index) continue;
        if (!surrendered_by_application(model, world, s)) continue;
        if (spaces.call[s] == LeaseCall::none) open_call(world, s);
        called.push_back(s);
        hear(model, world, s, applications);
    }
    std::sort(applications.begin(), applications.end(), [](const Application& x, const Application& y) { return x.key() < y.key(); });
    std::vector<std::uint32_t> given_up(spaces.rows(), 0);
    std::vector<std::int64_t> paid(spaces.rows(), 0);
    for (const Application& one : applications) {
        if (one.yuan > world.governance.surrender_left_yuan) continue;  // waits for the next month's money
        surrender(world, one);
        ++given_up[one.space];
        paid[one.space] += one.yuan;
    }
    for (const std::uint32_t s : called) {
        const std::uint32_t left = leases_of(world, s).left;
        if (given_up[s] > 0)
            record(world, s, SpaceStage::occupied, SpaceDecision::surrendered, spaces.agency[s], Clause::C3_4, paid[s], given_up[s], left);
        if (!ends(model, world, s)) continue;
        const bool whole = left == 0;
        spaces.call[s] = whole ? LeaseCall::complete : LeaseCall::partial;
        if (whole && model.district.spaces[s].form == SpaceForm::courtyard_complete) ++world.governance.courtyards_complete;
        ended.push_back(s);
    }
    return ended;
}

std::vector<Verdict> permitted_now(const Model& model, const World& world, std::uint32_t s) {
    std::vector<Verdict> verdicts = permitted(model.district.spaces[s], model.district, model.levers(world.month));
    if (world.spaces.call[s] != LeaseCall::partial) return verdicts;
    for (std::size_t u = 0; u < verdicts.size(); ++u) {
        const Use& use = model.district.catalogue.uses[u];
        const bool for_those_who_stay = use.residential && use.residents_per_m2 <= 0;
        if (for_those_who_stay || leaves_blank(use) || !verdicts[u].allowed()) continue;
        verdicts[u].standing = Standing::excluded;
        verdicts[u].clause = Clause::C3_4;
    }
    return verdicts;
}

Verdict permitted_now(const Model& model, const World& world, std::uint32_t s, UseId use) {
    if (world.spaces.call[s] == LeaseCall::partial) return permitted_now(model, world, s)[use.value];
    return permitted(model.district.spaces[s], use, model.district, model.levers(world.month));
}

}  // namespace hutong
