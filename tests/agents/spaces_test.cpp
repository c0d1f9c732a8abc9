#include "agents/spaces.h"

#include <gtest/gtest.h>
#include <algorithm>
#include <set>

#include "agents/businesses.h"
#include "agents/workflow.h"
#include "scenarios/purposes.h"
#include "tests/agents/spaces_world.h"

namespace hutong {
namespace {

constexpr std::size_t many = 120;

void fix_use(SpacesWorld& w, const char* use) {
    for (const Space& space : w.district.spaces) w.scenario.decisions.push_back({.space = space.code, .use = use});
}

TEST(Spaces, OpenedAreaAddsUpByDirection) {
    SpacesWorld w(many);
    for (int m = 0; m < 150; ++m) {
        w.step();
        const auto problems = audit_spaces(w.model, w.world);
        ASSERT_TRUE(problems.empty()) << w.world.month.text() << ": " << problems.front();
    }
    std::int64_t booked = 0, open = 0;
    for (const auto dm2 : w.world.spaces.opened_dm2) booked += dm2;
    for (std::uint32_t s = 0; s < many; ++s) open += w.world.spaces.opened[s] != 0 ? area_dm2(w.space(s).area_m2) : 0;
    EXPECT_EQ(booked, open);
    EXPECT_GT(open, 0);
}

TEST(Spaces, TheAuditSeesBrokenBooks) {
    SpacesWorld w(many);
    w.run(80);
    ASSERT_TRUE(audit_spaces(w.model, w.world).empty());
    World broken = w.world;
    broken.spaces.opened_dm2[3] += 1;
    EXPECT_FALSE(audit_spaces(w.model, broken).empty());
    broken = w.world;
    broken.governance.capital_year_yuan = 1LL << 50;
    EXPECT_FALSE(audit_spaces(w.model, broken).empty());
    broken = w.world;
    broken.governance.tie_pool_dm2 = -1;
    EXPECT_FALSE(audit_spaces(w.model, broken).empty());
    broken = w.world;
    const auto open = std::find_if(broken.spaces.opened.begin(), broken.spaces.opened.end(), [](auto month) { return month != 0; });
    broken.spaces.use[open - broken.spaces.opened.begin()] = no_use;
    EXPECT_FALSE(audit_spaces(w.model, broken).empty());
}

TEST(Spaces, VacatedSpaceIsEmptied) {
    SpacesWorld w(1, {}, [](Space& s, std::size_t) { s.vacated = Month::of(2017, 9); });
    const auto node = static_cast<std::uint16_t>(w.space(0).node.value);
    const auto block = static_cast<std::uint8_t>(w.district.block_of(w.space(0).node).value);
    const std::uint32_t premises = add_premises(w.world, 1, node, block, PremisesUse::market, 150, 0, 255);
    add_business(w.world, 2, 0, premises, w.world.month, Funding::private_capital, 0);
    w.run(2);
    EXPECT_EQ(w.world.spaces.stage[0], SpaceStage::occupied);
    EXPECT_EQ(w.world.premises.state[premises], PremisesState::on_market);
    EXPECT_FALSE(in_vacated_space(w.world, premises));  // a stall of a market that trades: no rewards of P5
    w.step();
    EXPECT_EQ(w.world.spaces.stage[0], SpaceStage::vacant);
    EXPECT_TRUE(in_vacated_space(w.world, premises));
    EXPECT_EQ(w.world.premises.state[premises], PremisesState::closed);
    EXPECT_EQ(w.world.premises.business[premises], no_row);
}

TEST(Spaces, AKindergartenBringsPlacesPostsAndAnOperatorUnderC44) {
    SpacesWorld w(1, {}, [](Space& s, std::size_t) {
        s.category = SpaceCategory::residential;
        s.owner = OwnerType::district;
        s.area_m2 = 1000;
        s.vacated = Month::of(2017, 1);
    });
    fix_use(w, "kindergarten");
    w.run(60);
    ASSERT_NE(w.world.spaces.opened[0], 0);
    ASSERT_EQ(w.world.spaces.facility_count[0], 1);
    const std::uint32_t facility = w.world.spaces.facility[0];
    EXPECT_EQ(w.world.services.facilities.capacity_milli[facility], 90000);  // 0.09 places a m2
    const std::uint32_t business = w.world.premises.business[w.world.spaces.premises[0]];
    ASSERT_NE(business, no_row);
    EXPECT_EQ(w.world.services.facilities.business[facility], business);
    EXPECT_EQ(w.world.businesses.posts[business], 16U);  // 1000 / 62
    EXPECT_EQ(w.world.businesses.funding[business], Funding::livelihood_project);
    EXPECT_TRUE(w.world.businesses.flags[business] & business_flag::in_reused_space);
    EXPECT_EQ(w.world.spaces.cost_yuan[0], 4500000);
    // an operator that goes is followed by another
    remove_business(w.world, business);
    w.step();
    EXPECT_NE(w.world.premises.business[w.world.spaces.premises[0]], no_row);
}

TEST(Spaces, WithoutItsClauseAConvenienceUseIsASingleShop) {
    for (const bool clause : {true, false}) {
        SpacesWorld w(
            1, [clause](Scenario& s) { clause ? void() : SpacesWorld::off(s, Clause::C3_5); },
            [](Space& s, std::size_t) {
                s.category = SpaceCategory::residential;
                s.owner = OwnerType::private_owner;
                s.area_m2 = 300;
                s.vacated = Month::of(2017, 1);
            });
        fix_use(w, "fresh_food_shop");
        w.run(60);
        ASSERT_NE(w.world.spaces.opened[0], 0);
        const std::uint32_t shop = w.world.premises.business[w.world.spaces.premises[0]];
        ASSERT_NE(shop, no_row);
        EXPECT_EQ((w.world.businesses.flags[shop] & business_flag::chain) != 0, clause);
    }
}

TEST(Spaces, AMenuComplexBringsItsServicesUnderOneOperatorAndClosesThemWithIt) {
    SpacesWorld w(1, {}, [](Space& s, std::size_t) {
        s.category = SpaceCategory::residential;
        s.owner = OwnerType::private_owner;
        s.area_m2 = 1200;
        s.vacated = Month::of(2017, 1);
    });
    fix_use(w, "menu_complex");
    w.run(60);
    ASSERT_NE(w.world.spaces.opened[0], 0);
    const Use& use = w.district.catalogue.uses[w.use("menu_complex").value];
    EXPECT_EQ(use.operated_by, OperatedBy::chain);
    const auto& facilities = w.world.services.facilities;
    const std::uint32_t first = w.world.spaces.facility[0], count = w.world.spaces.facility_count[0];
    ASSERT_EQ(count, 1 + use.also.size());
    ASSERT_GE(count, 5U) << "a menu";
    ASSERT_EQ(w.world.spaces.premises_count[0], 1U);
    const std::uint32_t premises = w.world.spaces.premises[0], operator_row = w.world.premises.business[premises];
    ASSERT_NE(operator_row, no_row);
    EXPECT_TRUE(w.world.businesses.flags[operator_row] & business_flag::chain);
    EXPECT_EQ(w.world.businesses.posts[operator_row], 50U);  // 1200 / 24
    std::set<std::uint8_t> services;
    for (std::uint32_t i = 0; i < count; ++i) {
        services.insert(facilities.service[first + i]);
        EXPECT_EQ(facilities.business[first + i], operator_row) << "one operator runs them all";
        EXPECT_TRUE(facilities.open[first + i]);
        if (i > 0) {  // each service of the menu has its part of the floor
            const Service& service = w.district.catalogue.services[facilities.service[first + i]];
            EXPECT_NEAR(static_cast<double>(facilities.capacity_milli[first + i]) / 1000, 1200.0 / count * service.capacity_per_m2, 0.01);
        }
    }
    EXPECT_EQ(services.size(), count);
    // Nobody pays for another operator: what it ran stands closed until somebody takes the premises.
    remove_business(w.world, operator_row);
    w.step();
    for (std::uint32_t i = 0; i < count; ++i) EXPECT_FALSE(facilities.open[first + i]);
    const std::uint32_t next =
        add_business(w.world, 4711, static_cast<std::uint8_t>(use.sector.value), premises, w.world.month, Funding::private_capital, 0);
    w.step();
    for (std::uint32_t i = 0; i < count; ++i) {
        EXPECT_TRUE(facilities.open[first + i]);
        EXPECT_EQ(facilities.business[first + i], next);
    }
}

TEST(Spaces, TemporaryUseEndsWhenThePlannedOneStarts) {
    auto make = [](Space& s, std::size_t) {
        s.category = SpaceCategory::temporary;
        s.form = SpaceForm::land;
        s.owner = OwnerType::district;
        s.area_m2 = 5000;
        s.vacated = Month::of(2017, 1);
    };
    auto prepare = [&](bool lever) {
        auto w = std::make_unique<SpacesWorld>(
            1, [&](Scenario& s) { SpacesWorld::lever(s, "allocation.temporary_use", lever); }, make);
        w->district.spaces[0].planned_use = w->use("park");
        w->district.spaces[0].planned_start = Month::of(2021, 1);
        return w;
    };
    auto w = prepare(true);
    w->run(30);
    ASSERT_EQ(w->world.spaces.stage[0], SpaceStage::temporary_open);
    EXPECT_TRUE(w->district.catalogue.uses[w->world.spaces.use[0]].temporary);
    w->run(18);
    EXPECT_NE(w->world.spaces.stage[0], SpaceStage::temporary_open);
    w->run(100);
    EXPECT_EQ(w->world.spaces.use[0], w->use("park").value);
    EXPECT_EQ(w->world.spaces.stage[0], SpaceStage::open);
    EXPECT_GE(w->world.spaces.opened[0], Month::of(2021, 1).index);
    const auto closed = std::count_if(w->world.spaces.events.begin(), w->world.spaces.events.end(), [](const SpaceEvent& e) {
        return e.decision == SpaceDecision::closed && e.clause == static_cast<std::uint16_t>(Clause::C3_7);
    });
    EXPECT_EQ(closed, 1);
    auto without = prepare(false);
    without->run(30);
    EXPECT_EQ(without->world.spaces.stage[0], SpaceStage::left_blank);
}

TEST(Spaces, LargeProjectGivesAPublicShare) {
    auto given = [](double share, bool clause) {
        SpacesWorld w(
            1,
            [&](Scenario& s) {
                SpacesWorld::lever(s, "allocation.public_share", share);
                if (!clause) SpacesWorld::off(s, Clause::P1);
            },
            [](Space& s, std::size_t) {
                s.owner = OwnerType::private_owner;
                s.area_m2 = 9000;
                s.vacated = Month::of(2017, 1);
            });
        fix_use(w, "office_technology");
        w.run(100);
        EXPECT_NE(w.world.spaces.opened[0], 0);
        EXPECT_TRUE(audit_spaces(w.model, w.world).empty());
        return w.world.spaces.public_dm2[0];
    };
    EXPECT_EQ(given(0.2, true), 180000);
    EXPECT_EQ(given(0.0, true), 0);
    EXPECT_EQ(given(0.2, false), 0);
}

TEST(Spaces, OfficesAreUnitsOnTheMarketReservedForTheirSector) {
    SpacesWorld w(
        1, [](Scenario& s) { SpacesWorld::lever(s, "allocation.public_share", 0.0); },
        [](Space& s, std::size_t) {
            s.owner = OwnerType::private_owner;
            s.area_m2 = 9000;
            s.vacated = Month::of(2017, 1);
        });
    fix_use(w, "office_finance");
    w.run(100);
    ASSERT_NE(w.world.spaces.opened[0], 0);
    EXPECT_GT(w.world.spaces.premises_count[0], 1U);
    double area = 0;
    for (std::uint32_t i = 0; i < w.world.spaces.premises_count[0]; ++i) {
        const std::uint32_t row = w.world.spaces.premises[0] + i;
        EXPECT_EQ(w.world.premises.only_sector[row], w.district.catalogue.sector("finance").value);
        area += w.world.premises.area_m2(row);
    }
    EXPECT_NEAR(area, 9000, 5);
}

/// A courtyard of direct-managed public housing (C3.4): three leases are surrendered, one household of the same courtyard stays.
struct Courtyard : SpacesWorld {
    explicit Courtyard(SpaceForm form, const char* code)
        : SpacesWorld(1, {}, [form](Space& s, std::size_t) {
              s.category = SpaceCategory::public_housing;
              s.form = form;
              s.owner = OwnerType::direct_managed;
              s.area_m2 = 300;
              s.vacated = Month::of(2017, 9);
          }) {
        const auto node = static_cast<std::uint16_t>(space(0).node.value);
        const auto block = static_cast<std::uint8_t>(district.block_of(space(0).node).value);
        world.housing.space_dwelling_first = {0, 0};
        for (std::uint32_t i = 0; i < 4; ++i) {
            const bool stays = i == 3;
            const std::uint32_t home =
                add_dwelling(world, 10 + i, node, block, DwellingType::courtyard, Tenure::public_housing, 12, stays ? no_row : 0);
            const std::uint32_t household = add_household(world, 20 + i, home, world.month, 2, 0, 0);
            add_person(world, household, {.luck = std::uint64_t{30} + i, .birth = Month::of(1970, 1), .role = Role::head});
            if (stays) continue;
            world.housing.space_dwellings.push_back(home);
            ++world.housing.space_dwelling_first[1];
        }
        fix_use(*this, code);
    }
};

TEST(Spaces, HouseholdsOfRecoveredHomesMustMove) {
    Courtyard w(SpaceForm::courtyard_partial, "courtyard_homes");
    w.run(2);
    EXPECT_EQ(w.world.flows.total(Flow::households_displaced), 0);
    w.step();
    EXPECT_EQ(w.world.flows.total(Flow::surrendered_leases), 0) << "before the calls begin nobody is asked";
    EXPECT_EQ(w.world.flows.total(Flow::households_displaced), 3);
    for (std::uint32_t h = 0; h < 4; ++h) EXPECT_EQ((w.world.households.flags[h] & household_flag::must_move) != 0, h < 3);
    for (std::uint32_t d = 0; d < 3; ++d) EXPECT_EQ(w.world.dwellings.state[d], DwellingState::cleared);
    for (std::uint32_t h = 0; h < 3; ++h) remove_household(w.world, h);  // they found homes elsewhere: step 7 is not run here
    w.run(60);
    ASSERT_NE(w.world.spaces.opened[0], 0);
    for (std::uint32_t d = 0; d < 3; ++d) EXPECT_EQ(w.world.dwellings.state[d], DwellingState::merged) << "part of the neighbour's";
    EXPECT_GT(w.world.dwellings.area_m2(3), 12) << "a larger home for who stays";
    EXPECT_TRUE(w.world.households.flags[3] & household_flag::improved);
}

TEST(Spaces, OnlyACompleteCourtyardIsFreedForServices) {
    const auto verdict = [](SpaceForm form) {
        Courtyard w(form, "community_service");
        return permitted(w.space(0), w.use("community_service"), w.district, w.scenario.policy.at(Month::of(2018, 1)));
    };
    EXPECT_TRUE(verdict(SpaceForm::courtyard_complete).allowed());
    EXPECT_FALSE(verdict(SpaceForm::courtyard_partial).allowed());
    EXPECT_EQ(verdict(SpaceForm::courtyard_partial).clause, Clause::C3_4);
    Courtyard w(SpaceForm::courtyard_complete, "community_service");
    w.run(3);
    for (std::uint32_t h = 0; h < 3; ++h) remove_household(w.world, h);
    w.run(60);
    ASSERT_NE(w.world.spaces.opened[0], 0);
    ASSERT_GE(w.world.spaces.facility_count[0], 1);
    EXPECT_TRUE(w.world.services.facilities.open[w.world.spaces.facility[0]]);
    for (std::uint32_t d = 0; d < 3; ++d) {
        EXPECT_EQ(w.world.dwellings.state[d], DwellingState::cleared);
        EXPECT_EQ(w.world.dwellings.household[d], no_row);
    }
}

TEST(Spaces, HomesClearedWithABuildingThatGoesAreDemolished) {
    const auto demolished = [](const char* code) {
        SpacesWorld w(1, {}, [](Space& s, std::size_t) {
            s.category = SpaceCategory::residential;
            s.owner = OwnerType::district;
            s.area_m2 = 400;
            s.vacated = Month::of(2017, 9);
        });
        w.world.housing.space_dwelling_first = {0, 2};
        for (std::uint32_t i = 0; i < 2; ++i) {
            w.world.housing.space_dwellings.push_back(add_dwelling(w.world, 10 + i, static_cast<std::uint16_t>(w.space(0).node.value),
                                                                   static_cast<std::uint8_t>(w.district.block_of(w.space(0).node).value),
                                                                   DwellingType::simple, Tenure::private_rent, 20, 0));
        }
        fix_use(w, code);
        w.run(60);
        EXPECT_NE(w.world.spaces.opened[0], 0) << code;
        return std::count(w.world.dwellings.state.begin(), w.world.dwellings.state.end(), DwellingState::demolished);
    };
    EXPECT_EQ(demolished("demolish_to_green"), 2);
    EXPECT_EQ(demolished("culture_room"), 0);
}

TEST(Spaces, CourtyardHomesGoToThoseWithLeastRoom) {
    SpacesWorld w(1, {}, [](Space& s, std::size_t) {
        s.category = SpaceCategory::public_housing;
        s.form = SpaceForm::courtyard_partial;
        s.owner = OwnerType::direct_managed;
        s.area_m2 = 30;
        s.vacated = Month::of(2017, 1);
    });
    const auto node = static_cast<std::uint16_t>(w.space(0).node.value);
    const auto block = static_cast<std::uint8_t>(w.district.block_of(w.space(0).node).value);
    std::vector<std::uint32_t> homes;
    for (int i = 0; i < 4; ++i) {
        const std::uint32_t home =
            add_dwelling(w.world, 10 + i, node, block, DwellingType::courtyard, Tenure::public_housing, 5 + 5 * i, no_row);
        const std::uint32_t household = add_household(w.world, 20 + i, home, w.world.month, 2, 0, 0);
        add_person(w.world, household, {.luck = static_cast<std::uint64_t>(30 + i), .birth = Month::of(1970, 1), .role = Role::head});
        homes.push_back(home);
    }
    fix_use(w, "courtyard_homes");
    w.run(60);
    ASSERT_NE(w.world.spaces.opened[0], 0);
    EXPECT_NEAR(w.world.dwellings.area_m2(homes[0]), 20, 0.2);  // 15 m2 of the 30
    EXPECT_NEAR(w.world.dwellings.area_m2(homes[1]), 20, 0.2);  // 10
    EXPECT_NEAR(w.world.dwellings.area_m2(homes[2]), 20, 0.2);  // 5: all given
    EXPECT_NEAR(w.world.dwellings.area_m2(homes[3]), 20, 0.2);
    EXPECT_TRUE(w.world.households.flags[w.world.dwellings.household[homes[0]]] & household_flag::improved);
    EXPECT_FALSE(w.world.households.flags[w.world.dwellings.household[homes[3]]] & household_flag::improved);
    EXPECT_EQ(w.world.dwellings.rows(), 4U);  // houses nobody new
}

TEST(Spaces, HomesToLetAppearOnlyInTheExperiment) {
    auto homes = [](bool experiment) {
        SpacesWorld w(1, {}, [](Space& s, std::size_t) {
            s.owner = OwnerType::private_owner;
            s.area_m2 = 900;
            s.vacated = Month::of(2017, 1);
        });
        w.scenario.decisions.push_back({.space = "s0", .use = "residential_rental", .experiment = experiment});
        w.run(60);
        return w.world.dwellings.rows();
    };
    EXPECT_EQ(homes(false), 0U);
    EXPECT_EQ(homes(true), 20U);  // 900 / 45
}

TEST(Spaces, ADecisionMovesTheVacatingAndHoldsForItsPeriod) {
    SpacesWorld w(
        1,
        [](Scenario& s) {
            s.decisions.push_back({.space = "s0", .use = "", .vacated = Month::of(2018, 3)});
            s.decisions.push_back({.space = "s0", .use = "parking_surface", .from = Month::of(2018, 6), .until = Month::of(2022, 1)});
        },
        [](Space& s, std::size_t) {
            s.category = SpaceCategory::corner_land;
            s.form = SpaceForm::land;
            s.owner = OwnerType::district;
            s.area_m2 = 900;
        });
    w.run(8);
    EXPECT_EQ(w.world.spaces.stage[0], SpaceStage::occupied);
    w.run(2);
    EXPECT_EQ(w.world.spaces.stage[0], SpaceStage::vacant);
    w.run(38);
    EXPECT_EQ(w.world.spaces.use[0], w.use("parking_surface").value);
    EXPECT_NE(w.world.spaces.opened[0], 0);
    w.run(12);
    EXPECT_NE(w.world.spaces.use[0], w.use("parking_surface").value);
    EXPECT_TRUE(audit_spaces(w.model, w.world).empty());
}

TEST(Spaces, HistoryOpensInItsMonthAndCanBeDropped) {
    auto run = [](bool history) {
        SpacesWorld w(
            1, [&](Scenario& s) { s.use_history = history; },
            [](Space& s, std::size_t) {
                s.area_m2 = 9000;
                s.vacated = Month::of(2017, 9);
                s.known_use = UseId(7);
                s.known_opening = Month::of(2019, 2);
            });
        w.run(30);
        return std::pair(w.world.spaces.opened[0], w.world.spaces.use[0]);
    };
    EXPECT_EQ(run(true), std::pair(Month::of(2019, 2).index, std::uint8_t{7}));
    EXPECT_NE(run(false).first, Month::of(2019, 2).index);
}

}  // namespace
}  // namespace hutong
