#include "analysis/sampling.h"

#include <gtest/gtest.h>

namespace hutong {
namespace {

TEST(Sampling, LatinHypercubeHasOnePointInEveryStratum) {
    const std::vector<Varied> parameters{{.path = "a"}, {.path = "b"}, {.path = "c"}};
    constexpr std::size_t count = 37;
    const Points points = latin_hypercube(parameters, count, 9);
    for (std::size_t p = 0; p < parameters.size(); ++p) {
        std::vector<int> hit(count, 0);
        for (const auto& point : points) ++hit.at(static_cast<std::size_t>(point[p] * count));
        for (const int times : hit) EXPECT_EQ(times, 1);
    }
    EXPECT_EQ(latin_hypercube(parameters, count, 9), points);
    EXPECT_NE(latin_hypercube(parameters, count, 10), points);
}

TEST(Sampling, AnotherParameterLeavesTheOthersAsTheyAre) {
    const Points two = random_points({{.path = "a"}, {.path = "b"}}, 5, 1, 1);
    const Points three = random_points({{.path = "a"}, {.path = "new"}, {.path = "b"}}, 5, 1, 1);
    for (std::size_t i = 0; i < two.size(); ++i) {
        EXPECT_EQ(two[i][0], three[i][0]);
        EXPECT_EQ(two[i][1], three[i][2]);
    }
}

TEST(Sampling, GridHasEveryCombination) {
    const Points points = grid({{.path = "a", .levels = 3}, {.path = "b"}}, 2);
    ASSERT_EQ(points.size(), 6U);
    EXPECT_EQ(points.front(), (std::vector<double>{0, 0}));
    EXPECT_EQ(points.back(), (std::vector<double>{1, 1}));
}

TEST(Sampling, ParametersAreSetFromTheirDeclaration) {
    const Scenario scenario;
    const Varied fertility = parse_varied(scenario, "assumption.people.fertility_factor");
    EXPECT_LT(fertility.low, fertility.high);
    const Scenario moved = at_point(scenario, {fertility}, {1.0});
    EXPECT_DOUBLE_EQ(moved.assumptions.people.fertility_factor, fertility.high);
    EXPECT_NE(moved.hash, scenario.hash);
    const Varied mode = parse_varied(scenario, "policy.allocation.mode");
    ASSERT_GE(mode.choices.size(), 2U);
    EXPECT_EQ(at_point(scenario, {mode}, {0.999}).policy.at(Month::of(2020, 1)).allocation.mode, mode.choices.back());
    EXPECT_EQ(at_point(scenario, {mode}, {0.0}).policy.at(Month::of(2020, 1)).allocation.mode, mode.choices.front());
}

TEST(Sampling, RefusesUnknownParametersAndBadRanges) {
    const Scenario scenario;
    EXPECT_THROW(parse_varied(scenario, "assumption.people.fertility_facto"), Error);
    EXPECT_THROW(parse_varied(scenario, "assumption.people.fertility_factor=2:1"), Error);
    EXPECT_THROW(parse_varied(scenario, "assumption.people.fertility_factor=1:1e9"), Error);
    EXPECT_THROW(parse_varied(scenario, "assumption.people.fertility_factor=1:x"), Error);
    EXPECT_THROW(parse_varied(scenario, "assumption.people.fertility_factor=1"), Error);
    EXPECT_THROW(parse_varied(scenario, "assumption.people.fertility_factor=1:2:0"), Error);
}

TEST(Sampling, AssumptionsThatDeclareARangeAreAllDrawn) {
    const Scenario scenario;
    const auto all = assumptions_with_ranges(scenario);
    EXPECT_GT(all.size(), 30U);
    for (const Varied& one : all) EXPECT_LT(one.low, one.high) << one.path;
}

}  // namespace
}  // namespace hutong
