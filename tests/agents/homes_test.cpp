#include "agents/homes.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "agents/governance.h"
#include "agents/labour.h"
#include "agents/stocks.h"
#include "core/exact_math.h"
#include "tests/agents/small_world.h"
#include "tests/agents/tiny_world.h"

namespace hutong {
namespace {

/// Many searches of one kind that compete for nothing: each sees the market as it is.
std::vector<HomeSearch> searches(std::size_t count, std::uint64_t offset = 0) {
    std::vector<HomeSearch> all;
    for (std::size_t i = 0; i < count; ++i) {
        HomeSearch search;
        search.luck = mix64(77000 + offset + i);
        search.segment = static_cast<std::uint8_t>(home_segment(2, Family::several));
        search.set = static_cast<std::uint8_t>(eligible_set(true, false));
        search.origin = 0;
        all.push_back(search);
    }
    return all;
}

Scenario outside_odds_of(double odds) {
    Scenario scenario;
    scenario.assumptions.homes.outside_odds_registered = odds;
    return scenario;
}

std::vector<std::uint32_t> blocks_of(const HomeChoice& choice, std::uint32_t subdistrict) {
    return {choice.blocks_of.begin() + choice.first_block[subdistrict], choice.blocks_of.begin() + choice.first_block[subdistrict + 1]};
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
    TinyWorld tiny(1, 1, tiny_town_drawing, outside_odds_of(0.4));
    make_room(tiny.world);
    const HomeChoice choice = prepare_home_choice(tiny.model, tiny.world);
    constexpr std::size_t count = 60000;
    const auto all = searches(count);
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
        for (const std::uint32_t b : blocks_of(choice, s)) {
            for (int c = 0; c < market_classes; ++c) {
                if (class_eligible(static_cast<int>(set), c))
                    sum += choice.weight[(segment * choice.blocks + b) * market_classes + static_cast<std::size_t>(c)];
            }
        }
        EXPECT_NEAR(exact_pow(sum, a.nest_scale) * choice.nearness[s], level1[s], 1e-6 * level1[s]);
        for (const std::uint32_t b : blocks_of(choice, s)) {
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
        std::int64_t evaluations = 0;
        const auto found = find_homes(tiny.model, tiny.world, choice, {one}, evaluations);
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

TEST(Homes, EveryVacantDwellingOfAClassIsEquallyLikely) {
    // Keyed rejection and the scan after it follow one law: the dwelling stage is uniform over what is vacant.
    for (const std::int64_t tries : {std::int64_t{1}, std::int64_t{8}, std::int64_t{400}}) {
        Scenario given = outside_odds_of(0.0);
        given.assumptions.homes.search_tries = tries;
        TinyWorld tiny(1, 1, tiny_town_drawing, given);
        make_room(tiny.world);
        const HomeChoice choice = prepare_home_choice(tiny.model, tiny.world);
        std::map<std::uint32_t, double> seen;
        std::map<std::size_t, double> in_cell;
        std::int64_t evaluations = 0;
        for (const HomeSearch& one : searches(60000)) {
            const std::uint32_t d = find_homes(tiny.model, tiny.world, choice, {one}, evaluations)[0].dwelling;
            ASSERT_NE(d, no_row);
            ++seen[d];
            ++in_cell[tiny.world.dwellings.block[d] * std::size_t{market_classes} +
                      static_cast<std::size_t>(market_class(tiny.world.dwellings.type[d], tiny.world.dwellings.tenure[d]))];
        }
        double chi_square = 0, freedom = 0;
        for (const auto& [cell, found] : in_cell) {
            const std::uint32_t first = choice.vacant_first[cell], end = choice.vacant_first[cell + 1];
            const double expected = found / static_cast<double>(end - first);
            if (expected < 5) continue;
            for (std::uint32_t i = first; i < end; ++i) {
                const double gap = seen[choice.vacant_rows[i]] - expected;
                chi_square += gap * gap / expected;
            }
            freedom += static_cast<double>(end - first) - 1;
        }
        EXPECT_GT(freedom, 10);
        EXPECT_LT(chi_square, freedom + 4 * std::sqrt(2 * freedom)) << tries << " tries";
    }
}

/// Places found by all searches together, -1 where none.
std::vector<std::int64_t> blocks_found(const TinyWorld& tiny, World& world, const std::vector<HomeSearch>& all) {
    const HomeChoice choice = prepare_home_choice(tiny.model, world);
    std::int64_t evaluations = 0;
    std::vector<std::int64_t> blocks;
    for (const HomeFound& found : find_homes(tiny.model, world, choice, all, evaluations)) {
        blocks.push_back(found.result == HomeFound::Result::dwelling ? world.dwellings.block[found.dwelling] : -1);
    }
    return blocks;
}

TEST(Homes, WithdrawingAHundredthOfTheVacanciesMovesFewSearchers) {
    // All search together, weights are cached anew: what is lost changes the odds of all and leaves nearly all where they were.
    TinyWorld tiny;
    make_room(tiny.world);
    std::vector<std::uint32_t> vacant;
    for (std::uint32_t d = 0; d < tiny.world.dwellings.rows(); ++d) {
        if (tiny.world.dwellings.vacant(d)) vacant.push_back(d);
    }
    std::sort(vacant.begin(), vacant.end(),
              [&](std::uint32_t x, std::uint32_t y) { return tiny.world.dwellings.luck[x] < tiny.world.dwellings.luck[y]; });
    const std::size_t withdrawn = std::max<std::size_t>(1, vacant.size() / 100), searching = vacant.size() / 3;
    std::size_t changed = 0, searched = 0, trials = 0;
    for (std::size_t first = 0; first + withdrawn <= vacant.size(); first += withdrawn, ++trials) {
        World before = tiny.world, after = tiny.world;
        for (std::size_t i = 0; i < withdrawn; ++i) after.dwellings.state[vacant[first + i]] = DwellingState::cleared;
        const auto all = searches(searching, first * 1000);
        const auto here = blocks_found(tiny, before, all), there = blocks_found(tiny, after, all);
        for (std::size_t i = 0; i < all.size(); ++i) changed += here[i] != there[i];
        searched += all.size();
    }
    EXPECT_GT(trials, 20U);
    EXPECT_LE(static_cast<double>(changed), 0.02 * static_cast<double>(searched)) << withdrawn << " of " << vacant.size();
    RecordProperty("changed_permille", static_cast<int>(1000 * changed / std::max<std::size_t>(1, searched)));
}

TEST(Homes, ADwellingKeepsTheApplicantWithTheSmallestRankWhateverTheOrder) {
    TinyWorld tiny;
    make_room(tiny.world);
    const HomeChoice choice = prepare_home_choice(tiny.model, tiny.world);
    auto all = searches(choice.vacant_rows.size());
    std::int64_t evaluations = 0;
    const auto found = find_homes(tiny.model, tiny.world, choice, all, evaluations);
    std::map<std::uint32_t, std::uint64_t> holder;
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (found[i].result != HomeFound::Result::dwelling) continue;
        EXPECT_TRUE(holder.emplace(found[i].dwelling, all[i].luck).second) << "let twice";
    }
    EXPECT_GT(holder.size(), all.size() / 4);
    std::vector<HomeSearch> backwards(all.rbegin(), all.rend());
    const auto again = find_homes(tiny.model, tiny.world, choice, backwards, evaluations);
    for (std::size_t i = 0; i < all.size(); ++i) EXPECT_EQ(found[i].dwelling, again[all.size() - 1 - i].dwelling);
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

TEST(Homes, InCommutersWhoSearchAreTheSameWhoeverDrawsThem) {
    // Step 5 lists them while it draws for all; alone, step 7 draws for everybody who is there.
    SmallWorld small;
    small.scenario.assumptions.homes.commuter_conversion_per_year = 3.0;
    const Model model = small.model();
    World& world = small.world;
    small.begin_month();
    update_labour(model, world);
    ASSERT_TRUE(world.commuter_draws.drawn);
    EXPECT_GT(world.commuter_draws.likely.size(), 0U);
    EXPECT_GT(world.commuter_draws.hired.size(), 0U);
    // One of them leaves before step 7, and somebody else takes the row.
    const CommuterDraws::Likely gone = world.commuter_draws.likely.front();
    const std::uint32_t post = world.in_commuters.job[gone.row];
    if (post != no_row && world.in_commuters.luck[gone.row] == gone.luck) vacate_post(world, post);
    const auto rows_of = [](const std::vector<HomeSearch>& found) {
        std::vector<std::uint32_t> rows;
        for (const HomeSearch& search : found) rows.push_back(search.row);
        std::sort(rows.begin(), rows.end());
        return rows;
    };
    const auto listed = rows_of(commuters_searching(model, world));
    world.commuter_draws.drawn = false;
    EXPECT_EQ(listed, rows_of(commuters_searching(model, world)));
    EXPECT_GT(listed.size(), 20U);
}

TEST(Homes, ALongFallbackFindsTheLastVacantDwelling) {
    Scenario given = outside_odds_of(0.0);
    given.assumptions.homes.return_held_per_year = 0;
    given.assumptions.homes.let_vacant_owned_per_year = 0;
    TinyWorld tiny(1, 1, tiny_town_drawing, given);
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
    const HomeChoice choice = prepare_home_choice(tiny.model, world);
    for (const HomeSearch& one : searches(50)) {
        std::int64_t evaluations = 0;
        const auto found = find_homes(tiny.model, world, choice, {one}, evaluations)[0];
        ASSERT_EQ(found.result, HomeFound::Result::dwelling);
        if (world.dwellings.tenure[kept] == Tenure::private_rent && world.dwellings.state[kept] == DwellingState::market) {
            EXPECT_EQ(found.dwelling, kept);
        }
    }
}

TEST(Homes, ThousandsOfNewBedsInABlockWithoutAnyAreAllFound) {
    // The tables of keyed rejection have little room where a block had no dwelling of the type: they grow, the others stay.
    TinyWorld tiny(1, 1, tiny_town_drawing, outside_odds_of(0.0));
    World& world = tiny.world;
    const std::uint32_t block = tiny.district.block_of(NodeId(world.dwellings.node[0])).value;
    const auto table = [&](DwellingType type) {
        const SlotRange range = slot_range(world, block, type);
        return std::vector<std::uint32_t>(world.housing.slots.begin() + range.first,
                                          world.housing.slots.begin() + range.first + range.size);
    };
    const auto apartments = table(DwellingType::apartment);
    constexpr std::uint32_t beds = 3000;
    ASSERT_LT(slot_range(world, block, DwellingType::dormitory).size, beds);
    const auto first = static_cast<std::uint32_t>(world.dwellings.rows());
    for (std::uint32_t i = 0; i < beds; ++i) {
        add_dwelling(world, luck_key(4711, i), world.dwellings.node[0], static_cast<std::uint8_t>(block), DwellingType::dormitory,
                     Tenure::collective, 6, no_row);
    }
    index_new_dwellings(world);
    EXPECT_EQ(table(DwellingType::apartment), apartments);
    ASSERT_EQ(world.housing.slot_of.size(), world.dwellings.rows());
    for (std::uint32_t row = 0; row < world.dwellings.rows(); ++row) EXPECT_EQ(world.housing.slots[world.housing.slot_of[row]], row);
    const HomeChoice choice = prepare_home_choice(tiny.model, world);
    auto all = searches(2000);
    for (HomeSearch& one : all) {
        one.segment = static_cast<std::uint8_t>(home_segment(0, Family::single));
        one.set = static_cast<std::uint8_t>(eligible_set(false, true));
    }
    std::int64_t evaluations = 0;
    std::size_t in_new_beds = 0;
    for (const HomeFound& found : find_homes(tiny.model, world, choice, all, evaluations))
        in_new_beds += found.dwelling != no_row && found.dwelling >= first;
    EXPECT_GT(in_new_beds, 100U);
}

TEST(Homes, AHouseholdWithoutAFeasibleDwellingIsCountedAndStaysUnlessItMustGo) {
    Scenario given = outside_odds_of(0.0);
    HomesAssumptions& a = given.assumptions.homes;
    a.outside_odds_floating = a.return_held_per_year = a.let_vacant_owned_per_year = a.displaced_leave_share = 0;
    a.campaign_out_per_year = a.campaign_out_registered_per_year = 0;
    for (double* rate : {&a.move_owned_per_year, &a.move_private_rent_per_year, &a.move_public_per_year, &a.move_employer_per_year,
                         &a.move_collective_per_year})
        *rate = 5.0;
    TinyWorld tiny(1, 1, tiny_town_drawing, given);
    tiny.neutral(Behaviour::arrivals);
    tiny.neutral(Behaviour::commuter_conversion);
    World& world = tiny.world;
    for (std::uint32_t d = 0; d < world.dwellings.rows(); ++d) {
        if (world.dwellings.vacant(d)) world.dwellings.state[d] = DwellingState::held_empty;
    }
    std::vector<std::pair<std::uint32_t, std::uint64_t>> must_go;
    std::int64_t persons_to_go = 0;
    for (std::uint32_t h = 0; h < world.households.rows() && must_go.size() < 5; h += 7) {
        if (!world.households.alive(h)) continue;
        world.households.flags[h] |= household_flag::must_move;
        must_go.emplace_back(h, world.households.luck[h]);
        persons_to_go += world.households.size[h];
    }
    const std::vector<std::uint32_t> homes = world.households.dwelling;
    const auto people = static_cast<std::int64_t>(world.people.count());
    world.flows.reset(static_cast<std::uint32_t>(tiny.district.blocks.size()));
    update_homes(tiny.model, world);
    const std::int64_t searches_made = world.flows.total(Flow::home_searches), none = world.flows.total(Flow::homes_not_found);
    EXPECT_GT(none, 20);
    EXPECT_EQ(none, searches_made) << "nothing is vacant, nobody goes outside";
    EXPECT_EQ(world.flows.total(Flow::moves_within_in), 0);
    for (const auto& [household, luck] : must_go)
        EXPECT_FALSE(world.households.alive(household) && world.households.luck[household] == luck) << "has lost its home and leaves";
    EXPECT_EQ(world.flows.total(Flow::moves_out), persons_to_go);
    EXPECT_EQ(people - static_cast<std::int64_t>(world.people.count()), persons_to_go);
    for (std::uint32_t h = 0; h < world.households.rows(); ++h) {
        if (world.households.alive(h)) EXPECT_EQ(world.households.dwelling[h], homes[h]);
    }
    EXPECT_TRUE(audit(tiny.model, world).empty());
}

/// Three years of spaces that stand empty with rooms in them; misuse as dwelling alone.
struct UnauthorisedDwelling {
    std::int64_t started = 0, found = 0, persons_found = 0;

    UnauthorisedDwelling(double per_year, double enforcement, double detection) {
        Scenario given;
        given.assumptions.homes.unauthorised_per_space_year = per_year;
        given.assumptions.governance.detection = detection;
        given.assumptions.businesses.misuse_per_month = 0.5;  // trade has a rate of its own
        given.policy.change(Month{}, "control.enforcement", enforcement);
        TinyWorld tiny(1, 1, tiny_town_drawing, given);
        World& world = tiny.world;
        world.flows.reset(static_cast<std::uint32_t>(tiny.district.blocks.size()));
        for (std::uint32_t s = 0; s < world.spaces.rows(); ++s) {
            displace_households(tiny.model, world, s);
            world.spaces.stage[s] = SpaceStage::vacant;
        }
        for (int month = 0; month < 36; ++month) {
            world.flows.reset(static_cast<std::uint32_t>(tiny.district.blocks.size()));
            inspect(tiny.model, world);
            found += world.flows.total(Flow::misuse_found);
            persons_found += world.flows.total(Flow::unauthorised_residents_found);
            update_homes(tiny.model, world);
            started += world.flows.total(Flow::misuse_started);
            ++world.month;
            std::int64_t living = 0;
            for (std::uint32_t h = 0; h < world.households.rows(); ++h) {
                if (!world.households.alive(h) || !(world.households.flags[h] & household_flag::unauthorised)) continue;
                ++living;
                const std::uint32_t dwelling = world.households.dwelling[h];
                EXPECT_NE(world.dwellings.space[dwelling], no_row) << "misuse stays in the space";
                EXPECT_FALSE(world.households.flags[h] & household_flag::must_move) << "who was found is removed the same month";
            }
            EXPECT_LE(living, started - found);  // some leave by themselves
        }
    }
};

TEST(Homes, UnauthorisedDwellingHasItsOwnRateIsFoundRemovedAndReported) {
    const UnauthorisedDwelling base(1.0, 1.0, 0.5);
    EXPECT_GT(base.started, 5);
    EXPECT_GT(base.found, 0);
    EXPECT_GE(base.persons_found, base.found);
    EXPECT_EQ(UnauthorisedDwelling(0.0, 1.0, 0.5).started, 0);  // its rate alone
    const UnauthorisedDwelling unseen(1.0, 1.0, 0.0);
    EXPECT_EQ(unseen.found, 0);
    EXPECT_LT(UnauthorisedDwelling(1.0, 4.0, 0.0).started, unseen.started);  // deterrence beside detection
}

}  // namespace
}  // namespace hutong
