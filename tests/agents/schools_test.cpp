// Primary school places: catchment, priority, distance, pupils from outside; registration for school as an event; and what a
// refusal does to moves, to the choice of a home, and through vacancy to rents. The drawn town has one primary school, in the
// right-hand sub-district.
#include "agents/schools.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "agents/homes.h"
#include "agents/homes_market.h"
#include "agents/residents.h"
#include "agents/stocks.h"
#include "core/exact_math.h"
#include "tests/agents/tiny_world.h"

namespace hutong {
namespace {

struct SchoolTown : TinyWorld {
    explicit SchoolTown(Scenario given = {}, std::uint64_t seed = 1) : TinyWorld(seed, 1, tiny_town_drawing, std::move(given)) {
        world.flows.reset(static_cast<std::uint32_t>(district.blocks.size()));
        // Nobody but the children of the test applies.
        for (Activity& activity : world.people.activity) {
            if (activity == Activity::primary || activity == Activity::pre_school || activity == Activity::infant)
                activity = Activity::junior;
        }
        const ServiceId service = district.catalogue.service("primary_school");
        for (std::uint32_t f = 0; f < world.services.facilities.rows(); ++f) {
            if (world.services.facilities.service[f] == service.value && !world.services.facilities.ring[f]) school = f;
        }
        node = NodeId(world.services.facilities.node[school]);
        with_school = subdistrict_of(node);
    }
    std::uint32_t subdistrict_of(NodeId at) const { return district.subdistrict_of(district.block_of(at)).value; }

    /// Places of one year's intake, before pupils from outside take theirs.
    void set_intake(double places) {
        const PeopleAssumptions& a = scenario.assumptions.people;
        world.services.facilities.capacity_milli[school] =
            static_cast<std::int64_t>(places * static_cast<double>(a.junior_age - a.primary_age) * 1000);
    }
    /// A household with a child at this node; returns the household.
    std::uint32_t add_child(NodeId at, Registration registration, Tenure tenure, Activity activity = Activity::primary, int years = 6) {
        const std::uint64_t luck = mix64(900000 + added++);
        const std::uint32_t home =
            add_dwelling(world, luck, static_cast<std::uint16_t>(at.value), static_cast<std::uint8_t>(district.block_of(at).value),
                         DwellingType::apartment, tenure, 60, no_row);
        const std::uint32_t household = add_household(world, mix64(luck), home, world.month, 2, 0, 0);
        add_person(world, household,
                   {.luck = luck + 1, .birth = world.month - 12 * 35, .activity = Activity::inactive, .role = Role::head});
        add_person(world, household,
                   {.luck = luck + 2, .birth = world.month - 12 * years - 3, .registration = registration, .activity = activity});
        return household;
    }
    bool refused(std::uint32_t household) const { return (world.households.flags[household] & household_flag::school_refused) != 0; }
    std::uint32_t child_of(std::uint32_t household) const {
        std::uint32_t p = world.households.first_member[household];
        while (world.people.role[p] == Role::head) p = world.people.next_member[p];
        return p;
    }

