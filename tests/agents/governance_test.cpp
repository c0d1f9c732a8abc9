#include "agents/governance.h"

#include <gtest/gtest.h>
#include <algorithm>

#include "agents/workflow.h"
#include "tests/agents/spaces_world.h"

namespace hutong {
namespace {

constexpr std::size_t many = 120;

TEST(Governance, EverySpaceHasOneDepartment) {
    SpacesWorld w(many);
    const auto names = agency_names(w.district);
    for (std::uint32_t s = 0; s < many; ++s) {
        ASSERT_LT(w.world.spaces.agency[s], names.size());
        EXPECT_FALSE(names[w.world.spaces.agency[s]].zh.empty());
    }
    Space space = w.space(0);
    const Levers levers;
    space.owner = OwnerType::private_owner;
    space.category = SpaceCategory::industrial;
    space.area_m2 = 5000;
    EXPECT_EQ(names[responsible_agency(w.district, space, false, levers)].zh, "区产业发展局");
    space.area_m2 = 500;
    EXPECT_GE(responsible_agency(w.district, space, false, levers), bodies);
    space.category = SpaceCategory::heritage;
    EXPECT_EQ(names[responsible_agency(w.district, space, false, levers)].zh, "区文化委");
    space.owner = OwnerType::district_soe;
    EXPECT_EQ(names[responsible_agency(w.district, space, false, levers)].zh, "区国资委");
    EXPECT_EQ(names[responsible_agency(w.district, space, true, levers)].zh, "区文化委");
}

TEST(Governance, EveryStageIsAnEvent) {
    SpacesWorld w(many);
    w.run(120);
    ASSERT_GT(w.opened(), many / 3);
    std::vector<int> last(many, 0), events(many, 0);
    std::vector<SpaceStage> stage(many, SpaceStage::occupied);
    for (const SpaceEvent& e : w.world.spaces.events) {
        EXPECT_GE(e.month, last[e.space]);
        EXPECT_GT(e.clause, 0);
        last[e.space] = e.month;
        ++events[e.space];
    }
    for (std::uint32_t s = 0; s < many; ++s) {
        if (w.world.spaces.opened[s] != 0) {
            EXPECT_GE(events[s], 5) << w.space(s).code;
        }
    }
}

TEST(Governance, DurationsDifferBySizeAndOwner) {
    SpacesWorld w(many);
    w.run(2);
    auto mean = [&](OwnerType owner, Route route, SpaceStage stage) {
        double sum = 0;
        for (std::uint32_t s = 0; s < many; ++s) {
            w.district.spaces[s].owner = owner;
            w.world.spaces.route[s] = static_cast<std::uint8_t>(route);
            w.world.spaces.use[s] = static_cast<std::uint8_t>(w.use("culture_room").value);
            sum += stage_months(w.model, w.world, s, stage);
        }
        return sum / many;
    };
    const double small = mean(OwnerType::district, Route::scattered, SpaceStage::proposal);
    const double large = mean(OwnerType::district, Route::key, SpaceStage::proposal);
    const double military = mean(OwnerType::military, Route::key, SpaceStage::proposal);
    EXPECT_GT(large, 1.5 * small);
    EXPECT_GT(military, 1.4 * large);
    EXPECT_GT(mean(OwnerType::district, Route::key, SpaceStage::works), mean(OwnerType::district, Route::scattered, SpaceStage::works));
}

TEST(Governance, DurationsHaveTheirDeclaredMean) {
    SpacesWorld w(4000, {}, [](Space& s, std::size_t) { s.owner = OwnerType::district_soe; });  // factor 1
    double sum = 0;
    for (std::uint32_t s = 0; s < 4000; ++s) {
        w.world.spaces.use[s] = static_cast<std::uint8_t>(w.use("culture_room").value);
        w.world.spaces.route[s] = 0;
        sum += stage_months(w.model, w.world, s, SpaceStage::proposal);
    }
    const auto& a = w.scenario.assumptions.governance;
    const double spread = a.duration_spread;
    const double expected =
        a.months_proposal_small * (1 + spread * spread / 2 + spread * spread * spread * spread / 8);  // mean of a lognormal
    EXPECT_NEAR(sum / 4000, expected, 0.1);
}

TEST(Governance, GreenChannelShortensPlanListed) {
    auto months = [](double share, bool listed) {
        SpacesWorld w(many, [&](Scenario& s) {
            SpacesWorld::lever(s, "governance.green_channel", share);
            SpacesWorld::lever(s, "governance.capacity_factor", 10.0);
            SpacesWorld::lever(s, "money.capital_budget_yuan", 1e11);
        });
        w.run(90);
        return w.months_to_opening([&](std::uint32_t s) { return (w.world.spaces.in_plan[s] != 0) == listed; });
    };
    EXPECT_LT(months(0.6, true), months(0.0, true));
    // its placebo: nothing but the plan-listed stages change
    SpacesWorld w(many);
    w.run(2);
    int same = 0, shorter = 0;
    for (std::uint32_t s = 0; s < many; ++s) {
        w.world.spaces.use[s] = static_cast<std::uint8_t>(w.use("culture_room").value);
        w.world.spaces.route[s] = 1;
        w.world.spaces.in_plan[s] = 0;
        const int out = stage_months(w.model, w.world, s, SpaceStage::procurement);
        w.world.spaces.in_plan[s] = 1;
        const int in = stage_months(w.model, w.world, s, SpaceStage::procurement);
        EXPECT_LE(in, out);
        in < out ? ++shorter : ++same;
        EXPECT_EQ(stage_months(w.model, w.world, s, SpaceStage::works), [&] {
            w.world.spaces.in_plan[s] = 0;
            return stage_months(w.model, w.world, s, SpaceStage::works);
        }());
    }
    EXPECT_GT(shorter, 0);
}

TEST(Governance, QueueGrowsBelowArrivals) {
    auto waiting = [](double factor) {
        SpacesWorld w(many, [&](Scenario& s) { SpacesWorld::lever(s, "governance.capacity_factor", factor); });
        w.run(40);
        std::uint32_t sum = 0;
        for (const auto n : w.world.governance.queue_length) sum += n;
        return sum;
    };
    EXPECT_GT(waiting(0.1), waiting(1.0) + 10);
    SpacesWorld free(many);
    free.model.neutral.set(static_cast<std::size_t>(Behaviour::departments));
    free.run(40);
    const auto& sent_back = free.world.governance.sent_back;
    EXPECT_TRUE(std::all_of(sent_back.begin(), sent_back.end(), [](auto n) { return n == 0; }));
}

TEST(Governance, QueueIsOrderedByLegacyPlanSubmissionAndLuck) {
    auto order = [](bool legacy_first) {
        SpacesWorld w(
            40,
            [&](Scenario& s) {
                SpacesWorld::lever(s, "governance.legacy_first", legacy_first);
                s.assumptions.governance.capacity_planning_and_land = 1;
                s.assumptions.governance.months_consultation_large = 0;
                SpacesWorld::lever(s, "governance.coordination", 1.0);  // nobody is sent back
            },
            [](Space& s, std::size_t i) {
                s.category = SpaceCategory::industrial;
                s.area_m2 = 4000;
                s.owner = OwnerType::private_owner;
                s.vacated = Month::of(2017, 1);
                s.legacy = i % 8 == 0;
            });
        // all plans reach consultation together
        for (std::uint32_t s = 0; s < 40; ++s) {
            start_plan(w.model, w.world, s, w.use("office_research"), 0, Decider::decided, Verdict{});
            w.world.spaces.in_plan[s] = 1;
            w.world.spaces.submitted[s] = w.world.month.index;
            enter(w.model, w.world, s, SpaceStage::consultation);
            w.world.spaces.ready[s] = w.world.month.index;
        }
        w.run(12);
        std::vector<std::uint32_t> handled;
        for (const SpaceEvent& e : w.world.spaces.events) {
            if (e.stage == SpaceStage::consultation && e.decision == SpaceDecision::approved) handled.push_back(e.space);
        }
        return std::pair(handled, std::vector<std::uint64_t>(w.world.spaces.luck));
    };
    const auto [with, luck] = order(true);
    ASSERT_EQ(with.size(), 12U);  // one a month
    for (std::size_t i = 0; i < with.size(); ++i) {
        EXPECT_EQ(with[i] % 8 == 0, i < 5) << i;  // the five legacy projects first
        if (i != 0 && i != 5) {
            EXPECT_LT(luck[with[i - 1]], luck[with[i]]);
        }
    }
    const auto [without, same] = order(false);
    for (std::size_t i = 1; i < without.size(); ++i) EXPECT_LT(same[without[i - 1]], same[without[i]]);
}

TEST(Governance, JointMeetingSitsWithItsAgenda) {
    SpacesWorld w(2, [](Scenario& s) {
        SpacesWorld::lever(s, "governance.sittings_per_quarter", std::int64_t{1});
        SpacesWorld::lever(s, "governance.agenda_per_sitting", std::int64_t{7});
    });
    int sittings = 0;
    for (int m = 0; m < 12; ++m) {
        const auto cases = capacity_of(w.model, static_cast<std::uint8_t>(Body::joint_meeting), Month::of(2018, 1) + m);
        EXPECT_TRUE(cases == 0 || cases == 7);
        sittings += cases > 0 ? 1 : 0;
    }
    EXPECT_EQ(sittings, 4);
    auto key_opening = [](std::int64_t agenda) {
        SpacesWorld v(many, [&](Scenario& s) { SpacesWorld::lever(s, "governance.agenda_per_sitting", agenda); });
        v.run(100);
        return v.months_to_opening([&](std::uint32_t s) { return v.world.spaces.route[s] != 0; });
    };
    EXPECT_GT(key_opening(1), key_opening(20));
}

TEST(Governance, BudgetIsNeverExceeded) {
    for (const double budget : {0.0, 2e6, 5e7}) {
        SpacesWorld w(many, [&](Scenario& s) { SpacesWorld::lever(s, "money.capital_budget_yuan", budget); });
        std::int64_t before = 0, year = 0;
        for (int m = 0; m < 120; ++m) {
            if (w.world.month.month_of_year() == 1) year = 0;
            w.step();
            year += w.world.governance.capital_spent_yuan - before;
            before = w.world.governance.capital_spent_yuan;
            ASSERT_LE(year, static_cast<std::int64_t>(budget));
            ASSERT_GE(w.world.governance.capital_left_yuan, 0);
        }
        EXPECT_EQ(before > 0, budget > 0);
    }
    auto months = [](double budget) {
        SpacesWorld w(many, [&](Scenario& s) { SpacesWorld::lever(s, "money.capital_budget_yuan", budget); });
        w.run(120);
        return w.opened();
    };
    EXPECT_LT(months(2e6), months(5e8));
}

TEST(Governance, AdditionWaitsForItsTie) {
    SpacesWorld w(2, {}, [](Space& s, std::size_t i) {
        s.category = i == 0 ? SpaceCategory::corner_land : SpaceCategory::residential;
        s.form = i == 0 ? SpaceForm::land : SpaceForm::floor_above;
        s.area_m2 = i == 0 ? 800 : 1700;
        s.owner = OwnerType::district;
        s.vacated = Month::of(2016, 1);
    });
    w.run(1);
    auto put = [&](std::uint32_t s, const char* use, SpaceStage stage) {
        start_plan(w.model, w.world, s, w.use(use), 2, Decider::decided, Verdict{});
        enter(w.model, w.world, s, stage);
    };
    // decisions of the user hold, so that nothing else is planned
    w.scenario.decisions = {{.space = "s0", .use = "parking_multilevel"}, {.space = "s1", .use = "demolish_to_green"}};
    put(0, "parking_multilevel", SpaceStage::agreement);
    w.world.spaces.stage[1] = SpaceStage::occupied;
    w.world.spaces.vacated[1] = Month::of(2019, 7).index;
    w.run(20);
    EXPECT_EQ(w.world.spaces.stage[0], SpaceStage::agreement);  // nothing was taken down yet
    w.run(80);
    EXPECT_NE(w.world.spaces.opened[1], 0);
    EXPECT_NE(w.world.spaces.opened[0], 0);
    EXPECT_GT(w.world.spaces.opened[0], w.world.spaces.opened[1]);
    EXPECT_EQ(w.world.governance.reduced_dm2, 170000);
    EXPECT_EQ(w.world.governance.added_dm2, 160000);
    EXPECT_EQ(w.world.governance.tie_pool_dm2, 10000);
}

TEST(Governance, RedLinePathIsLinearThenFlat) {
    SpacesWorld w(1);
    w.world.governance.start_persons = 1240000;
    EXPECT_EQ(red_line_path(w.model, w.world, Month::of(2017, 7)), 1240000);
    EXPECT_EQ(red_line_path(w.model, w.world, Month::of(2020, 12)), 1107000);
    EXPECT_EQ(red_line_path(w.model, w.world, Month::of(2030, 1)), 1107000);
    const auto middle = red_line_path(w.model, w.world, Month::of(2019, 3));
    EXPECT_NEAR(static_cast<double>(middle), 1240000 - 133000.0 * 20 / 41, 1);
}

TEST(Governance, OwnersAnswerToIncentives) {
    auto opened = [](const std::function<void(Scenario&)>& change, OwnerType owner) {
        auto ample = [&](Scenario& s) {
            SpacesWorld::lever(s, "governance.capacity_factor", 10.0);
            if (change) change(s);
        };
        SpacesWorld w(many, ample, [&](Space& s, std::size_t) {
            s.owner = owner;
            s.category = SpaceCategory::industrial;
            s.area_m2 = 900;
        });
        w.run(24);
        return w.opened();
    };
    EXPECT_GT(opened([](Scenario& s) { SpacesWorld::lever(s, "owners.self_upgrade_uptake", 4.0); }, OwnerType::private_owner),
              opened({}, OwnerType::private_owner));
    EXPECT_GT(opened([](Scenario& s) { SpacesWorld::lever(s, "money.tax_relief", 0.5); }, OwnerType::district_soe),
              opened([](Scenario& s) { SpacesWorld::lever(s, "money.tax_relief", 0.0); }, OwnerType::district_soe));
    EXPECT_GT(opened({}, OwnerType::private_owner), opened({}, OwnerType::military));
}

TEST(Governance, CoordinationLowersRework) {
    auto rework = [](double coordination) {
        SpacesWorld w(many, [&](Scenario& s) { SpacesWorld::lever(s, "governance.coordination", coordination); });
        w.run(80);
        std::uint32_t sum = 0;
        for (const auto n : w.world.governance.sent_back) sum += n;
        return sum;
    };
    EXPECT_GT(rework(0.0), rework(0.7) + 10);
    EXPECT_EQ(rework(1.0), 0U);
}

TEST(Governance, ClausesShapeThePath) {
    auto stages = [](Clause removed) {
        SpacesWorld w(40, [&](Scenario& s) {
            if (removed != Clause::none) SpacesWorld::off(s, removed);
            SpacesWorld::lever(s, "money.capital_budget_yuan", 1e11);
        });
        w.run(150);
        std::vector<int> count(space_stages, 0);
        for (const SpaceEvent& e : w.world.spaces.events) count[static_cast<int>(e.stage)] += e.decision == SpaceDecision::approved ? 1 : 0;
        return count;
    };
    auto at = [](const std::vector<int>& counts, SpaceStage stage) { return counts[static_cast<int>(stage)]; };
    const auto all = stages(Clause::none);
    for (const auto stage : {SpaceStage::residents_vote, SpaceStage::consultation, SpaceStage::review, SpaceStage::joint_meeting,
                             SpaceStage::district_government, SpaceStage::municipal_approval, SpaceStage::agreement,
                             SpaceStage::procurement, SpaceStage::acceptance}) {
        EXPECT_GT(at(all, stage), 0) << static_cast<int>(stage);
    }
    EXPECT_EQ(at(stages(Clause::C3_5), SpaceStage::residents_vote), 0);
    EXPECT_EQ(at(stages(Clause::M1), SpaceStage::joint_meeting), 0);
    EXPECT_EQ(at(stages(Clause::W2), SpaceStage::review), 0);
    EXPECT_EQ(at(stages(Clause::W3), SpaceStage::municipal_approval), 0);
    EXPECT_EQ(at(stages(Clause::C3_0), SpaceStage::acceptance), 0);
    EXPECT_EQ(at(stages(Clause::W1), SpaceStage::consultation), 0);
}

TEST(Governance, InspectionFindsMisuse) {
    auto found = [](double enforcement, bool active) {
        SpacesWorld w(1, [&](Scenario& s) { SpacesWorld::lever(s, "control.enforcement", enforcement); });
        if (!active) w.model.neutral.set(static_cast<std::size_t>(Behaviour::enforcement));
        for (std::uint32_t i = 0; i < 200; ++i) {
            const std::uint32_t premises =
                add_premises(w.world, i, static_cast<std::uint16_t>(w.space(0).node.value), 0, PremisesUse::shop, 50, no_row, 255);
            add_business(w.world, luck_key(7, i), 0, premises, w.world.month, Funding::private_capital,
                         i < 100 ? business_flag::unauthorised : 0);
        }
        std::int64_t n = 0;
        for (int m = 0; m < 12; ++m) {
            w.world.flows.reset(static_cast<std::uint32_t>(w.district.blocks.size()));
            inspect(w.model, w.world);
            n += w.world.flows.total(Flow::misuse_found);
            ++w.world.month;
        }
        EXPECT_EQ(w.world.businesses.count(), 200U - static_cast<std::size_t>(n));  // found is closed, and nobody else
        return n;
    };
    EXPECT_GT(found(1.0, true), 0);
    EXPECT_GT(found(4.0, true), found(1.0, true));
    EXPECT_EQ(found(0.0, true), 0);
    EXPECT_EQ(found(1.0, false), 0);
}

TEST(Governance, SameSeedSameFutureAndACopyContinues) {
    SpacesWorld one(many), two(many);
    one.run(60);
    two.run(30);
    World copy = two.world;
    two.run(30);
    EXPECT_EQ(hash(one.world), hash(two.world));
    SpacesWorld three(many);
    three.world = copy;
    three.run(30);
    EXPECT_EQ(hash(one.world), hash(three.world));
    SpacesWorld other(many, {}, {}, 2);
    other.run(60);
    EXPECT_NE(hash(one.world), hash(other.world));
}

}  // namespace
}  // namespace hutong
