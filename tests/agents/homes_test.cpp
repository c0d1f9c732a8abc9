#include "agents/homes.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "agents/stocks.h"
#include "core/exact_math.h"
#include "tests/agents/tiny_world.h"

namespace hutong {
namespace {

/// Many searches of one kind that compete for nothing: each sees the market as it is.
std::vector<HomeSearch> searches(const TinyWorld& tiny, std::size_t count, double outside_odds) {
    std::vector<HomeSearch> all;
    for (std::size_t i = 0; i < count; ++i) {
        HomeSearch search;
        search.luck = mix64(77000 + i);
        search.segment = static_cast<std::uint8_t>(home_segment(2, Family::several));
        search.set = static_cast<std::uint8_t>(eligible_set(true, false));
        search.origin = 0;
        search.outside_odds = outside_odds;
        all.push_back(search);
    }
    (void)tiny;
    return all;
}

/// Empties every second rented home so that there is something to choose.
void make_room(World& world) {
    for (std::uint32_t d = 0; d < world.dwellings.rows(); ++d) {
        if (world.dwellings.tenure[d] == Tenure::private_rent && world.dwellings.household[d] != no_row &&
            (world.dwellings.luck[d] & 1) != 0) {
            remove_household(world, world.dwellings.household[d]);
        }
    }
}

TEST(Homes, ChoiceFrequenciesFollowTheNestedLogit) {
    TinyWorld tiny;
    make_room(tiny.world);
    HomeChoice choice = prepare_home_choice(tiny.model, tiny.world);
    constexpr std::size_t count = 60000;
    const auto all = searches(tiny, count, 0.4);
    // The formula, from the cached weights: P(s) = W_s near_s / (sum + outside), P(b, c | s) = w / sum of w.
    const auto& a = tiny.model.assumptions().homes;
    const std::size_t segment = all[0].segment, set = all[0].set;
    std::map<std::pair<std::uint32_t, int>, double> expected;
    double total = 0, reference_near = 0;
    std::vector<double> level1(choice.subdistricts);
    for (std::uint32_t s = 0; s < choice.subdistricts; ++s) {
        level1[s] = choice.inclusive[(segment * eligible_sets + set) * choice.subdistricts + s] * choice.nearness[s];
        total += level1[s];
        reference_near += choice.nearness[s] / choice.subdistricts;
    }
    const double outside = 0.4 * tiny.world.housing.reference[segment * eligible_sets + set] * reference_near;
    total += outside;
    for (std::uint32_t s = 0; s < choice.subdistricts; ++s) {
        double sum = 0;
        for (const std::uint32_t b : choice.blocks_of[s]) {
            for (int c = 0; c < market_classes; ++c) {
                if (class_eligible(static_cast<int>(set), c))
                    sum += choice.weight[(segment * choice.blocks + b) * market_classes + static_cast<std::size_t>(c)];
            }
        }
        EXPECT_NEAR(exact_pow(sum, a.nest_scale) * choice.nearness[s], level1[s], 1e-6 * level1[s]);
        for (const std::uint32_t b : choice.blocks_of[s]) {
            for (int c = 0; c < market_classes; ++c) {
                const double w = choice.weight[(segment * choice.blocks + b) * market_classes + static_cast<std::size_t>(c)];
                if (w > 0 && class_eligible(static_cast<int>(set), c)) expected[{b, c}] = level1[s] / total * w / sum;
            }
        }
    }
    // Each search alone, so that nobody is refused.
    std::map<std::pair<std::uint32_t, int>, double> seen;
    double left = 0;
    for (const HomeSearch& one : all) {
        HomeChoice fresh = choice;
        std::int64_t evaluations = 0;
        const auto found = find_homes(tiny.model, tiny.world, fresh, {one}, evaluations);
        EXPECT_GT(evaluations, 0);
        if (found[0].result == HomeFound::Result::outside) ++left;
        if (found[0].result == HomeFound::Result::dwelling) {
            const std::uint32_t d = found[0].dwelling;
            ++seen[{tiny.world.dwellings.block[d], market_class(tiny.world.dwellings.type[d], tiny.world.dwellings.tenure[d])}];
        }
    }
    double chi_square = (left - count * outside / total) * (left - count * outside / total) / (count * outside / total);
    for (const auto& [key, p] : expected) chi_square += (seen[key] - count * p) * (seen[key] - count * p) / (count * p);
    const double freedom = static_cast<double>(expected.size());
    EXPECT_LT(chi_square, freedom + 5 * std::sqrt(2 * freedom));
    EXPECT_GT(expected.size(), 3U);
}

TEST(Homes, WithdrawingVacanciesMovesFewOthers) {
    TinyWorld tiny;
    make_room(tiny.world);
    const auto all = searches(tiny, 4000, 0.4);
    HomeChoice choice = prepare_home_choice(tiny.model, tiny.world);
    World fewer = tiny.world;
    // Withdraw about 1 % of the vacancies: the one with the smallest luck key.
    std::uint32_t withdrawn = no_row;
    for (std::uint32_t d = 0; d < fewer.dwellings.rows(); ++d) {
        if (fewer.dwellings.vacant(d) && (withdrawn == no_row || fewer.dwellings.luck[d] < fewer.dwellings.luck[withdrawn])) withdrawn = d;
    }
    HomeChoice without = choice;
    without.vacant_slot[fewer.housing.slot_of[withdrawn]] = 0;
    std::size_t changed = 0, had_it = 0;
    for (const HomeSearch& one : all) {
        HomeChoice x = choice, y = without;
        std::int64_t evaluations = 0;
        const auto before = find_homes(tiny.model, tiny.world, x, {one}, evaluations)[0];
        const auto after = find_homes(tiny.model, tiny.world, y, {one}, evaluations)[0];
        if (before.dwelling == withdrawn) {
            ++had_it;
            continue;
        }
        changed += before.dwelling != after.dwelling;
    }
    EXPECT_EQ(changed, 0U);
    EXPECT_LT(had_it, all.size() / 10);
}

TEST(Homes, NobodyIsLostAndEveryDwellingHasOneHousehold) {
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
        TinyWorld tiny(seed);
        auto residents = static_cast<std::int64_t>(tiny.world.people.count());
        for (int month = 0; month < 36; ++month) {
            tiny.step();
            const auto& f = tiny.world.flows;
            residents += f.total(Flow::births) - f.total(Flow::deaths) + f.total(Flow::moves_in) - f.total(Flow::moves_out);
            ASSERT_EQ(f.total(Flow::moves_within_in), f.total(Flow::moves_within_out));
            ASSERT_EQ(residents, static_cast<std::int64_t>(tiny.world.people.count())) << "month " << month;
            const auto problems = audit(tiny.model, tiny.world);
            ASSERT_TRUE(problems.empty()) << problems.front() << " in month " << month;
        }
    }
}

TEST(Homes, ADisplacedHouseholdMovesOrLeavesAndNobodyStays) {
    TinyWorld tiny;
    World& world = tiny.world;
    std::uint32_t space = no_row;
    for (std::uint32_t s = 0; s < tiny.district.spaces.size(); ++s) {
        if (world.housing.space_dwelling_first[s + 1] > world.housing.space_dwelling_first[s]) space = s;
    }
    ASSERT_NE(space, no_row);
    world.flows.reset(static_cast<std::uint32_t>(tiny.district.blocks.size()));
    displace_households(tiny.model, world, space);
    EXPECT_GT(world.flows.total(Flow::households_displaced), 0);
    update_homes(tiny.model, world);
    for (std::uint32_t i = world.housing.space_dwelling_first[space]; i < world.housing.space_dwelling_first[space + 1]; ++i) {
        const std::uint32_t d = world.housing.space_dwellings[i];
        EXPECT_EQ(world.dwellings.state[d], DwellingState::cleared);
        EXPECT_EQ(world.dwellings.household[d], no_row);
    }
}

TEST(Homes, RentsRiseWhenNothingIsVacantAndFallWhenMuchIs) {
    TinyWorld tight, slack;
    make_room(slack.world);
    auto& market = tight.world;
    for (std::uint32_t d = 0; d < market.dwellings.rows(); ++d) {
        if (market.dwellings.vacant(d)) market.dwellings.state[d] = DwellingState::held_empty;
    }
    const auto rent = [](const World& w) {
        return w.housing.rent_yuan_m2_month[1 * dwelling_types + static_cast<std::size_t>(DwellingType::apartment)];
    };
    const double before = rent(tight.world);
    prepare_home_choice(tight.model, tight.world);
    prepare_home_choice(slack.model, slack.world);
    EXPECT_GT(rent(tight.world), before);
    EXPECT_LT(rent(slack.world), before);
    TinyWorld still;
    still.neutral(Behaviour::rents);
    prepare_home_choice(still.model, still.world);
    EXPECT_EQ(rent(still.world), before);
}

TEST(Homes, TheStreamOfArrivalsIsTheSameInEveryScenario) {
    Scenario cheap;
    cheap.assumptions.homes.arrivals_per_year = 1200;
    Scenario eager = cheap;
    eager.assumptions.homes.arrival_admission = 1.0;
    TinyWorld base(1, 1, tiny_town_drawing, cheap), more(1, 1, tiny_town_drawing, eager);
    const auto few = admitted_arrivals(base.model, base.world);
    const auto many = admitted_arrivals(more.model, more.world);
    EXPECT_LT(few.size(), many.size());
    for (const HomeSearch& one : few) {
        EXPECT_TRUE(std::any_of(many.begin(), many.end(), [&](const HomeSearch& other) {
            return other.luck == one.luck && other.segment == one.segment && other.persons == one.persons;
        }));
    }
}

TEST(Homes, ALongFallbackFindsTheLastVacantDwelling) {
    TinyWorld tiny;
    World& world = tiny.world;
    std::uint32_t kept = no_row;
    for (std::uint32_t d = 0; d < world.dwellings.rows(); ++d) {
        if (!world.dwellings.vacant(d)) continue;
        if (kept == no_row && world.dwellings.tenure[d] == Tenure::private_rent)
            kept = d;
        else
            world.dwellings.state[d] = DwellingState::held_empty;
    }
    if (kept == no_row) GTEST_FAIL() << "the tiny town has no vacant rented home at the start";
    HomeChoice choice = prepare_home_choice(tiny.model, world);
    for (const HomeSearch& one : searches(tiny, 50, 0.0)) {
        HomeChoice fresh = choice;
        std::int64_t evaluations = 0;
        const auto found = find_homes(tiny.model, world, fresh, {one}, evaluations)[0];
        ASSERT_EQ(found.result, HomeFound::Result::dwelling);
        if (world.dwellings.tenure[kept] == Tenure::private_rent && world.dwellings.state[kept] == DwellingState::market) {
            EXPECT_EQ(found.dwelling, kept);
        }
    }
}

}  // namespace
}  // namespace hutong
