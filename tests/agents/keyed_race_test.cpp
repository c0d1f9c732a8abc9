#include "agents/keyed_race.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <vector>

namespace hutong {
namespace {

const Luck luck(7, 0);
const Month month = Month::of(2020, 5);

std::uint64_t key_of_agent(std::uint64_t agent) { return key_of(luck.block(Purpose::test, agent, month)); }
std::uint64_t luck_of(std::uint32_t alternative) { return luck_key(alternative, 1); }

/// The race over weights worked out beforehand.
std::uint32_t first_of(std::uint64_t key, const std::vector<double>& weights, std::uint32_t without = race::nobody) {
    std::vector<std::uint64_t> lucks;
    std::vector<float> inverse;
    std::vector<std::uint32_t> names;
    for (std::uint32_t a = 0; a < weights.size(); ++a) {
        if (a == without) continue;
        lucks.push_back(luck_of(a));
        inverse.push_back(race::inverse_weight(weights[a]));
        names.push_back(a);
    }
    const std::uint32_t place = first_arrival(key, lucks.data(), inverse.data(), lucks.size());
    return place == race::nobody ? place : names[place];
}

std::uint32_t one_by_one(std::uint64_t key, const std::vector<double>& weights, bool backwards = false) {
    KeyedRace race(key);
    for (std::uint32_t i = 0; i < weights.size(); ++i) {
        const auto a = backwards ? static_cast<std::uint32_t>(weights.size()) - 1 - i : i;
        race.enter(a, luck_of(a), weights[a]);
    }
    return race.winner();
}

const std::vector<double> five{1.0, 2.0, 4.0, 0.5, 2.5};

TEST(KeyedRace, FrequenciesFollowTheMultinomialLogit) {
    std::array<int, 5> chosen{};
    constexpr int agents = 200000;
    for (std::uint64_t agent = 0; agent < agents; ++agent) ++chosen[first_of(key_of_agent(agent), five)];
    double chi_square = 0;
    for (std::size_t a = 0; a < five.size(); ++a) {
        const double expected = agents * five[a] / 10.0;
        chi_square += (chosen[a] - expected) * (chosen[a] - expected) / expected;
    }
    EXPECT_LT(chi_square, 18.47);  // 99.9 % of chi square with 4 degrees of freedom
}

TEST(KeyedRace, BothFormsNameTheSameWinner) {
    for (std::size_t count = 1; count <= 101; count += count < 40 ? 1 : 20) {
        std::vector<double> weights;
        for (std::size_t a = 0; a < count; ++a) weights.push_back(a % 5 == 3 ? 0.0 : exact_exp(static_cast<double>(a % 9) - 4.0));
        for (std::uint64_t agent = 0; agent < 400; ++agent) {
            const std::uint64_t key = key_of_agent(agent * 1000 + count);
            const std::uint32_t first = first_of(key, weights);
            ASSERT_EQ(first, one_by_one(key, weights)) << count;
            ASSERT_EQ(first, one_by_one(key, weights, true)) << count;
            ASSERT_GT(weights[first], 0.0);
        }
    }
}

TEST(KeyedRace, TheWinnerIsTheFirstByTheWholeFormula) {
    // Every logarithm taken: what the bounds sort out could not have won.
    std::vector<double> weights;
    for (std::uint32_t a = 0; a < 37; ++a) weights.push_back(exact_exp(static_cast<double>(mix64(a) % 100) / 20.0));
    for (std::uint64_t agent = 0; agent < 20000; ++agent) {
        const std::uint64_t key = key_of_agent(agent);
        std::uint32_t best = 0;
        double earliest = 1e300;
        for (std::uint32_t a = 0; a < weights.size(); ++a) {
            const double arrival = -exact_log(unit_open(race::word(key, luck_of(a)))) / weights[a];
            if (arrival < earliest * (1 - 1e-5)) best = a;  // a near tie may fall either way
            earliest = std::min(earliest, arrival);
        }
        const std::uint32_t first = first_of(key, weights);
        if (first == best) continue;
        const double arrival = -exact_log(unit_open(race::word(key, luck_of(first)))) / weights[first];
        ASSERT_NEAR(arrival, earliest, 2e-5 * earliest);
    }
}

TEST(KeyedRace, WithdrawingAnAlternativeMovesOnlyThoseWhoChoseIt) {
    for (std::uint64_t agent = 0; agent < 5000; ++agent) {
        const std::uint64_t key = key_of_agent(agent);
        const std::uint32_t before = first_of(key, five);
        const std::uint32_t after = first_of(key, five, 2);
        if (before != 2)
            EXPECT_EQ(before, after);
        else
            EXPECT_NE(after, 2U);
    }
}

TEST(KeyedRace, WhatCannotWinDoesNot) {
    for (std::uint64_t agent = 0; agent < 2000; ++agent) {
        KeyedRace race(key_of_agent(agent));
        for (std::uint32_t a = 0; a < 20; ++a) {
            const bool late = race.cannot_win(luck_of(a), 2.0);
            race.enter(a, luck_of(a), 2.0);
            EXPECT_FALSE(late && race.winner() == a);
        }
    }
}

TEST(KeyedRace, NothingPositiveMeansNobody) {
    for (std::uint64_t agent = 0; agent < 200; ++agent) {
        const std::uint64_t key = key_of_agent(agent);
        EXPECT_EQ(first_of(key, {0.0, 0.0, -1.0}), race::nobody);
        EXPECT_EQ(first_of(key, {}), race::nobody);
        EXPECT_EQ(one_by_one(key, {0.0, -1.0}), race::nobody);
        EXPECT_EQ(first_of(key, {0.0, 1e-20, 0.0}), 1U);
        EXPECT_EQ(first_of(key, {0.0, 1e30, 0.0}), 1U);
    }
}

}  // namespace
}  // namespace hutong
