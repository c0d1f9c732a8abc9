#include "agents/surrender.h"

#include <cmath>

#include <gtest/gtest.h>

#include "agents/workflow.h"
#include "spaces_world.h"
#include "tiny_world.h"

namespace hutong {
namespace {

constexpr double home_m2 = 20;

/// One courtyard with many leases whose call begins in the first month.
struct CalledCourtyard : SpacesWorld {
    explicit CalledCourtyard(std::uint32_t leases, const std::function<void(Scenario&)>& change = {}, std::uint64_t seed = 1)
        : SpacesWorld(
              1,
              [&](Scenario& s) {
                  s.assumptions.homes.surrender_from = "2017-01";
                  SpacesWorld::lever(s, "money.surrender_budget_yuan", 1e11);
                  if (change) change(s);
              },
              [leases](Space& s, std::size_t) {
                  s.category = SpaceCategory::public_housing;
                  s.form = SpaceForm::courtyard_complete;
                  s.owner = OwnerType::direct_managed;
                  s.area_m2 = leases * home_m2;
                  s.vacated = Month::of(2017, 9);
              },
              seed) {
        const auto node = static_cast<std::uint16_t>(space(0).node.value);
        const auto block = static_cast<std::uint8_t>(district.block_of(space(0).node).value);
        world.month = Month::of(2017, 9);
        world.housing.space_dwelling_first = {0, leases};
        world.housing.rent_yuan_m2_month.assign(district.blocks.size() * dwelling_types, 100);
        for (std::uint32_t i = 0; i < leases; ++i) {
            const std::uint32_t home =
                add_dwelling(world, luck_key(10, i), node, block, DwellingType::courtyard, Tenure::public_housing, home_m2, 0);
            const std::uint32_t household =
                add_household(world, luck_key(20, i, seed), home, world.month - static_cast<int>(i % 300), 2, 0, 0);
            world.households.satisfaction[household] = static_cast<std::int16_t>(i % 1000);
            const std::uint32_t members = 1 + i % 3;
            for (std::uint32_t m = 0; m < members; ++m)
                add_person(world, household,
                           {.luck = luck_key(30, i, m),
                            .birth = Month::of(1940 + static_cast<int>(i % 60), 1),
                            .role = m == 0 ? Role::head : Role::other});
            world.housing.space_dwellings.push_back(home);
        }
    }
    /// Step 1 alone; those who gave up their leases found homes elsewhere.
    void call_month() {
        world.flows.reset(static_cast<std::uint32_t>(district.blocks.size()));
        vacate(model, world);
        for (std::uint32_t h = 0; h < world.households.rows(); ++h) {
            if (world.households.alive(h) && (world.households.flags[h] & household_flag::must_move)) remove_household(world, h);
        }
        ++world.month;
    }
    std::int64_t surrendered(int months) {
        std::int64_t sum = 0;
        for (int i = 0; i < months; ++i) {
            call_month();
            sum += world.flows.total(Flow::surrendered_leases);
        }
        return sum;
    }
};

TEST(Surrender, ApplicantsAreAsManyAsTheLogitSays) {
    CalledCourtyard w(6000);
    double expected = 0, variance = 0, least = 1, most = 0;
    for (std::uint32_t h = 0; h < w.world.households.rows(); ++h) {
        const double p = application_probability(w.model, w.world, h, 0);
        expected += p;
        variance += p * (1 - p);
        least = std::min(least, p);
        most = std::max(most, p);
    }
    EXPECT_LT(least * 4, most) << "households differ";
    w.call_month();
    const auto applied = static_cast<double>(w.world.flows.total(Flow::surrender_applications));
    EXPECT_NEAR(applied, expected, 4 * std::sqrt(variance));
    EXPECT_EQ(w.world.flows.total(Flow::surrendered_leases), w.world.flows.total(Flow::surrender_applications));
}

TEST(Surrender, TheProbabilityIsTheFormulaOfThePage) {
    CalledCourtyard w(10, [](Scenario& s) { s.assumptions.homes.surrender_taste_spread = 0; });
    const HomesAssumptions& a = w.scenario.assumptions.homes;
    const std::uint32_t h = 2;  // three persons on 20 m2, head born in 1942, two months there
    double u = std::log(a.surrender_base / (1 - a.surrender_base));
    u += a.surrender_compensation_weight * 40000 / (100 * 12 * a.surrender_price_rent_years);
    u += a.surrender_crowding_weight * (1 - home_m2 / 3 / a.crowded_below_m2);
    u += a.surrender_services_weight * (1 - 0.002) - a.surrender_old_weight - a.surrender_years_weight * 2 / 120.0;
    EXPECT_NEAR(application_probability(w.model, w.world, h, 0), 1 / (1 + std::exp(-u)), 1e-9);
    w.model.neutral.set(static_cast<std::size_t>(Behaviour::surrender));
    EXPECT_EQ(application_probability(w.model, w.world, h, 0), a.surrender_base);
}

TEST(Surrender, MoreCompensationMoreSurrendersAndWithoutItTheBaseOnly) {
    const auto surrenders = [](double yuan, bool indifferent = false) {
        return CalledCourtyard(3000,
                               [&](Scenario& s) {
                                   SpacesWorld::lever(s, "money.surrender_yuan_per_m2", yuan);
                                   if (!indifferent) return;
                                   auto& a = s.assumptions.homes;
                                   a.surrender_crowding_weight = a.surrender_services_weight = a.surrender_old_weight = 0;
                                   a.surrender_years_weight = a.surrender_taste_spread = 0;
                               })
            .surrendered(6);
    };
    const auto none = surrenders(0), middle = surrenders(40000), much = surrenders(80000);
    EXPECT_LT(none, middle);
    EXPECT_LT(middle, much);
    const double base = HomesAssumptions{}.surrender_base, p = 1 - std::pow(1 - base, 6);
    EXPECT_NEAR(static_cast<double>(surrenders(0, true)), 3000 * p, 4 * std::sqrt(3000 * p * (1 - p)));
}

TEST(Surrender, WithoutTheClauseNobodyIsCalled) {
    CalledCourtyard w(500, [](Scenario& s) { SpacesWorld::off(s, Clause::C3_4); });
    EXPECT_EQ(w.surrendered(40), 0);
    EXPECT_EQ(w.world.spaces.stage[0], SpaceStage::occupied);
    EXPECT_TRUE(w.world.spaces.events.empty());
}

TEST(Surrender, TheBudgetIsNeverExceededAndOthersWait) {
    const double budget = 12 * 3e6;  // a few homes of 800 000 yuan a month
    CalledCourtyard w(400, [budget](Scenario& s) { SpacesWorld::lever(s, "money.surrender_budget_yuan", budget); });
    std::int64_t year = 0, before = 0;
    bool waited = false;
    for (int i = 0; i < 30; ++i) {
        if (w.world.month.month_of_year() == 1) year = 0;
        w.call_month();
        year += w.world.governance.surrender_spent_yuan - before;
        before = w.world.governance.surrender_spent_yuan;
        EXPECT_LE(year, static_cast<std::int64_t>(budget));
        EXPECT_GE(w.world.governance.surrender_left_yuan, 0);
        EXPECT_EQ(w.world.spaces.compensation_yuan[0], before);
        waited = waited || w.world.flows.total(Flow::surrender_applications) > w.world.flows.total(Flow::surrendered_leases);
    }
    EXPECT_TRUE(waited);
    EXPECT_EQ(before, static_cast<std::int64_t>(w.world.spaces.leases_surrendered[0]) * 800000);
    EXPECT_GT(before, 0);
}

TEST(Surrender, OnlyWhenEveryLeaseIsGivenUpTheCourtyardIsComplete) {
    const auto base = [](double p) { return [p](Scenario& s) { s.assumptions.homes.surrender_base = p; }; };
    CalledCourtyard whole(6, base(1));
    whole.call_month();
    EXPECT_EQ(whole.world.spaces.call[0], LeaseCall::complete);
    EXPECT_EQ(whole.world.governance.courtyards_complete, 1);
    EXPECT_EQ(whole.world.spaces.stage[0], SpaceStage::vacant);
    EXPECT_TRUE(permitted_now(whole.model, whole.world, 0, whole.use("community_service")).allowed());

    CalledCourtyard part(60);
    for (int i = 0; i < 24; ++i) {
        part.call_month();
        ASSERT_EQ(part.world.spaces.stage[0], SpaceStage::occupied) << "some stay, and the call goes on";
    }
    part.call_month();
    ASSERT_EQ(part.world.spaces.call[0], LeaseCall::partial);
    EXPECT_EQ(part.world.governance.courtyards_complete, 0);
    EXPECT_EQ(part.world.spaces.stage[0], SpaceStage::vacant);
    EXPECT_FALSE(permitted_now(part.model, part.world, 0, part.use("community_service")).allowed());
    EXPECT_TRUE(permitted_now(part.model, part.world, 0, part.use("courtyard_homes")).allowed());
    // better and larger homes for those who stay, of the rooms given up and no more
    const auto area = [&] {
        double sum = 0;
        for (std::uint32_t d = 0; d < part.world.dwellings.rows(); ++d)
            sum += part.world.dwellings.state[d] == DwellingState::merged ? 0 : part.world.dwellings.area_m2(d);
        return sum;
    };
    const double before = area();
    part.world.spaces.use[0] = static_cast<std::uint8_t>(part.use("courtyard_homes").value);
    open_space(part.model, part.world, 0);
    int improved = 0;
    for (std::uint32_t d = 0; d < part.world.dwellings.rows(); ++d) {
        const std::uint32_t h = part.world.dwellings.household[d];
        improved += h != no_row && (part.world.households.flags[h] & household_flag::improved) ? 1 : 0;
    }
    EXPECT_GT(improved, 0);
    EXPECT_LE(area(), before + 0.1);
}

/// The drawn town with calls from the start: months, audit, and the state at the end.
std::uint64_t town_after(int threads, std::int64_t& surrendered) {
    Scenario given;
    given.assumptions.homes.surrender_from = "2017-01";
    TinyWorld town(3, threads, tiny_town_drawing, given);
    for (int i = 0; i < 30; ++i) {
        town.step();
        surrendered += town.world.flows.total(Flow::surrendered_leases);
        const auto problems = audit(town.model, town.world);
        EXPECT_TRUE(problems.empty()) << problems.front();
    }
    return hash(town.world);
}

TEST(Surrender, BooksHoldForThirtyMonthsAndThreadsChangeNothing) {
    std::int64_t one = 0, three = 0;
    EXPECT_EQ(town_after(1, one), town_after(3, three));
    EXPECT_EQ(one, three);
    EXPECT_GT(one, 0);
}

}  // namespace
}  // namespace hutong
