// Responses 3, 5 and 14 of the model with their placebos, in the drawn town: wiring and sign, not evidence of credibility.
// Draws are common to both worlds of a pair (same seed), so a difference comes from what was changed alone.

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "agents/stocks.h"
#include "tests/agents/tiny_world.h"

namespace hutong {
namespace {

constexpr int window = 36;  // months

/// Dwelling and household, by luck.
using Tenancies = std::set<std::pair<std::uint64_t, std::uint64_t>>;

template <class Which>
Tenancies tenancies(const World& world, const Which& which) {
    Tenancies found;
    for (std::uint32_t h = 0; h < world.households.rows(); ++h) {
        if (world.households.alive(h) && which(h))
            found.insert({world.dwellings.luck[world.households.dwelling[h]], world.households.luck[h]});
    }
    return found;
}

/// How many of them have ended.
std::int64_t left(const World& world, const Tenancies& before) {
    const Tenancies now = tenancies(world, [](std::uint32_t) { return true; });
    return std::count_if(before.begin(), before.end(), [&](const auto& tenancy) { return now.count(tenancy) == 0; });
}

/// Homes and services respond, nobody is born, ages out of the model or changes work.
void live(TinyWorld& tiny, bool services) {
    for (int month = 0; month < window; ++month) {
        tiny.world.flows.reset(static_cast<std::uint32_t>(tiny.district.blocks.size()));
        update_homes(tiny.model, tiny.world);
        if (services) update_services(tiny.model, tiny.world);
        ++tiny.world.month;
    }
}

/// Households in public courtyard homes that leave in the window; `improved`: their courtyard was improved at its start.
std::int64_t courtyard_leavers(double improved_factor, bool improved) {
    std::int64_t gone = 0;
    for (std::uint64_t seed = 1; seed <= test_seeds; ++seed) {
        Scenario given;
        given.assumptions.homes.move_public_per_year = 0.4;  // often enough to be seen in a small town
        given.assumptions.homes.improved_factor = improved_factor;
        TinyWorld tiny(seed, 1, tiny_town_drawing, given);
        World& world = tiny.world;
        const auto in_courtyard = [&](std::uint32_t h) {
            const std::uint32_t d = world.households.dwelling[h];
            return world.dwellings.type[d] == DwellingType::courtyard && world.dwellings.tenure[d] == Tenure::public_housing;
        };
        const Tenancies before = tenancies(world, in_courtyard);
        for (std::uint32_t h = 0; h < world.households.rows(); ++h) {
            if (improved && world.households.alive(h) && in_courtyard(h)) world.households.flags[h] |= household_flag::improved;
        }
        live(tiny, false);
        gone += left(world, before);
    }
    return gone;
}

TEST(HomesResponse, CourtyardImprovementKeepsTheHouseholdsThatStay) {  // 14
    const double declared = HomesAssumptions{}.improved_factor;
    const std::int64_t base = courtyard_leavers(declared, false), improved = courtyard_leavers(declared, true);
    EXPECT_GT(base, 100);
    EXPECT_LT(static_cast<double>(improved), 0.9 * static_cast<double>(base));
    EXPECT_EQ(courtyard_leavers(1.0, true), courtyard_leavers(1.0, false));  // placebo: without the factor nothing changes
}

/// Households with a child under six that leave their home in the window, in a town without kindergartens or with a large one at
/// every third node.
std::int64_t young_families_leaving(double dissatisfaction, double service_weight, bool kindergartens, std::int64_t* opened = nullptr) {
    std::int64_t gone = 0;
    for (std::uint64_t seed = 1; seed <= test_seeds; ++seed) {
        Scenario given;
        given.assumptions.homes.dissatisfaction_factor = dissatisfaction;
        given.assumptions.homes.service_weight = service_weight;
        given.assumptions.homes.move_owned_per_year = 0.2;
        given.assumptions.homes.most_moving_factor = 20;
        TinyWorld tiny(seed, 1, tiny_town_drawing, given);
        World& world = tiny.world;
        const ServiceId service = tiny.district.catalogue.service("kindergarten");
        for (std::uint32_t f = 0; f < world.services.facilities.rows(); ++f) {
            if (world.services.facilities.service[f] == service.value) close_facility(world, f);
        }
        const Tenancies before = tenancies(world, [&](std::uint32_t h) {
            for (std::uint32_t m = world.households.first_member[h]; m != no_row; m = world.people.next_member[m]) {
                if (world.month - Month{world.people.birth_month[m]} < 6 * 12) return true;
            }
            return false;
        });
        constexpr std::uint16_t apart = 3;
        for (std::uint16_t node = 0; kindergartens && node < tiny.district.network.nodes();
             node = static_cast<std::uint16_t>(node + apart)) {
            add_facility(world, luck_key(seed, node), static_cast<std::uint8_t>(service.value), node, 500, 0, no_row, no_row, false);
            if (opened) ++*opened;
        }
        live(tiny, true);
        gone += left(world, before);
    }
    return gone;
}

TEST(HomesResponse, KindergartensWhereTheyAreShortKeepYoungFamilies) {  // 3
    std::int64_t opened = 0;
    const std::int64_t without = young_families_leaving(5, HomesAssumptions{}.service_weight, false);
    const std::int64_t with = young_families_leaving(5, HomesAssumptions{}.service_weight, true, &opened);
    EXPECT_GE(opened, 20);
    EXPECT_GT(without, 20);
    EXPECT_LT(with, without);
    EXPECT_EQ(young_families_leaving(0, 0, true), young_families_leaving(0, 0, false));  // placebo
}

struct Reuse {
    std::int64_t residents = 0;  ///< at the end, all seeds
    std::int64_t in_space = 0;   ///< of them in homes of the space
};

/// A space turned into homes to let: as an experiment, lawfully (where it is refused), or not asked for at all.
Reuse homes_to_let(bool asked, bool experiment) {
    Reuse sum;
    for (std::uint64_t seed = 1; seed <= test_seeds; ++seed) {
        Scenario given;
        given.assumptions.homes.arrivals_per_year = 600;  // a town that people would come to
        TinyWorld tiny(seed, 1, tiny_town_drawing, given);
        std::uint32_t chosen = no_row;
        for (std::uint32_t s = 0; s < tiny.district.spaces.size() && chosen == no_row; ++s) {
            const Space& space = tiny.district.spaces[s];
            if (space.form == SpaceForm::floor_above && space.category != SpaceCategory::public_housing &&
                space.vacated < Month::of(2018, 1))
                chosen = s;
        }
        EXPECT_NE(chosen, no_row);
        const std::size_t dwellings = tiny.world.dwellings.rows();
        if (asked)
            tiny.scenario.decisions.push_back(
                {.space = tiny.district.spaces[chosen].code, .use = "residential_rental", .experiment = experiment});
        for (int month = 0; month < 96; ++month) tiny.step();
        sum.residents += static_cast<std::int64_t>(tiny.world.people.count());
        for (std::size_t d = dwellings; d < tiny.world.dwellings.rows(); ++d) {
            const std::uint32_t household = tiny.world.dwellings.household[d];
            if (household != no_row) sum.in_space += tiny.world.households.size[household];
        }
    }
    return sum;
}

TEST(HomesResponse, OnlyTheExperimentHousesPeopleInVacatedSpace) {  // 5
    const Reuse base = homes_to_let(false, false), lawful = homes_to_let(true, false), experiment = homes_to_let(true, true);
    EXPECT_EQ(base.in_space, 0);
    EXPECT_EQ(lawful.in_space, 0);  // C4.2 is absolute
    EXPECT_GT(experiment.in_space, 0);
    EXPECT_GT(experiment.residents, base.residents);
}

}  // namespace
}  // namespace hutong
