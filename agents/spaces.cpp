#include "agents/spaces.h"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "agents/allocation.h"
#include "agents/businesses.h"
#include "agents/coverage.h"
#include "agents/homes_market.h"
#include "agents/steps.h"
#include "agents/stocks.h"
#include "agents/surrender.h"
#include "agents/workflow.h"
#include "core/hash.h"
#include "scenarios/purposes.h"

namespace hutong {
namespace {

bool is_open(const World& world, std::uint32_t s) { return world.spaces.opened[s] != 0; }

std::uint64_t origin(const World& world, std::uint32_t s, const Use& use, std::uint64_t number) {
    return luck_key(world.spaces.luck[s], Hash().text(use.code).value(), static_cast<std::uint64_t>(world.month.index), number);
}

PremisesUse premises_use(const Use& use, bool operated) {
    if (operated && use.direction != Direction::convenience) return PremisesUse::institution;
    return use.direction == Direction::convenience ? PremisesUse::shop : PremisesUse::office;
}

/// C4.4 speaks of publicly funded livelihood projects in residential areas, C4.5 of heritage and like projects.
Funding funding_of(const Model& model, const Space& space, const Use& use) {
    const Sector* sector = use.sector ? &model.district.catalogue.sectors[use.sector.value] : nullptr;
    if (!use.public_funded) return sector && sector->exogenous ? Funding::state : Funding::private_capital;
    if (use.heritage_like) return Funding::heritage_project;
    const bool residential =
        space.category == SpaceCategory::residential || space.category == SpaceCategory::public_housing ||
        (zones_of(model.district, model.district.block_of(space.node)) >> static_cast<unsigned>(ZoneType::living) & 1U) != 0;
    return residential ? Funding::livelihood_project : Funding::district;
}

/// An operator moves in with its posts; at smaller scale with fewer, rounded by a keyed draw.
void place_operator(const Model& model, World& world, std::uint32_t s, const Use& use, std::uint32_t premises, std::uint64_t luck) {
    const Space& space = model.district.spaces[s];
    const double wanted = static_cast<double>(posts_of(use, space.area_m2)) * model.scenario.run.scale;
    const double whole = std::floor(wanted);
    const auto posts = static_cast<std::uint32_t>(whole) + (model.luck.uniform(Purpose::stage, luck, Month{}) < wanted - whole ? 1U : 0U);
    if (posts == 0) return;
    const std::uint32_t business = add_business(world, luck, static_cast<std::uint8_t>(use.sector.value), premises, world.month,
                                                funding_of(model, space, use), flags_in_reused_space(model, world, s));
    world.flows.add(Flow::business_entries, world.premises.block[premises]);
    open_posts(model, world, business, posts);
    for (std::uint32_t i = 0; i < world.spaces.facility_count[s]; ++i) {
        const std::uint32_t facility = world.spaces.facility[s] + i;
        world.services.facilities.business[facility] = business;
    }
}

void add_service(const Model& model, World& world, std::uint32_t s, ServiceId service, double capacity, double off_hours,
                 std::uint64_t luck) {
    const Space& space = model.district.spaces[s];
    const std::uint32_t row = add_facility(world, luck, static_cast<std::uint8_t>(service.value),
                                           static_cast<std::uint16_t>(space.node.value), capacity, off_hours, s, no_row, false);
    if (world.spaces.facility_count[s]++ == 0) world.spaces.facility[s] = row;
}

/// A share of a large private project for public use (P1): the public service that covers most here.
void give_public_share(const Model& model, World& world, std::uint32_t s, const Use& use) {
    const Levers& levers = model.levers(world.month);
    const Space& space = model.district.spaces[s];
    if (!levers.on(Clause::P1) || use.public_funded || static_cast<Route>(world.spaces.route[s]) == Route::scattered) return;
    if (use.direction != Direction::high_end && use.direction != Direction::convenience) return;
    const double area = space.area_m2 * levers.allocation.public_share;
    const auto& catalogue = model.district.catalogue;
    Allocation allocation(model, world);
    const auto verdicts = permitted(space, model.district, levers);
    UseId best;
    double most = 0;
    for (std::size_t u = 0; u < catalogue.uses.size(); ++u) {
        const Use& other = catalogue.uses[u];
        if (!other.public_funded || !other.indoor || other.direction != Direction::service || !other.service || area < other.min_area_m2 ||
            !verdicts[u].allowed())
            continue;
        const double served = allocation.score(s, UseId(u), verdicts[u]).service;
        if (!best || served > most) {
            best = UseId(u);
            most = served;
        }
    }
    if (!best) return;
    const Use& chosen = catalogue.uses[best.value];
    world.spaces.public_dm2[s] = area_dm2(area);
    add_service(model, world, s, chosen.service, capacity_of(chosen, catalogue, area), 0, origin(world, s, chosen, 1));
    record(world, s, SpaceStage::open, SpaceDecision::opened, no_agency, Clause::P1);
}

void add_services(const Model& model, World& world, std::uint32_t s, const Use& use) {
    const Space& space = model.district.spaces[s];
    const auto& services = model.district.catalogue.services;
    std::uint64_t number = 2;
    if (use.service)
        add_service(model, world, s, use.service, capacity_of(use, model.district.catalogue, space.area_m2), 0,
                    origin(world, s, use, number++));
    const double share = space.area_m2 / static_cast<double>(1 + use.also.size());
    for (const ServiceId other : use.also)
        add_service(model, world, s, other, share * services[other.value].capacity_per_m2, 0, origin(world, s, use, number++));
    if (use.shares) {  // open to the public at off hours; whether it counts is the lever's (C3.1, C3.2)
        const double area = space.area_m2 * model.assumptions().governance.shared_area_share;
        add_service(model, world, s, use.shares, 0, area * services[use.shares.value].capacity_per_m2, origin(world, s, use, number++));
    }
}

/// Floor space: an operator for what is a service or public, units on the market for the rest.
void add_floor_space(const Model& model, World& world, std::uint32_t s, const Use& use) {
    const GovernanceAssumptions& a = model.assumptions().governance;
    const Space& space = model.district.spaces[s];
    const BlockId block = model.district.block_of(space.node);
    const Sector& sector = model.district.catalogue.sectors[use.sector.value];
    const bool operated = use.service || use.public_funded || sector.exogenous;
    const double area = space.area_m2 * (1 + use.adds_floor) * model.scenario.run.scale;
    std::uint32_t units = 1;
    if (!operated) {
        const double unit = std::max(1.0, sector.area_per_job_m2 * sector.mean_jobs * a.unit_jobs_factor);
        units = static_cast<std::uint32_t>(std::clamp(std::floor(area / unit), 1.0, a.most_units));
    }
    for (std::uint32_t i = 0; i < units; ++i) {
        const std::uint32_t row = add_premises(world, origin(world, s, use, (std::uint64_t{1} << 32) + i),
                                               static_cast<std::uint16_t>(space.node.value), static_cast<std::uint8_t>(block.value),
                                               premises_use(use, operated), area / units, s, static_cast<std::uint8_t>(use.sector.value));
        if (i == 0) world.spaces.premises[s] = row;
    }
    world.spaces.premises_count[s] = units;
    if (operated) place_operator(model, world, s, use, world.spaces.premises[s], origin(world, s, use, 0));
}

/// Homes in vacated space: unlawful but for direct-managed housing, an experiment elsewhere (C4.2).
void add_homes(const Model& model, World& world, std::uint32_t s, const Use& use) {
    const GovernanceAssumptions& a = model.assumptions().governance;
    const Space& space = model.district.spaces[s];
    const BlockId block = model.district.block_of(space.node);
    const bool beds = use.residents_per_m2 * a.bed_m2 * 2 > 1;  // as dense as beds are
    const double unit = beds ? a.bed_m2 : a.rental_unit_m2;
    const double count = std::floor(space.area_m2 * (1 + use.adds_floor) * model.scenario.run.scale / unit);
    for (std::uint32_t i = 0; i < static_cast<std::uint32_t>(count); ++i) {
        add_dwelling(world, origin(world, s, use, i), static_cast<std::uint16_t>(space.node.value), static_cast<std::uint8_t>(block.value),
                     beds ? DwellingType::dormitory : DwellingType::apartment, beds ? Tenure::collective : Tenure::private_rent, unit, s);
    }
    if (world.housing.slot_first.size() > 1) index_new_dwellings(world);
}

/// Homes that were cleared with the space go with the building.
void demolish_homes(World& world, std::uint32_t s) {
    const auto& first = world.housing.space_dwelling_first;
    if (s + std::size_t{1} >= first.size()) return;
    for (std::uint32_t i = first[s]; i < first[s + 1]; ++i) {
        const std::uint32_t row = world.housing.space_dwellings[i];
        if (world.dwellings.state[row] == DwellingState::cleared && world.dwellings.household[row] == no_row)
            world.dwellings.state[row] = DwellingState::demolished;
    }
}

void book(const Model& model, World& world, std::uint32_t s, const Use& use, std::int64_t sign) {
    if (!model.levers(world.month).on(Clause::G4)) return;  // nobody books by direction
    const Space& space = model.district.spaces[s];
    const BlockId block = model.district.block_of(space.node);
    if (!block) return;
    const std::size_t blocks = model.district.blocks.size();
    const std::int64_t given = world.spaces.public_dm2[s];
    world.spaces.opened_dm2[static_cast<std::size_t>(direction_of(use)) * blocks + block.value] += sign * (area_dm2(space.area_m2) - given);
    world.spaces.opened_dm2[static_cast<std::size_t>(Direction::service) * blocks + block.value] += sign * given;
}

/// Better homes for the households of the same courtyard (C3.4): those with least room per person first.
void improve_courtyards(const Model& model, World& world, const std::vector<std::uint32_t>& spaces) {
    if (spaces.empty()) return;
    const GovernanceAssumptions& a = model.assumptions().governance;
    std::vector<std::vector<std::uint32_t>> homes(spaces.size());
    std::vector<std::uint32_t> first(model.district.network.nodes(), no_row);  // several spaces of a node share its homes in turn
    for (std::uint32_t i = 0; i < spaces.size(); ++i) first[model.district.spaces[spaces[i]].node.value] = i;
    std::vector<std::uint8_t> listed(world.spaces.rows(), 0);
    for (const std::uint32_t space : spaces) listed[space] = 1;
    std::vector<double> freed(world.spaces.rows(), 0);
    DwellingTable& dwellings = world.dwellings;
    for (std::uint32_t d = 0; d < dwellings.rows(); ++d) {
        const std::uint32_t i = first[dwellings.node[d]];
        if (i == no_row || dwellings.type[d] != DwellingType::courtyard) continue;
        const bool own = dwellings.space[d] != no_row && listed[dwellings.space[d]] != 0;
        if (own && dwellings.state[d] == DwellingState::cleared && dwellings.household[d] == no_row) {
            dwellings.state[d] = DwellingState::merged;
            freed[dwellings.space[d]] += dwellings.area_m2(d);
        }
        if (dwellings.tenure[d] == Tenure::public_housing && dwellings.household[d] != no_row &&
            dwellings.state[d] == DwellingState::market)
            homes[i].push_back(d);
    }
    for (std::size_t i = 0; i < spaces.size(); ++i) {
        const Space& space = model.district.spaces[spaces[i]];
        const bool shared = world.spaces.call[spaces[i]] == LeaseCall::partial;  // the rest is still lived in
        double left = shared ? freed[spaces[i]] : space.area_m2 * model.scenario.run.scale;
        auto& list = homes[first[space.node.value]];
        auto room = [&](std::uint32_t d) { return dwellings.area_m2(d) / world.households.size[dwellings.household[d]]; };
        std::sort(list.begin(), list.end(), [&](std::uint32_t x, std::uint32_t y) {
            return std::tuple(room(x), dwellings.luck[x]) < std::tuple(room(y), dwellings.luck[y]);
        });
        for (const std::uint32_t d : list) {
            const std::uint32_t household = dwellings.household[d];
            const double wanted = a.improved_m2_per_person * world.households.size[household] - dwellings.area_m2(d);
            if (wanted <= 0 || left <= 0) break;
            const double gain = std::min(wanted, left);
            left -= gain;
            constexpr double unit_m2 = 0.1;  // of area_dm2_100
            dwellings.area_dm2_100[d] =
                static_cast<std::uint16_t>(std::min(65000.0, dwellings.area_dm2_100[d] + std::floor(gain / unit_m2)));
            world.households.flags[household] |= household_flag::improved;
        }
    }
}

void materialise(const Model& model, World& world, std::uint32_t s) {
    SpacesState& spaces = world.spaces;
    const Space& space = model.district.spaces[s];
    const Use& use = model.district.catalogue.uses[spaces.use[s]];
    spaces.opened[s] = world.month.index;
    spaces.facility[s] = no_row;
    spaces.facility_count[s] = 0;
    spaces.premises[s] = no_row;
    spaces.premises_count[s] = 0;
    spaces.public_dm2[s] = 0;
    spaces.refused_use[s] = no_use;
    if (use.demolish) demolish_homes(world, s);
    if (!leaves_blank(use)) {
        add_services(model, world, s, use);
        give_public_share(model, world, s, use);
        if (use.sector && posts_of(use, space.area_m2) > 0) add_floor_space(model, world, s, use);
        if (use.residential && use.residents_per_m2 > 0) add_homes(model, world, s, use);
    }
    book(model, world, s, use, 1);
    GovernanceState& governance = world.governance;
    const std::int64_t reduced = reduced_dm2(use, space);
    governance.reduced_dm2 += reduced;
    governance.tie_pool_dm2 += reduced;
    governance.added_dm2 += spaces.tie_dm2[s];
    // from now on the residents are in the count: the assessed effect is no longer a commitment
    governance.committed_milli_persons -= spaces.assessed_milli[s];
    governance.headroom_committed_persons = governance.committed_milli_persons / 1000;
    spaces.assessed_milli[s] = 0;
    const Clause clause = spaces.temporary[s]                 ? Clause::C3_7
                          : use.direction == Direction::other ? clause_named(use.other_clause)
                                                              : Clause::G4;
    record(world, s, spaces.stage[s], SpaceDecision::opened, no_agency, clause, spaces.cost_yuan[s]);
}

/// Notes how many of the use's target group within its distance are served at standard now (G3, C2.0): when the space
/// opens, one month and one year after.
void measure_reach(const Model& model, World& world, std::uint32_t s) {
    const auto& catalogue = model.district.catalogue;
    const ServiceId id = catalogue.uses[world.spaces.use[s]].service;
    const std::size_t nodes = model.district.network.nodes();
    const ServicesState& services = world.services;
    if (!id || !services.cache.plan || services.served_permille.size() != catalogue.services.size() * nodes) return;
    const Service& service = catalogue.services[id.value];
    const auto group = static_cast<std::size_t>(service.group);
    const ReachList& list = services.cache.plan->reach->of(static_cast<std::uint16_t>(model.district.spaces[s].node.value));
    constexpr std::int64_t whole = 1000;
    std::int64_t people = 0, served = 0;
    const std::size_t size = list.within_dm(static_cast<std::uint32_t>(service.distance_m * 10));
    for (std::size_t i = 0; i < size; ++i) {
        const std::int64_t members = services.members[group * nodes + list.node[i]];
        people += members * whole;
        served += members * services.served_permille[id.value * nodes + list.node[i]];
    }
    record(world, s, world.spaces.stage[s], SpaceDecision::measured, no_agency, Clause::C2_0, 0, static_cast<std::uint32_t>(served / whole),
           static_cast<std::uint32_t>((people - served) / whole));
}

/// Facilities whose operator has gone: public ones get another operator, private ones stand closed until somebody comes.
void renew_operators(const Model& model, World& world) {
    SpacesState& spaces = world.spaces;
    auto& facilities = world.services.facilities;
    for (std::uint32_t s = 0; s < spaces.rows(); ++s) {
        if (!is_open(world, s) || spaces.premises_count[s] == 0 || spaces.facility_count[s] == 0) continue;
        const Use& use = model.district.catalogue.uses[spaces.use[s]];
        const std::uint32_t premises = spaces.premises[s];
        if (world.premises.business[premises] != no_row) {
            const Sector& sector = model.district.catalogue.sectors[world.businesses.sector[world.premises.business[premises]]];
            for (std::uint32_t i = 0; i < spaces.facility_count[s]; ++i) {
                const std::uint32_t facility = spaces.facility[s] + i;
                // a business whose sector provides the service has opened its own
                if (facilities.open[facility] || sector.service.value == facilities.service[facility]) continue;
                facilities.open[facility] = 1;
                facilities.business[facility] = world.premises.business[premises];
                if (facilities.service[facility] < world.services.facilities_changed.size())
                    world.services.facilities_changed[facilities.service[facility]] = 1;
            }
            continue;
        }
        if (use.public_funded && world.premises.vacant(premises)) {
            place_operator(model, world, s, use, premises, origin(world, s, use, 0));
            continue;
        }
        if (use.public_funded) continue;
        for (std::uint32_t i = 0; i < spaces.facility_count[s]; ++i) {
            const std::uint32_t facility = spaces.facility[s] + i;
            if (!facilities.open[facility]) continue;
            close_facility(world, facility);
            facilities.business[facility] = no_row;
        }
    }
}

}  // namespace

Direction direction_of(const Use& use) { return use.direction; }

void open_space(const Model& model, World& world, std::uint32_t space) {
    materialise(model, world, space);
    const Use& use = model.district.catalogue.uses[world.spaces.use[space]];
    if (use.residential && use.residents_per_m2 <= 0) improve_courtyards(model, world, {space});
}

void close_space(const Model& model, World& world, std::uint32_t s, Clause clause) {
    SpacesState& spaces = world.spaces;
    const Use& use = model.district.catalogue.uses[spaces.use[s]];
    for (std::uint32_t i = 0; i < spaces.premises_count[s]; ++i) {
        const std::uint32_t row = spaces.premises[s] + i;
        if (world.premises.business[row] != no_row) {
            world.flows.add(Flow::business_exits, world.premises.block[row]);
            close_business(model, world, world.premises.business[row]);
        }
        world.premises.state[row] = PremisesState::closed;
    }
    for (std::uint32_t i = 0; i < spaces.facility_count[s]; ++i) {
        if (world.services.facilities.open[spaces.facility[s] + i]) close_facility(world, spaces.facility[s] + i);
    }
    book(model, world, s, use, -1);
    record(world, s, spaces.stage[s], SpaceDecision::closed, no_agency, clause);
    spaces.public_dm2[s] = 0;
    spaces.facility[s] = no_row;
    spaces.facility_count[s] = 0;
    spaces.premises[s] = no_row;
    spaces.premises_count[s] = 0;
    spaces.tie_dm2[s] = 0;  // what was added stays booked as added
    end_plan(model, world, s, world.month.index);
}

void init_spaces(const Model& model, World& world) {
    SpacesState& spaces = world.spaces;
    const std::size_t n = model.district.spaces.size();
    spaces = SpacesState{};
    spaces.columns([&](auto& column) { column.resize(n); });
    spaces.opened_dm2.assign(directions * model.district.blocks.size(), 0);
    for (std::uint32_t s = 0; s < n; ++s) {
        const Space& space = model.district.spaces[s];
        spaces.luck[s] = Hash().text(space.code).value();
        spaces.stage[s] = SpaceStage::occupied;
        spaces.use[s] = no_use;
        spaces.refused_use[s] = no_use;
        spaces.facility[s] = no_row;
        spaces.premises[s] = no_row;
        spaces.agency[s] = responsible_agency(model.district, space, false, model.levers(world.month));
        Month vacated = space.vacated;
        for (const Decision& decision : model.scenario.decisions) {
            if (decision.vacated && decision.space == space.code) vacated = *decision.vacated;
        }
        spaces.vacated[s] = vacated.index;
        if (world.month - vacated > 0) {
            spaces.stage[s] = SpaceStage::vacant;
            spaces.entered[s] = vacated.index;
        }
        const bool known_open =
            model.scenario.use_history && space.known_use && space.known_opening.index > 0 && world.month - space.known_opening > 0;
        if (spaces.stage[s] == SpaceStage::vacant && known_open) {
            spaces.use[s] = static_cast<std::uint8_t>(space.known_use.value);
            spaces.fixed[s] = 1;
            spaces.route[s] = static_cast<std::uint8_t>(route_of(space, model.levers(world.month)));
            spaces.decider[s] = decider_of(model, world, s);
            spaces.stage[s] = SpaceStage::open;
            open_space(model, world, s);
        }
    }
}

void vacate(const Model& model, World& world) {
    SpacesState& spaces = world.spaces;
    if (!model.levers(world.month).on(Clause::G6)) return;  // nothing is cleared: what stands there goes on
    std::vector<std::uint32_t> due;
    for (std::uint32_t s = 0; s < spaces.rows(); ++s) {
        const bool comes = spaces.stage[s] == SpaceStage::occupied && spaces.vacated[s] <= world.month.index;
        if (comes && !surrendered_by_application(model, world, s)) due.push_back(s);
    }
    const std::vector<std::uint32_t> ended = answer_calls(model, world);
    due.insert(due.end(), ended.begin(), ended.end());
    std::sort(due.begin(), due.end());
    if (due.empty()) return;
    Displacement displacement(model, world, due);
    for (const std::uint32_t s : due) {
        spaces.stage[s] = SpaceStage::vacant;
        spaces.vacated[s] = world.month.index;  // later than foreseen where clearing was suspended (G6)
        spaces.entered[s] = world.month.index;
        spaces.ready[s] = static_cast<std::int16_t>(world.month.index + 1);  // plans are made for empty space
        const bool applied = spaces.call[s] != LeaseCall::none;
        record(world, s, SpaceStage::vacant, SpaceDecision::vacated, spaces.agency[s], applied ? Clause::C3_4 : Clause::G6);
        displacement.empty(s);
        if (!applied) displace_households(model, world, s);
    }
}

void open_spaces(const Model& model, World& world) {
    SpacesState& spaces = world.spaces;
    std::vector<std::uint32_t> courtyards;
    for (std::uint32_t s = 0; s < spaces.rows(); ++s) {
        const SpaceStage stage = spaces.stage[s];
        if (stage < SpaceStage::open) continue;
        if (is_open(world, s)) {
            constexpr int soon = 1, year = 12;
            const int since = world.month.index - spaces.opened[s];
            if ((since == soon || since == year) && spaces.opened[s] >= model.scenario.run.start.index) measure_reach(model, world, s);
            const bool planned_starts = spaces.temporary[s] && model.district.spaces[s].planned_start.index <= world.month.index;
            const bool user_ends = spaces.fixed[s] == 2 && !decision_on(model, world, s);
            if (planned_starts || user_ends) close_space(model, world, s, planned_starts ? Clause::C3_7 : Clause::W4);
            continue;
        }
        materialise(model, world, s);
        measure_reach(model, world, s);
        const Use& use = model.district.catalogue.uses[spaces.use[s]];
        if (use.residential && use.residents_per_m2 <= 0) courtyards.push_back(s);
    }
    improve_courtyards(model, world, courtyards);
    renew_operators(model, world);
}

}  // namespace hutong
