// Life tables and fertility come back out of long runs: deaths and births by age against the declared rates.

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <set>

#include "agents/residents.h"
#include "core/exact_math.h"
#include "tests/agents/tiny_world.h"

namespace hutong {
namespace {

constexpr std::size_t groups = 22;  // of five years
constexpr int months = 480;

struct Count {
    double seen = 0, expected = 0;
};

/// Rates of the pack read by the test itself, not through the hazards of the engine.
double yearly(const District& district, std::string_view type, Sex sex, int age) {
    for (const auto& rate : district.marginals.vital_rates) {
        const bool fits = rate.type == type && rate.sex == (sex == Sex::female ? 'F' : 'M');
        if (fits && age >= rate.age_low && age <= rate.age_high) return rate.per_year;
    }
    return 0.0;
}

struct Person {
    std::uint64_t luck;
    std::size_t group;
    Sex sex;
};

TEST(VitalRates, DeathsAndBirthsOfLongRunsFollowTheTables) {
    std::array<std::array<Count, groups>, 2> deaths{};
    std::array<Count, groups> births{};
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
        TinyWorld tiny(seed);
        const PeopleAssumptions& a = tiny.model.assumptions().people;
        World& world = tiny.world;
        for (int month = 0; month < months; ++month) {
            std::vector<Person> before;
            for (std::uint32_t p = 0; p < world.people.rows(); ++p) {
                if (!world.people.alive(p)) continue;
                const int age = age_months(world.people, p, world.month) / 12;
                const Sex sex = world.people.sex[p];
                const std::size_t group = std::min<std::size_t>(static_cast<std::size_t>(age) / 5, groups - 1);
                before.push_back({world.people.luck[p], group, sex});
                deaths[static_cast<std::size_t>(sex)][group].expected +=
                    monthly_probability(a.mortality_factor * yearly(tiny.district, "mortality", sex, age));
                const bool dormitory = (world.households.flags[world.people.household[p]] & household_flag::collective) != 0;
                if (sex == Sex::female && !dormitory)
                    births[group].expected +=
                        monthly_probability(a.fertility_factor * yearly(tiny.district, "fertility_xicheng_2020", sex, age));
            }
            world.flows.reset(static_cast<std::uint32_t>(tiny.district.blocks.size()));
            update_people(tiny.model, world);
            std::set<std::uint64_t> after;
            for (std::uint32_t p = 0; p < world.people.rows(); ++p) {
                if (world.people.alive(p)) after.insert(world.people.luck[p]);
            }
            for (const Person& person : before) {
                if (after.count(person.luck) == 0) ++deaths[static_cast<std::size_t>(person.sex)][person.group].seen;
                if (after.count(luck_key(person.luck, static_cast<std::uint64_t>(world.month.index), 0)) != 0) ++births[person.group].seen;
            }
            ++world.month;
        }
    }
    double chi_square = 0, freedom = 0;
    const auto hold = [&](const Count& count, const std::string& what) {
        if (count.expected < 10) return;
        EXPECT_NEAR(count.seen, count.expected, 4.5 * std::sqrt(count.expected)) << what;
        chi_square += (count.seen - count.expected) * (count.seen - count.expected) / count.expected;
        ++freedom;
    };
    for (std::size_t g = 0; g < groups; ++g) {
        hold(deaths[0][g], "deaths of one sex, group " + std::to_string(g));
        hold(deaths[1][g], "deaths of the other, group " + std::to_string(g));
        hold(births[g], "births, group " + std::to_string(g));
    }
    EXPECT_GT(freedom, 15);
    EXPECT_LT(chi_square, freedom + 4 * std::sqrt(2 * freedom));
}

}  // namespace
}  // namespace hutong
