#include "agents/allocation.h"

#include <gtest/gtest.h>
#include <algorithm>

#include <rapidcheck.h>

#include "scenarios/purposes.h"
#include "tests/agents/spaces_world.h"

namespace hutong {
namespace {

/// Members of every group at every node, nobody served.
void populate(SpacesWorld& w, std::int32_t people) {
    const std::size_t nodes = w.district.network.nodes();
    w.world.services.members.assign(target_groups * nodes, people);
    w.world.services.served_permille.assign(w.district.catalogue.services.size() * nodes, 0);
}

std::vector<std::uint32_t> all_spaces(const SpacesWorld& w) {
    std::vector<std::uint32_t> spaces;
    for (std::uint32_t s = 0; s < w.world.spaces.rows(); ++s) spaces.push_back(s);
    return spaces;
}

void empty_out(SpacesWorld& w) {
    for (std::uint32_t s = 0; s < w.world.spaces.rows(); ++s) w.world.spaces.stage[s] = SpaceStage::vacant;
}

void services_only(Scenario& s) {
    for (const char* weight : {"green_weight", "convenience_weight", "high_end_weight", "cost_weight", "population_weight"})
        SpacesWorld::lever(s, std::string("allocation.") + weight, 0.0);
}

TEST(Allocation, NewlyServedIsShortfallCappedByCapacity) {
    SpacesWorld w(1);
    populate(w, 10);
    const std::size_t nodes = w.district.network.nodes();
    const ServiceId kindergarten = w.district.catalogue.service("kindergarten");
    const Service& service = w.district.catalogue.services[kindergarten.value];
    Allocation allocation(w.model, w.world);
    Reach reach(w.district.network);
    const auto found = reach.from(w.space(0).node).within_m(service.distance_m);
    const double members = 10.0 * static_cast<double>(found.size());
    EXPECT_NEAR(allocation.newly_served(kindergarten, w.space(0).node, 1e9), members, 1e-3);
    EXPECT_NEAR(allocation.newly_served(kindergarten, w.space(0).node, 9.8), 9.8 / service.standard_per_member, 1e-6);
    std::fill_n(w.world.services.served_permille.begin() + kindergarten.value * nodes, nodes, 600);
    EXPECT_NEAR(Allocation(w.model, w.world).newly_served(kindergarten, w.space(0).node, 1e9), 0.4 * members, 1e-2);
}

TEST(Allocation, ShortfallDecides) {
    SpacesWorld w(1, services_only, [](Space& s, std::size_t) {
        s.category = SpaceCategory::residential;
        s.owner = OwnerType::district;
        s.area_m2 = 900;
        s.vacated = Month::of(2017, 1);
    });
    populate(w, 300);
    const std::size_t nodes = w.district.network.nodes();
    auto& served = w.world.services.served_permille;
    std::fill(served.begin(), served.end(), 1000);
    const auto verdicts = permitted(w.space(0), w.district, w.model.levers(w.world.month));
    for (const char* code : {"kindergarten", "elderly_station", "library"}) {
        const Use& use = w.district.catalogue.uses[w.use(code).value];
        auto one_short = served;
        w.world.services.served_permille = one_short;
        std::fill_n(w.world.services.served_permille.begin() + use.service.value * nodes, nodes, 0);
        const UseId best = Allocation(w.model, w.world).best(0, verdicts, 1, 1LL << 50);
        ASSERT_TRUE(best);
        EXPECT_EQ(w.district.catalogue.uses[best.value].service, use.service) << code;
        w.world.services.served_permille = one_short;
    }
    // with nothing short, or with C2.0 removed, shortfall cannot decide
    SpacesWorld::off(w.scenario, Clause::C2_0);
    std::fill(served.begin(), served.end(), 0);
    EXPECT_EQ(Allocation(w.model, w.world).score(0, w.use("kindergarten"), verdicts[w.use("kindergarten").value]).service, 0);
}

TEST(Allocation, NoHeadroomNoPositiveEffect) {
    SpacesWorld w(40);
    populate(w, 10);
    empty_out(w);
    for (const std::int64_t headroom : {std::int64_t{-5}, std::int64_t{0}, std::int64_t{1000}}) {
        const auto choices = Allocation(w.model, w.world).central(all_spaces(w), 1LL << 50, headroom, 40);
        ASSERT_FALSE(choices.empty());
        std::int64_t positive = 0;
        for (const auto& choice : choices)
            positive += assessed_milli_persons(w.district.catalogue.uses[choice.use.value], w.space(choice.space).area_m2) > 0 ? 1 : 0;
        EXPECT_EQ(positive > 0, headroom > 0) << headroom;
    }
    SpacesWorld::off(w.scenario, Clause::C4_1);
    std::int64_t positive = 0;
    for (const auto& choice : Allocation(w.model, w.world).central(all_spaces(w), 1LL << 50, 0, 40))
        positive += assessed_milli_persons(w.district.catalogue.uses[choice.use.value], w.space(choice.space).area_m2) > 0 ? 1 : 0;
    EXPECT_GT(positive, 0);
}

TEST(Allocation, CentralStaysWithinMoneyNumberAndLaw) {
    rc::check([] {
        SpacesWorld w(25);
        populate(w, *rc::gen::inRange(0, 40));
        empty_out(w);
        const std::int64_t budget = *rc::gen::inRange<std::int64_t>(0, 400000000);
        const auto most = static_cast<std::size_t>(*rc::gen::inRange(0, 30));
        const auto choices = Allocation(w.model, w.world).central(all_spaces(w), budget, 100, most);
        RC_ASSERT(choices.size() <= most);
        std::int64_t spent = 0;
        std::vector<int> times(25, 0);
        for (const auto& choice : choices) {
            RC_ASSERT(++times[choice.space] == 1);
            const Space& space = w.space(choice.space);
            spent += district_yuan(w.district.catalogue.uses[choice.use.value], space.owner, space.area_m2, false,
                                   w.model.levers(w.world.month));
            RC_ASSERT(permitted(space, choice.use, w.district, w.model.levers(w.world.month)).allowed());
        }
        RC_ASSERT(spent <= budget);
    });
}

TEST(Allocation, CentralDoesNotCoverTheSameNeedTwice) {
    // two spaces at one node, one need: the second choice must look for another
    SpacesWorld w(2, services_only, [](Space& s, std::size_t) {
        s.category = SpaceCategory::residential;
        s.owner = OwnerType::district;
        s.area_m2 = 900;
        s.vacated = Month::of(2017, 1);
    });
    w.district.spaces[1].node = w.district.spaces[0].node;
    populate(w, 2);
    empty_out(w);
    const auto choices = Allocation(w.model, w.world).central({0, 1}, 1LL << 50, 100, 2);
    ASSERT_EQ(choices.size(), 2U);
    EXPECT_NE(choices[0].use, choices[1].use);
    Allocation alone(w.model, w.world);
    const auto verdicts = permitted(w.space(1), w.district, w.model.levers(w.world.month));
    EXPECT_EQ(alone.best(1, verdicts, 100, 1LL << 50), choices[0].use);  // each by itself would have taken the same
}

TEST(Allocation, CentralCoversMoreThanFirstCome) {
    auto plan = [](bool central, std::int32_t people) {
        SpacesWorld w(30, services_only, [](Space& s, std::size_t i) {
            s.category = SpaceCategory::residential;
            s.owner = OwnerType::district;
            s.area_m2 = 300 + 40 * static_cast<double>(i);
            s.vacated = Month::of(2017, 1);
        });
        populate(w, people);
        empty_out(w);
        constexpr std::int64_t budget = 20000000;
        double total = 0;
        Allocation allocation(w.model, w.world);
        if (central) {
            for (const auto& choice : allocation.central(all_spaces(w), budget, 100, 30)) total += choice.total;
            return total;
        }
        std::int64_t left = budget;
        auto spaces = all_spaces(w);
        std::sort(spaces.begin(), spaces.end(), [&](auto l, auto r) { return w.world.spaces.luck[l] < w.world.spaces.luck[r]; });
        for (const std::uint32_t s : spaces) {
            const auto verdicts = permitted(w.space(s), w.district, w.model.levers(w.world.month));
            const UseId use = allocation.best(s, verdicts, 100, left);
            if (!use) continue;
            total += allocation.score(s, use, verdicts[use.value]).total;
            left -= district_yuan(w.district.catalogue.uses[use.value], OwnerType::district, w.space(s).area_m2, false,
                                  w.model.levers(w.world.month));
            allocation.take(s, use);
        }
        return total;
    };
    double central = 0, first_come = 0;
    for (const std::int32_t people : {2, 4, 8, 20, 60}) {
        EXPECT_GE(plan(true, people), plan(false, people)) << people;
        central += plan(true, people);
        first_come += plan(false, people);
    }
    EXPECT_GT(central, first_come);
}

TEST(Allocation, NeutralLooksAtNothing) {
    SpacesWorld w(10);
    empty_out(w);
    populate(w, 0);
    std::vector<UseId> before;
    auto uses = [&] {
        std::vector<UseId> all;
        for (std::uint32_t s = 0; s < 10; ++s)
            all.push_back(any_use(w.model, w.world, s, permitted(w.space(s), w.district, w.model.levers(w.world.month))));
        return all;
    };
    before = uses();
    populate(w, 50);
    EXPECT_EQ(uses(), before);
}

}  // namespace
}  // namespace hutong