    std::uint32_t school = no_row, with_school = 0;
    NodeId node;
    std::uint64_t added = 0;
};

/// The nodes of homes in the sub-district of the school, the nearest to it first.
std::vector<NodeId> homes_by_distance(const SchoolTown& town, bool same_catchment) {
    Reach reach(town.district.network);
    std::vector<NodeId> nodes;
    for (const auto& found : reach.from(town.node).within_m(2000)) {
        if (!town.district.block_of(found.node) || found.node == town.node) continue;
        if ((town.subdistrict_of(found.node) == town.with_school) == same_catchment) nodes.push_back(found.node);
    }
    return nodes;
}

TEST(Schools, PlacesFollowCatchmentThenPriorityAndDistanceOnlyRanks) {
    Scenario given;
    given.assumptions.people.outside_pupil_share = 0;
    SchoolTown town(given);
    const auto inside = homes_by_distance(town, true), beyond = homes_by_distance(town, false);
    ASSERT_GT(inside.size(), 8U);
    const NodeId near = inside.front(), far = inside.back();
    // The worst placed by distance have the best claim, the best placed the worst.
    std::vector<std::uint32_t> owners, tenants, others, strangers;
    for (int i = 0; i < 10; ++i) owners.push_back(town.add_child(far, Registration::here, Tenure::owned));
    for (int i = 0; i < 5; ++i) tenants.push_back(town.add_child(far, Registration::here, Tenure::private_rent));
    for (int i = 0; i < 5; ++i) tenants.push_back(town.add_child(near, Registration::here, Tenure::private_rent));
    for (int i = 0; i < 10; ++i) others.push_back(town.add_child(near, Registration::beijing, Tenure::owned));
    for (int i = 0; i < 10; ++i) strangers.push_back(town.add_child(beyond.front(), Registration::here, Tenure::owned));
    town.set_intake(15);
    allot_school_places(town.model, town.world);
    for (const std::uint32_t household : owners) EXPECT_FALSE(town.refused(household)) << "registered, owned home";
    for (std::size_t i = 0; i < tenants.size(); ++i) EXPECT_EQ(town.refused(tenants[i]), i < 5) << "of one class the nearer get the rest";
    for (const std::uint32_t household : others) EXPECT_TRUE(town.refused(household)) << "not registered here";
    for (const std::uint32_t household : strangers) EXPECT_TRUE(town.refused(household)) << "another catchment, which has no school";
    EXPECT_EQ(town.world.flows.total(Flow::school_places_refused), 25);
    EXPECT_EQ(town.world.school_refused_permille[town.with_school], 500);  // 15 of 30
    EXPECT_EQ(town.world.school_refused_permille[1 - town.with_school], 1000);

    // Places for everybody: nobody is refused, and last year's refusals are over.
    town.set_intake(30);
    allot_school_places(town.model, town.world);
    for (const auto* list : {&owners, &tenants, &others}) {
        for (const std::uint32_t household : *list) EXPECT_FALSE(town.refused(household));
    }
    EXPECT_EQ(town.world.school_refused_permille[town.with_school], 0);
}

TEST(Schools, PupilsFromOutsideHoldTheirShareOfPlaces) {
    for (const auto& [share, refusals] : {std::pair{0.0, 0}, {0.25, 10}, {0.5, 20}}) {
        Scenario given;
        given.assumptions.people.outside_pupil_share = share;
        SchoolTown town(given);
        const NodeId home = homes_by_distance(town, true).front();
        for (int i = 0; i < 40; ++i) town.add_child(home, Registration::here, Tenure::owned);
        town.set_intake(40);
        allot_school_places(town.model, town.world);
        EXPECT_EQ(town.world.flows.total(Flow::school_places_refused), refusals) << share;
    }
}

TEST(Schools, OnlyThoseWhoEnterThisYearApply) {
    SchoolTown town;
    town.set_intake(0);
    const NodeId home = homes_by_distance(town, true).front();
    town.add_child(home, Registration::here, Tenure::owned, Activity::pre_school, 5);
    town.add_child(home, Registration::here, Tenure::owned, Activity::primary, 8);
    const std::uint32_t first_year = town.add_child(home, Registration::here, Tenure::owned);
    allot_school_places(town.model, town.world);
    EXPECT_EQ(town.world.flows.total(Flow::school_places_refused), 1);
    EXPECT_TRUE(town.refused(first_year));
}

TEST(Schools, RegistrationForSchoolIsAnEventOfTheMonthOfEntry) {
    constexpr int children = 400;
    const auto registered = [](double share, bool neutral, bool september, std::int64_t& refusals) {
        Scenario given;
        given.assumptions.people.registration_share = share;
        given.assumptions.people.outside_pupil_share = 0;
        SchoolTown town(given);
        if (neutral) town.neutral(Behaviour::registration);
        town.neutral(Behaviour::births);
        town.neutral(Behaviour::deaths);
        town.world.month = Month::of(2017, september ? 9 : 8);
        town.set_intake(children / 2);
        const NodeId home = homes_by_distance(town, true).front();
        std::vector<std::uint32_t> households;
        for (int i = 0; i < children; ++i)
            households.push_back(town.add_child(home, Registration::beijing, Tenure::owned, Activity::pre_school));
        update_people(town.model, town.world);
        refusals = 0;
        int here = 0;
        for (const std::uint32_t household : households) {
            const bool is_here = town.world.people.registration[town.child_of(household)] == Registration::here;
            here += is_here;
            refusals += town.refused(household) && is_here;  // of those registered in time
        }
        return here;
    };
    std::int64_t refused = 0;
    EXPECT_NEAR(registered(0.3, false, true, refused), 0.3 * children, 4 * std::sqrt(0.3 * 0.7 * children));
    EXPECT_EQ(refused, 0) << "who is registered in the same month comes before the others";
    EXPECT_EQ(registered(1.0, false, true, refused), children);
    EXPECT_EQ(refused, children / 2);
    EXPECT_EQ(registered(0.3, true, true, refused), 0);    // switched off
    EXPECT_EQ(registered(0.3, false, false, refused), 0);  // no school year begins
}

TEST(Schools, ARefusedPlaceMakesHouseholdsLookForAnotherHome) {
    const auto looking = [](double factor, bool refused) {
        Scenario given;
        given.assumptions.homes.school_refused_factor = factor;
        SchoolTown town(given);
        town.set_intake(refused ? 0 : 5000);
        for (const NodeId home : homes_by_distance(town, true)) {
            for (int i = 0; i < 150; ++i) town.add_child(home, Registration::here, Tenure::private_rent);
        }
        allot_school_places(town.model, town.world);
        double n = 0;
        for (int month = 0; month < 12; ++month) {
            for (const HomeSearch& search : households_searching(town.model, town.world))
                n += town.world.households.size[search.row] == 2 &&
                     town.world.people.activity[town.child_of(search.row)] == Activity::primary;
            ++town.world.month;
        }
        return n;
    };
    const double calm = looking(2, false), refused = looking(2, true);
    EXPECT_GT(calm, 100);
    EXPECT_GT(refused, 1.4 * calm);
    EXPECT_EQ(looking(1, true), looking(1, false));  // placebo
}

TEST(Schools, AMoveEndsTheRefusal) {
    SchoolTown town;
    town.set_intake(0);
    const NodeId home = homes_by_distance(town, true).front();
    std::vector<std::uint32_t> households;
    for (int i = 0; i < 40; ++i) households.push_back(town.add_child(home, Registration::here, Tenure::owned));
    allot_school_places(town.model, town.world);
    for (const std::uint32_t household : households) {
        ASSERT_TRUE(town.refused(household));
        town.world.households.flags[household] |= household_flag::must_move;
    }
    update_homes(town.model, town.world);
    int moved = 0;
    for (const std::uint32_t household : households) {
        if (!town.world.households.alive(household) || town.world.households.flags[household] & household_flag::must_move) continue;
        ++moved;
        EXPECT_FALSE(town.refused(household));
    }
    EXPECT_GT(moved, 0);
}

TEST(Schools, FamiliesWithYoungChildrenAvoidCatchmentsThatRefuseAndNobodyElse) {
    const auto inclusive = [](double weight, int refused, Family family) {
        Scenario given;
        given.assumptions.homes.school_weight = weight;
        SchoolTown town(given);
        town.neutral(Behaviour::rents);
        town.world.school_refused_permille.assign(town.district.subdistricts.size(), 0);
        town.world.school_refused_permille[town.with_school] = refused;
        const HomeChoice choice = prepare_home_choice(town.model, town.world);
        const auto segment = static_cast<std::size_t>(home_segment(2, family)), set = static_cast<std::size_t>(eligible_set(true, false));
        return std::pair{choice.inclusive[(segment * eligible_sets + set) * choice.subdistricts + town.with_school],
                         choice.inclusive[(segment * eligible_sets + set) * choice.subdistricts + 1 - town.with_school]};
    };
    const auto [there, elsewhere] = inclusive(1.5, 0, Family::young_child);
    const auto [refusing, other] = inclusive(1.5, 600, Family::young_child);
    ASSERT_GT(there, 0);
    const double nest = HomesAssumptions{}.nest_scale;
    EXPECT_NEAR(refusing / there, std::exp(-1.5 * 0.6 * nest), 1e-5);  // every weight of the catchment times exp(-weight x share)
    EXPECT_EQ(other, elsewhere);
    EXPECT_EQ(inclusive(0, 600, Family::young_child), inclusive(0, 0, Family::young_child));  // placebo
    EXPECT_EQ(inclusive(1.5, 600, Family::single), inclusive(1.5, 0, Family::single));
    EXPECT_EQ(inclusive(1.5, 600, Family::several), inclusive(1.5, 0, Family::several));
}

/// Rent of apartments in the catchment of the school over that of the other, after two years in which young families move
/// often and one catchment refuses (all or nobody).
double rent_ratio(double weight, bool refuses, std::uint64_t seed) {
    Scenario given;
    HomesAssumptions& a = given.assumptions.homes;
    a.school_weight = weight;
    a.move_private_rent_per_year = a.move_owned_per_year = 1.0;
    a.outside_odds_registered = a.outside_odds_floating = 0;
    a.campaign_out_per_year = a.campaign_out_registered_per_year = 0;
    SchoolTown town(given, seed);
    for (const Behaviour one : {Behaviour::births, Behaviour::deaths, Behaviour::couples, Behaviour::leaving_home, Behaviour::schooling,
                                Behaviour::arrivals, Behaviour::commuter_conversion})
        town.neutral(one);
    std::uint64_t luck = 0;
    for (const bool same : {true, false}) {
        const auto homes = homes_by_distance(town, same);
        constexpr int families_each = 400, vacant_each = 24;  // the same on either side
        for (int i = 0; i < families_each; ++i) {
            const NodeId at = homes[static_cast<std::size_t>(i) % homes.size()];
            town.add_child(at, Registration::here, Tenure::private_rent, Activity::pre_school, 4);
            if (i >= vacant_each) continue;
            add_dwelling(town.world, mix64(5000000 + luck++), static_cast<std::uint16_t>(at.value),
                         static_cast<std::uint8_t>(town.district.block_of(at).value), DwellingType::apartment, Tenure::private_rent, 60,
                         no_row);
        }
    }
    index_new_dwellings(town.world);
    town.world.school_refused_permille.assign(town.district.subdistricts.size(), 0);
    town.world.school_refused_permille[town.with_school] = refuses ? 1000 : 0;
    const auto rent = [&](bool same) {
        double sum = 0, n = 0;
        for (std::uint32_t b = 0; b < town.district.blocks.size(); ++b) {
            if ((town.district.blocks[b].subdistrict.value == town.with_school) != same) continue;
            sum += town.world.housing.rent_yuan_m2_month[b * dwelling_types + static_cast<std::size_t>(DwellingType::apartment)];
            ++n;
        }
        return sum / n;
    };
    for (int month = 0; month < 24; ++month) {
        town.world.flows.reset(static_cast<std::uint32_t>(town.district.blocks.size()));
        update_homes(town.model, town.world);
        ++town.world.month;
    }
    return rent(true) / rent(false);
}

TEST(Schools, RentsFollowTheFamiliesToTheCatchmentThatHasPlaces) {
    double lower = 0;
    for (std::uint64_t seed = 1; seed <= test_seeds; ++seed) {
        lower += rent_ratio(1.5, true, seed) / rent_ratio(1.5, false, seed) - 1;
        EXPECT_EQ(rent_ratio(0, true, seed), rent_ratio(0, false, seed)) << "placebo, seed " << seed;
    }
    EXPECT_LT(lower / test_seeds, -0.01);
    RecordProperty("mean_permille", static_cast<int>(1000 * lower / test_seeds));
}

}  // namespace
}  // namespace hutong
