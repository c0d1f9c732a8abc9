#include "agents/choice.h"

#include <gtest/gtest.h>

#include <array>
#include <vector>

namespace hutong {
namespace {

const Luck luck(7, 0);
const Month month = Month::of(2020, 5);

std::uint32_t run_race(std::uint64_t agent, const std::vector<double>& weights, std::uint32_t without = Race::nobody) {
    Race race(luck, Purpose::test, agent, month);
    for (std::uint32_t a = 0; a < weights.size(); ++a) {
        if (a != without) race.enter(a, weights[a]);
    }
    return race.winner();
}

TEST(Race, FrequenciesFollowTheMultinomialLogit) {
    const std::vector<double> weights{1.0, 2.0, 4.0, 0.5, 2.5};
    std::array<int, 5> chosen{};
    constexpr int agents = 200000;
    for (std::uint64_t agent = 0; agent < agents; ++agent) ++chosen[run_race(mix64(agent), weights)];
    double chi_square = 0;
    for (std::size_t a = 0; a < weights.size(); ++a) {
        const double expected = agents * weights[a] / 10.0;
        chi_square += (chosen[a] - expected) * (chosen[a] - expected) / expected;
    }
    EXPECT_LT(chi_square, 18.47);  // 99.9 % of chi square with 4 degrees of freedom
}

TEST(Race, WithdrawingAnAlternativeMovesOnlyThoseWhoChoseIt) {
    const std::vector<double> weights{1.0, 2.0, 4.0, 0.5, 2.5};
    for (std::uint64_t agent = 0; agent < 5000; ++agent) {
        const std::uint32_t before = run_race(mix64(agent), weights);
        const std::uint32_t after = run_race(mix64(agent), weights, 2);
        if (before != 2)
            EXPECT_EQ(before, after);
        else
            EXPECT_NE(after, 2U);
    }
}

TEST(Race, OrderOfEntryDoesNotMatter) {
    const std::vector<double> weights{1.0, 2.0, 4.0, 0.5, 2.5};
    for (std::uint64_t agent = 0; agent < 1000; ++agent) {
        Race backwards(luck, Purpose::test, agent, month);
        for (std::uint32_t a = 5; a-- > 0;) backwards.enter(a, weights[a]);
        EXPECT_EQ(backwards.winner(), run_race(agent, weights));
    }
}

TEST(Race, NothingPositiveMeansNobody) {
    EXPECT_EQ(run_race(1, {0.0, 0.0, -1.0}), Race::nobody);
    EXPECT_EQ(run_race(1, {}), Race::nobody);
    EXPECT_EQ(run_race(1, {0.0, 3.0, 0.0}), 1U);
}

}  // namespace
}  // namespace hutong
