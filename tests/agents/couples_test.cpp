// Who pairs with whom among the singles of a month.
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <map>
#include <set>

#include <gtest/gtest.h>

#include "agents/couples.h"

namespace hutong {
namespace {

constexpr int gap_months = 96;
const std::int64_t rounds = PeopleAssumptions{}.couple_rounds;
const Month month = Month::of(2020, 3);

struct Singles {
    std::vector<Single> women, men;
};

/// People of 22 to 45 years, born evenly, each in a household of their own.
Singles singles(std::size_t women, std::size_t men, std::uint64_t seed) {
    Singles s;
    const auto fill = [&](std::vector<Single>& list, std::size_t count, std::uint64_t group) {
        for (std::size_t i = 0; i < count; ++i) {
            const std::uint64_t luck = luck_key(seed, group, i);
            const auto birth = static_cast<std::int16_t>(month.index - 22 * 12 - static_cast<int>(luck % (23 * 12)));
            list.push_back({birth_moment(birth, luck), luck, static_cast<std::uint32_t>(group * 1'000'000 + i)});
        }
    };
    fill(s.women, women, 1);
    fill(s.men, men, 2);
    return s;
}

std::map<std::uint64_t, std::uint64_t> partners(const Singles& s) {
    std::map<std::uint64_t, std::uint64_t> of;
    for (const auto& [w, m] : pair_singles(Luck(1, 0), month, s.women, s.men, gap_months, rounds)) of[s.women[w].luck] = s.men[m].luck;
    return of;
}

TEST(Couples, EveryPairIsLawfulAndNobodyIsInTwo) {
    Singles s = singles(600, 500, 1);
    for (std::size_t i = 0; i < 200; ++i) s.men[i].household = s.women[i].household;  // sisters and brothers
    std::set<std::uint32_t> women, men;
    for (const auto& [w, m] : pair_singles(Luck(1, 0), month, s.women, s.men, gap_months, rounds)) {
        EXPECT_TRUE(women.insert(w).second);
        EXPECT_TRUE(men.insert(m).second);
        EXPECT_NE(s.women[w].household, s.men[m].household);
        EXPECT_LE(std::llabs(s.women[w].birth - s.men[m].birth), std::int64_t{gap_months} * 65536);
    }
    EXPECT_GT(men.size(), 490U);
    EXPECT_TRUE(pair_singles(Luck(1, 0), month, s.women, {}, gap_months, rounds).empty());
    EXPECT_TRUE(pair_singles(Luck(1, 0), month, {}, s.men, gap_months, rounds).empty());
}

TEST(Couples, TooFarApartInAgeStaysAlone) {
    Singles s;
    s.women.push_back({birth_moment(0, 1), 1, 1});
    s.men.push_back({birth_moment(gap_months + 1, 2), 2, 2});
    EXPECT_TRUE(pair_singles(Luck(1, 0), month, s.women, s.men, gap_months, rounds).empty());
    s.men[0].birth = birth_moment(gap_months - 1, 2);
    EXPECT_EQ(pair_singles(Luck(1, 0), month, s.women, s.men, gap_months, rounds).size(), 1U);
}

TEST(Couples, OneSeekerMoreOrLessMovesFewOthers) {
    // A line sorted by age would move about half of all pairs.
    constexpr std::size_t trials = 60, count = 800;
    std::size_t changed = 0;
    for (std::size_t trial = 0; trial < trials; ++trial) {
        Singles s = singles(count, count, trial);
        const auto with = partners(s);
        s.men.erase(s.men.begin() + static_cast<std::ptrdiff_t>(trial * 7 % count));
        const auto without = partners(s);
        for (const auto& [woman, man] : with) {
            const auto now = without.find(woman);
            changed += now == without.end() || now->second != man;
        }
    }
    EXPECT_LT(static_cast<double>(changed) / trials, 0.02 * count);
    EXPECT_GE(changed, trials);  // his partner at least
}

TEST(Couples, RoundsLeaveFewerOfTheRarerSexAlone) {
    const Singles s = singles(1000, 1100, 5);
    std::size_t before = 0;
    for (const std::int64_t some : {1, 2, 4}) {
        const std::size_t pairs = pair_singles(Luck(1, 0), month, s.women, s.men, gap_months, some).size();
        EXPECT_GT(pairs, before + 50);
        before = pairs;
    }
    EXPECT_GE(pair_singles(Luck(1, 0), month, s.women, s.men, gap_months, rounds).size(), 990U);  // as its declaration says
}

TEST(Couples, PlacesInTheListsDoNotMatter) {
    Singles s = singles(300, 320, 4);
    const auto straight = partners(s);
    std::reverse(s.women.begin(), s.women.end());
    std::rotate(s.men.begin(), s.men.begin() + 100, s.men.end());
    EXPECT_EQ(partners(s), straight);
}

TEST(Couples, SmallGapsAreMostFrequentAndNeitherSexIsOlder) {
    const Singles s = singles(4000, 4000, 9);
    double sum = 0, size = 0;
    const auto pairs = pair_singles(Luck(1, 0), month, s.women, s.men, gap_months, rounds);
    for (const auto& [w, m] : pairs) {
        const double months = static_cast<double>(s.women[w].birth - s.men[m].birth) / 65536;
        sum += months;
        size += std::abs(months);
    }
    const auto count = static_cast<double>(pairs.size());
    EXPECT_GT(count, 3900);
    // Of a triangular difference up to 96 months the standard deviation is 39 and the mean size 32.
    EXPECT_NEAR(sum / count, 0, 5 * 39 / std::sqrt(count));
    EXPECT_NEAR(size / count, 32, 4);
}

}  // namespace
}  // namespace hutong
