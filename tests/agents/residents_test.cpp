#include "agents/residents.h"

#include <gtest/gtest.h>

#include <cmath>

#include "agents/life_draws.h"
#include "agents/steps.h"
#include "agents/stocks.h"
#include "core/exact_math.h"
#include "tests/agents/tiny_world.h"

namespace hutong {
namespace {

/// A household of one person of this age and sex in the first vacant dwelling, many times over.
void fill_with(World& world, std::size_t persons, Sex sex, int age_years, Activity activity) {
    std::uint32_t household = no_row;
    for (std::uint32_t h = 0; h < world.households.rows(); ++h) {
        if (world.households.alive(h) && !(world.households.flags[h] & household_flag::collective)) household = h;
    }
    for (std::size_t i = 0; i < persons; ++i) {
        NewPerson person;
        person.luck = mix64(1000000 + i);
        person.sex = sex;
        person.birth = world.month - age_years * 12;
        person.activity = activity;
        person.role = Role::elder;
        add_person(world, household, person);
        world.households.size[household] = 2;  // the size column is narrow; these tests count rows only
    }
}

TEST(Residents, HazardsAreTheDeclaredRates) {
    TinyWorld tiny;
    const LifeHazards hazards = life_hazards(tiny.model);
    // Men of 80 die at 0.05 a year in the drawn town: p = 1 - exp(-0.05 / 12) = 0.0041580
    const double p = static_cast<double>(hazards.death[static_cast<int>(Sex::male)][80 * 12 + 3]) / 4294967296.0;
    EXPECT_NEAR(p, 0.0041580, 1e-6);
    EXPECT_EQ(hazards.birth[15 * 12], 0U);
    EXPECT_NEAR(static_cast<double>(hazards.birth[25 * 12]) / 4294967296.0, monthly_probability(0.05), 1e-9);
}

TEST(Residents, DeathsFollowTheHazard) {
    TinyWorld tiny;
    const std::size_t before = tiny.world.people.rows();
    constexpr std::size_t elders = 40000;
    fill_with(tiny.world, elders, Sex::male, 90, Activity::retired);
    const LifeHazards hazards = life_hazards(tiny.model);
    const double p = static_cast<double>(hazards.death[1][90 * 12]) / 4294967296.0;
    std::size_t dead = 0;
    for (std::size_t row = before; row < tiny.world.people.rows(); ++row) {
        const auto word = tiny.model.luck.block(Purpose::life_event, tiny.world.people.luck[row], tiny.world.month)[0];
        dead += word < hazards.death[1][90 * 12];
    }
    const double expected = elders * p;
    EXPECT_NEAR(static_cast<double>(dead), expected, 4 * std::sqrt(expected));
}

TEST(Residents, LifeDrawsAreTheSameWhoeverDrawsThem) {
    // Step 5 draws the words of everybody, step 6 finds them drawn; where nobody has drawn them it does so itself.
    TinyWorld shared, alone;
    for (TinyWorld* tiny : {&shared, &alone}) {
        tiny->world.flows.reset(static_cast<std::uint32_t>(tiny->model.district.blocks.size()));
        for (std::uint32_t row = 0; row < tiny->world.people.rows(); ++row) tiny->world.people.birth_month[row] -= 40 * 12;
        update_labour(tiny->model, tiny->world);
    }
    const auto drawn = [](const World& world) {
        std::size_t n = 0;
        for (const LifeDraws::Part& part : world.life_draws.parts) n += part.home.size();
        return n;
    };
    EXPECT_GT(drawn(shared.world), 0U);
    clear(alone.world.life_draws);
    EXPECT_EQ(drawn(alone.world), 0U);
    update_people(shared.model, shared.world);
    update_people(alone.model, alone.world);
    EXPECT_EQ(hash(shared.world), hash(alone.world));
    EXPECT_EQ(drawn(shared.world), 0U) << "used up";
}

TEST(Residents, EveryEventIsAmongTheLifeDraws) {
    TinyWorld tiny;
    fill_with(tiny.world, 30000, Sex::female, 30, Activity::inactive);
    draw_lives(tiny.model, tiny.world);
    const LifeHazards hazards = life_hazards(tiny.model);
    std::vector<std::uint8_t> listed(tiny.world.people.rows(), 0);
    for (const LifeDraws::Part& part : tiny.world.life_draws.parts) {
        for (const LifeDraws::AtHome& hit : part.home) {
            const Word4 words = tiny.model.luck.block(Purpose::life_event, tiny.world.people.luck[hit.row], tiny.world.month);
            EXPECT_EQ(hit.death, words[0]);
            EXPECT_EQ(hit.birth, words[1]);
            EXPECT_EQ(hit.home, words[3]);
            listed[hit.row] = 1;
        }
    }
    std::size_t births = 0;
    for (std::uint32_t row = 0; row < tiny.world.people.rows(); ++row) {
        const Word4 words = tiny.model.luck.block(Purpose::life_event, tiny.world.people.luck[row], tiny.world.month);
        const bool birth = words[1] < hazards.birth[30 * 12];
        births += birth ? 1 : 0;
        const bool event = birth || words[0] < hazards.max_death || words[3] < hazards.couple + hazards.leave_home;
        if (event) {
            EXPECT_TRUE(listed[row]);
        }
    }
    EXPECT_GT(births, 20U);
}

// The same word decides on couples: neither event may take the other's values.
TEST(Residents, GrownChildrenLeaveHomeAtTheDeclaredRate) {
    double expected = 0;
    std::size_t left = 0;
    for (std::uint64_t seed = 1; seed <= test_seeds; ++seed) {
        TinyWorld tiny(seed);
        const PeopleAssumptions& a = tiny.scenario.assumptions.people;
        for (int month = 0; month < 60; ++month) {
            const auto& people = tiny.world.people;
            for (std::uint32_t p = 0; p < people.rows(); ++p) {
                if (!people.alive(p) || (people.role[p] != Role::child && people.role[p] != Role::other)) continue;
                const int age = age_months(people, p, tiny.world.month);
                if (age < a.leave_home_from_age * 12 || age >= a.leave_home_to_age * 12) continue;
                expected += monthly_probability(a.leave_home_per_year);
            }
            update_people(tiny.model, tiny.world);  // nobody leaves in fact: the homes step is not run
            left += tiny.world.home_leavers.size();
            ++tiny.world.month;
        }
    }
    std::size_t separations = 0;  // partners who leave are on the same list
    for (std::uint64_t seed = 1; seed <= test_seeds; ++seed) {
        Scenario none;
        none.assumptions.people.leave_home_per_year = 0;
        TinyWorld tiny(seed, 1, tiny_town_drawing, none);
        for (int month = 0; month < 60; ++month) {
            update_people(tiny.model, tiny.world);
            separations += tiny.world.home_leavers.size();
            ++tiny.world.month;
        }
    }
    ASSERT_GT(expected, 50);
    EXPECT_NEAR(static_cast<double>(left - separations), expected, 4 * std::sqrt(expected));
}

TEST(Residents, AHigherHazardOnlyAddsDeaths) {
    Scenario harder;
    harder.assumptions.people.mortality_factor = 3.0;
    TinyWorld base, hard(1, 1, tiny_town_drawing, harder);
    update_people(base.model, base.world);
    update_people(hard.model, hard.world);
    const std::size_t rows = std::min(base.world.people.rows(), hard.world.people.rows());
    std::size_t more = 0;
    for (std::uint32_t p = 0; p < rows; ++p) {
        // whoever died at the lower hazard died at the higher one too (same person, same row before any birth)
        if (!base.world.people.alive(p)) {
            EXPECT_FALSE(hard.world.people.alive(p)) << p;
        }
        more += base.world.people.alive(p) && !hard.world.people.alive(p);
    }
    EXPECT_GE(hard.world.flows.total(Flow::deaths), base.world.flows.total(Flow::deaths));
    EXPECT_EQ(static_cast<std::int64_t>(more), hard.world.flows.total(Flow::deaths) - base.world.flows.total(Flow::deaths));
}

TEST(Residents, NobodyIsLostInADecadeOfDemographyAlone) {
    TinyWorld tiny;
    std::int64_t residents = static_cast<std::int64_t>(tiny.world.people.count());
    std::int64_t births = 0, deaths = 0, couples = 0;
    for (int month = 0; month < 120; ++month) {
        tiny.world.flows.reset(static_cast<std::uint32_t>(tiny.district.blocks.size()));
        update_people(tiny.model, tiny.world);
        ++tiny.world.month;
        births += tiny.world.flows.total(Flow::births);
        deaths += tiny.world.flows.total(Flow::deaths);
        couples += tiny.world.flows.total(Flow::couples_formed);
        residents += tiny.world.flows.total(Flow::births) - tiny.world.flows.total(Flow::deaths);
        ASSERT_EQ(residents, static_cast<std::int64_t>(tiny.world.people.count()));
        const auto problems = audit(tiny.model, tiny.world);
        ASSERT_TRUE(problems.empty()) << problems.front();
    }
    EXPECT_GT(births, 0);
    EXPECT_GT(deaths, 0);
    EXPECT_GT(couples, 0);
}

TEST(Residents, NeutralBehavioursStandStill) {
    TinyWorld tiny;
    tiny.neutral(Behaviour::births);
    tiny.neutral(Behaviour::deaths);
    tiny.neutral(Behaviour::couples);
    const std::size_t before = tiny.world.people.count();
    for (int month = 0; month < 24; ++month) {
        update_people(tiny.model, tiny.world);
        ++tiny.world.month;
    }
    EXPECT_EQ(tiny.world.people.count(), before);
    EXPECT_EQ(tiny.world.flows.total(Flow::births), 0);
    EXPECT_EQ(tiny.world.flows.total(Flow::couples_formed), 0);
}

TEST(Residents, ChildrenGoToSchoolAndWorkersRetire) {
    TinyWorld tiny;
    tiny.neutral(Behaviour::deaths);
    for (int month = 0; month < 14; ++month) {
        update_people(tiny.model, tiny.world);
        ++tiny.world.month;
    }
    const Month last_september = Month::of(tiny.world.month.year(), 9) <= tiny.world.month - 1 ? Month::of(tiny.world.month.year(), 9)
                                                                                               : Month::of(tiny.world.month.year() - 1, 9);
    const auto& people = tiny.world.people;
    for (std::uint32_t p = 0; p < people.rows(); ++p) {
        if (!people.alive(p)) continue;
        const int age_then = last_september - Month{people.birth_month[p]};
        if (age_then >= 6 * 12 && age_then < 12 * 12) {
            EXPECT_EQ(people.activity[p], Activity::primary) << "row " << p << " age " << age_then;
        }
        const int age = age_months(people, p, tiny.world.month - 1);
        if (people.sex[p] == Sex::male && age >= 60 * 12) {
            EXPECT_EQ(people.activity[p], Activity::retired);
        }
    }
}

}  // namespace
}  // namespace hutong
